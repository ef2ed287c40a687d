"""What is due, and when a chat is left alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from core import entities as e
from core.entities import AfterSale, AssignmentStatus, ClosedReason, Extra
from core.orders.views import AssignmentRow, Cursor, OrderRow, Page


class DueRow(NamedTuple):
    """An assignment as the clock looks at it: whose it is, when it is due, what stops it."""

    id: int
    order_id: int
    merchant_id: int
    factory_id: int
    binding_id: int
    tag: str
    order_no: str
    status: AssignmentStatus
    extra: Extra
    sort_at: datetime
    held_until: datetime | None
    remind_at: datetime | None
    silent_at: datetime | None
    looked_at: datetime | None
    ended_at: datetime | None
    changed_at: datetime | None
    after_sale: AfterSale
    closed_reason: ClosedReason | None
    held_at: datetime | None
    let_go_at: datetime | None


class ClockPort(Protocol):
    """Due work in bounded portions, each found by an index, and quiet hours."""

    def reminders_due(self, limit: int) -> Sequence[DueRow]: ...
    def set_reminders(self, moments: Sequence[tuple[int, datetime | None]]) -> None: ...
    def silent_due(self, limit: int) -> Sequence[DueRow]: ...
    def end_silence(self, assignment_ids: Sequence[int], again: datetime | None) -> None: ...
    def repeated(self, notices: Sequence[tuple[int, datetime]]) -> None: ...
    def put_off(self, notices: Sequence[tuple[int, datetime]]) -> None: ...
    def escalated(self, notice_ids: Sequence[int]) -> None: ...
    def unseen_of(self, assignment_ids: Sequence[int]) -> set[int]: ...
    def rows(self, assignment_ids: Sequence[int]) -> Sequence[DueRow]: ...
    def nearest(self, factory_id: int, until: datetime, limit: int) -> Sequence[DueRow]: ...
    def untouched(self, binding_id: int, before: datetime, limit: int) -> Sequence[DueRow]: ...
    def late_orders(
        self, merchant_id: int, cursor: Cursor | None, limit: int
    ) -> Page[OrderRow]: ...
    def late_assignments(
        self, factory_id: int, cursor: Cursor | None, limit: int
    ) -> Page[AssignmentRow]: ...
    def late_count(self, shop: e.Shop, most: int) -> int: ...
    def hears_from(self, shop_id: int) -> datetime | None: ...
    def quiet_of(self, chat_id: int) -> e.QuietHours | None: ...
    def set_quiet(self, chat_id: int, span: tuple[int, int] | None) -> None: ...
