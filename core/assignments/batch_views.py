"""What use cases over many orders at once give and take, as plain values."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from core.entities import AfterSale, AssignmentStatus, ClosedReason, Extra
from core.orders.views import LineView, PackRow

Packed = tuple[PackRow, Sequence[LineView]]  # an order, and what of it is still to be sent


class Given(NamedTuple):
    """What one 确认分配 hands to the factory: orders, and pieces of their lines."""

    orders: int
    pieces: int


class Answerable(NamedTuple):
    """An assignment as far as a bulk answer must know it."""

    id: int
    tag: str
    extra: Extra
    order_no: str
    merchant_id: int
    binding_id: int
    status: AssignmentStatus
    after_sale: AfterSale
    closed_reason: ClosedReason | None
    held_at: datetime | None
    let_go_at: datetime | None
    order_id: int
    sort_at: datetime
    held_until: datetime | None
    held_reason: str


class HeldOrder(NamedTuple):
    """An assignment whose 缺货等待 day has come; `held`: it still waits."""

    id: int
    merchant_id: int
    factory_id: int
    held: bool


class BatchRow(NamedTuple):
    """A batch in a list: what it gave, and how much of that is open."""

    draft_id: int
    merchant_name: str
    given_at: datetime
    given: int
    open: int
