"""Every question the business asks of what is kept, grouped by noun. `storage.store` answers.

A `Store` lives for one visit: one transaction, one `now`. Nothing here awaits.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from core import entities as e
from core.events import Event
from core.ports.chats import AlertPort, ChatPort
from core.ports.clock import ClockPort
from core.ports.days import DayPort
from core.ports.drafts import DraftPort, JobPort
from core.ports.erasing import ErasingPort
from core.ports.notices import NoticePort
from core.ports.orders import AssignmentPort, LookPort, OrderPort, ShipmentPort
from core.ports.people import AccountPort, BindingPort, ShopPort
from core.ports.photos import PhotoPort
from core.ports.platforms import PlatformPort
from core.ports.programs import ProgramPort
from core.ports.questions import QuestionPort
from core.ports.rules import RulePort
from core.ports.tickets import TicketPort
from core.ports.webhooks import WebhookPort
from core.values import Actor, Probe

T = TypeVar("T")

__all__ = [
    "AccountPort",
    "AlertPort",
    "AssignmentPort",
    "BindingPort",
    "ChatPort",
    "ClockPort",
    "DayPort",
    "DraftPort",
    "ErasingPort",
    "JobPort",
    "LookPort",
    "NoticePort",
    "OrderPort",
    "PhotoPort",
    "PlatformPort",
    "ProgramPort",
    "QuestionPort",
    "RulePort",
    "ShipmentPort",
    "ShopPort",
    "Store",
    "TicketPort",
    "WebhookPort",
]


class Store(Protocol):
    """One visit to everything that is kept."""

    now: datetime

    @property
    def accounts(self) -> AccountPort: ...
    @property
    def shops(self) -> ShopPort: ...
    @property
    def bindings(self) -> BindingPort: ...
    @property
    def orders(self) -> OrderPort: ...
    @property
    def assignments(self) -> AssignmentPort: ...
    @property
    def shipments(self) -> ShipmentPort: ...
    @property
    def drafts(self) -> DraftPort: ...
    @property
    def chats(self) -> ChatPort: ...
    @property
    def alerts(self) -> AlertPort: ...
    @property
    def clock(self) -> ClockPort: ...
    @property
    def jobs(self) -> JobPort: ...
    @property
    def looks(self) -> LookPort: ...
    @property
    def photos(self) -> PhotoPort: ...
    @property
    def notices(self) -> NoticePort: ...
    @property
    def rules(self) -> RulePort: ...
    @property
    def questions(self) -> QuestionPort: ...
    @property
    def programs(self) -> ProgramPort: ...
    @property
    def webhooks(self) -> WebhookPort: ...
    @property
    def platforms(self) -> PlatformPort: ...
    @property
    def tickets(self) -> TicketPort: ...
    @property
    def erasing(self) -> ErasingPort: ...
    @property
    def days(self) -> DayPort: ...
    def counts(self, shop_id: int) -> dict[str, int]: ...
    def add_up(self) -> None: ...
    def emit(self, event: Event, to: int) -> None: ...
    def emit_all(self, events: Sequence[Event], to: int) -> None: ...
    def emit_to(self, event: Event, shop_id: int, accounts: Sequence[int]) -> None: ...
    def record(
        self, actor: Actor | None, act: str, *, order_id: int | None = None, **detail: Any
    ) -> None: ...
    def record_all(self, actor: Actor | None, act: str, rows: Sequence[dict[str, Any]]) -> None: ...
    def record_batch(self, actor: Actor, act: str, draft_id: int) -> None: ...
    def record_each(
        self, actor: Actor | None, act: str, ids: Sequence[int], *, reasons: bool = False
    ) -> None: ...
    def history(self, order_id: int) -> Sequence[e.AuditRow]: ...
    def flush(self) -> None: ...
    def probe(self) -> Probe: ...
    def attempt(self, work: Callable[[], T]) -> T: ...
