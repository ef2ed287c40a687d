"""What look-ups over many orders give, as plain values. Never a recipient."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from core.entities import AfterSale, ClosedReason, Extra, MerchantTab, OrderStatus


class AskedParcel(NamedTuple):
    """A parcel its merchant is asked about now."""

    order_id: int
    assignment_id: int
    carrier: str
    number: str


class CodeSeen(NamedTuple):
    """A product code that occurs, and a line that has it."""

    line_id: int
    code: str


@dataclass(frozen=True, slots=True)
class OrderStanding:
    """Where an order stands (`core.orders.standing.Standing`), and no more."""

    id: int
    order_no: str
    status: OrderStatus
    after_sale: AfterSale
    closed_reason: ClosedReason | None
    held_at: datetime | None
    let_go_at: datetime | None
    complete: bool
    tab: MerchantTab


@dataclass(frozen=True, slots=True)
class ShippedRow:
    """A product in a parcel, as 对账 lists it. Never a recipient."""

    shipment_id: int
    shipped_at: datetime
    order_id: int
    order_no: str
    platform: str
    sub_order_no: str
    product: str
    spec: str
    code: str
    pieces: int
    carrier: str
    tracking_number: str
    tag: str
    partner: str
    partner_id: int
    extra: Extra


class TrailRow(NamedTuple):
    """One act of an order's audit, with the name of who did it."""

    id: int
    at: datetime
    act: str
    door: str
    shop_id: int | None
    person: str
    detail: dict[str, Any]
