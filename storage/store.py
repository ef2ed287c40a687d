"""The Store: one visit's answers to everything the business asks (`core.ports.Store`).

Each noun has its own module; they share the visit's session, its `now` and the sealer.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import select, text
from sqlmodel import Session, col

from core.entities import AuditRow, KeyMark
from core.events import Event
from core.values import Actor, Probe
from storage import trail
from storage.counters import Counters
from storage.feeding import Feeding
from storage.nouns.accounts import AccountStore
from storage.nouns.alerts import AlertStore
from storage.nouns.assignments import AssignmentStore
from storage.nouns.base import Lasting
from storage.nouns.bindings import BindingStore
from storage.nouns.chats import ChatStore
from storage.nouns.clock import ClockStore
from storage.nouns.days import DayStore
from storage.nouns.drafts import DraftStore
from storage.nouns.erasing import ErasingStore
from storage.nouns.jobs import JobStore
from storage.nouns.looks import LookStore
from storage.nouns.notices import NoticeStore
from storage.nouns.orders import OrderStore
from storage.nouns.photos import PhotoStore
from storage.nouns.platforms import PlatformStore
from storage.nouns.programs import ProgramStore
from storage.nouns.questions import QuestionStore
from storage.nouns.rules import RuleStore
from storage.nouns.shipments import ShipmentStore
from storage.nouns.shops import ShopStore
from storage.nouns.tickets import TicketStore
from storage.nouns.webhooks import WebhookStore
from storage.owing import chats_of_people, chats_of_shop, owe
from storage.probing import probe
from storage.rows import insert_rows
from storage.sealing import Sealer

T = TypeVar("T")


class SqlStore:
    """`core.ports.Store` over one SQLModel session."""

    def __init__(self, session: Session, sealer: Sealer, now: datetime) -> None:
        self.session = session
        self.sealer = sealer
        self.now = now
        self.counters = Counters(session)
        self.lasting: Lasting = {}
        self._feeding = Feeding(session, now)

    @cached_property
    def accounts(self) -> AccountStore:
        """People."""
        return AccountStore(self)

    @cached_property
    def shops(self) -> ShopStore:
        """Shops."""
        return ShopStore(self)

    @cached_property
    def bindings(self) -> BindingStore:
        """Bindings."""
        return BindingStore(self)

    @cached_property
    def orders(self) -> OrderStore:
        """Orders."""
        return OrderStore(self)

    @cached_property
    def assignments(self) -> AssignmentStore:
        """Assignments."""
        return AssignmentStore(self)

    @cached_property
    def shipments(self) -> ShipmentStore:
        """Parcels."""
        return ShipmentStore(self)

    @cached_property
    def drafts(self) -> DraftStore:
        """Prepared work."""
        return DraftStore(self)

    @cached_property
    def chats(self) -> ChatStore:
        """What chats were shown."""
        return ChatStore(self)

    @cached_property
    def alerts(self) -> AlertStore:
        """The outbox."""
        return AlertStore(self)

    @cached_property
    def clock(self) -> ClockStore:
        """What is due."""
        return ClockStore(self)

    @cached_property
    def jobs(self) -> JobStore:
        """Long work."""
        return JobStore(self)

    @cached_property
    def looks(self) -> LookStore:
        """Looks at recipients."""
        return LookStore(self)

    @cached_property
    def photos(self) -> PhotoStore:
        """Photos of waybills."""
        return PhotoStore(self)

    @cached_property
    def notices(self) -> NoticeStore:
        """Changes told to factories."""
        return NoticeStore(self)

    @cached_property
    def platforms(self) -> PlatformStore:
        """Shops linked to platforms."""
        return PlatformStore(self)

    @cached_property
    def tickets(self) -> TicketStore:
        """E-waybills."""
        return TicketStore(self)

    @cached_property
    def erasing(self) -> ErasingStore:
        """What is to be erased."""
        return ErasingStore(self)

    @cached_property
    def days(self) -> DayStore:
        """Days and their digests."""
        return DayStore(self)

    @cached_property
    def rules(self) -> RuleStore:
        """Auto-assign rules."""
        return RuleStore(self)

    @cached_property
    def questions(self) -> QuestionStore:
        """Questions about orders."""
        return QuestionStore(self)

    @cached_property
    def programs(self) -> ProgramStore:
        """Programs of shops."""
        return ProgramStore(self)

    @cached_property
    def webhooks(self) -> WebhookStore:
        """Where programs are told what happened."""
        return WebhookStore(self)

    def key_mark(self, fingerprint: str) -> bool:
        """Keep which key ring seals this database; False when it was another one."""
        kept = self.session.scalars(select(KeyMark)).one_or_none()
        if kept is None:
            self.session.add(KeyMark(fingerprint=fingerprint, since=self.now))
            return True
        return kept.fingerprint == fingerprint

    def troubles(self) -> str:
        """Return what the database itself finds wrong with its file; empty when it is whole."""
        if self.session.get_bind().dialect.name != "sqlite":
            return ""
        found = self.session.execute(text("PRAGMA quick_check")).scalars().all()
        return "" if found == ["ok"] else "; ".join(found[:3])

    def flush(self) -> None:
        """Write pending changes of entities, so that statements see them."""
        self.session.flush()

    def probe(self) -> Probe:
        """Write something, and tell how the house stands."""
        return probe(self.session, self.now)

    def attempt(self, work: Callable[[], T]) -> T:
        """Run one of several things a visit does: if it raises, nothing of it alone happened."""
        with self.session.begin_nested():
            return work()

    def counts(self, shop_id: int) -> dict[str, int]:
        """Return the shop's counters by name."""
        return self.counters.of(shop_id)

    def add_up(self) -> None:
        """Add up the shifts of counts that stand apart: where many write at once."""
        self.counters.fold()

    def emit(self, event: Event, to: int) -> None:
        """Owe `event` to every chat of shop `to`, in this transaction."""
        self.emit_all([event], to)

    def emit_all(self, events: Sequence[Event], to: int) -> None:
        """Owe these events, in order, to every chat of shop `to`: its group, else its people's."""
        owe(self.session, self.now, to, events, chats_of_shop(self.session, to))

    def emit_to(self, event: Event, shop_id: int, accounts: Sequence[int]) -> None:
        """Owe an event about a shop to these people's private chats, members or not."""
        owe(self.session, self.now, shop_id, [event], chats_of_people(self.session, accounts))

    def record(
        self, actor: Actor | None, act: str, *, order_id: int | None = None, **detail: Any
    ) -> None:
        """Append one audit row. `detail` holds ids and words, never a recipient."""
        self.record_all(actor, act, [{"order_id": order_id, **detail}])

    def record_all(self, actor: Actor | None, act: str, rows: Sequence[dict[str, Any]]) -> None:
        """Append an audit row per item; its `order_id` becomes the column, the rest the detail."""
        values = [
            {
                "at": self.now,
                "account_id": actor.account_id if actor else None,
                "shop_id": actor.shop_id if actor else None,
                "order_id": row.get("order_id"),
                "door": actor.door if actor else "tick",
                "act": act,
                "detail": {name: value for name, value in row.items() if name != "order_id"},
            }
            for row in rows
        ]
        if values:
            self._feeding.begin()
            insert_rows(self.session, AuditRow, values)

    def record_batch(self, actor: Actor, act: str, draft_id: int) -> None:
        """Append an audit row for every assignment of a batch."""
        self._feeding.begin()
        trail.record_batch(self.session, self.now, actor, act, draft_id)

    def record_each(
        self, actor: Actor | None, act: str, ids: Sequence[int], *, reasons: bool = False
    ) -> None:
        """Append an audit row for each of these assignments; with `reasons`, why declined."""
        self._feeding.begin()
        trail.record_each(self.session, self.now, actor, act, ids, reasons=reasons)

    def history(self, order_id: int) -> Sequence[AuditRow]:
        """Return everything that happened to an order, oldest first."""
        return self.session.scalars(
            select(AuditRow).where(col(AuditRow.order_id) == order_id).order_by(col(AuditRow.id))
        ).all()


def store_maker(
    sealer: Sealer, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Callable[[Session], SqlStore]:
    """Return what `Database.open` needs: a store for each visit, with that visit's `now`."""
    return lambda session: SqlStore(session, sealer, clock())
