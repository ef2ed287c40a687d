"""What programs ask and read of orders and assignments, as plain values."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from core.entities import (
    AfterSale,
    AssignmentStatus,
    ClosedReason,
    Extra,
    OrderStatus,
    Verdict,
)
from core.orders.views import LineView
from core.values import Door, MaskedRecipient


class Fed(NamedTuple):
    """An item of the feed with the act it points at."""

    id: int
    act: str
    at: datetime
    door: Door
    order_id: int
    assignment_id: int | None


class KeyHolder(NamedTuple):
    """A living key whose maker is a member of its shop, which is open."""

    key_id: int
    account_id: int
    shop_id: int
    scopes: str
    last_used_at: datetime | None


class PageAsked(NamedTuple):
    """At most `limit` behind id `after`, in these statuses where some are named.

    With `since`, a cursor of the feed: only what something has happened to after it. Nothing that
    stands throughout is missed or doubled, whatever changes between two pages.
    """

    after: int
    limit: int
    statuses: Sequence[str] = ()
    since: int | None = None


class ParcelFacts(NamedTuple):
    """One parcel of an assignment."""

    id: int
    assignment_id: int
    order_id: int
    carrier: str
    number: str
    pieces: int
    shipped_at: datetime
    verdict: Verdict


class AssignmentFacts(NamedTuple):
    """An assignment as a program reads it.

    `stopped` is why it must not ship, be it that it is over; `changed` whether a change waits to be
    acknowledged. `lines` are all pieces it owns, shipped or not.
    """

    id: int
    tag: str
    order_id: int
    order_no: str
    platform: str
    extra: Extra
    status: AssignmentStatus
    stopped: str | None
    changed: bool
    merchant: str
    buyer_said: str  # notes as anybody may read them
    seller_said: str
    ship_by: datetime | None
    assigned_at: datetime
    held_until: datetime | None
    recipient: MaskedRecipient | None
    lines: Sequence[LineView]
    parcels: Sequence[ParcelFacts]


class AssignmentStand(NamedTuple):
    """An assignment as it is kept; the masks are None once its recipient is erased."""

    id: int
    tag: str
    order_id: int
    order_no: str
    platform: str
    extra: Extra
    status: AssignmentStatus
    after_sale: AfterSale
    closed_reason: ClosedReason | None
    held_at: datetime | None
    let_go_at: datetime | None
    changed_at: datetime | None
    merchant_name: str
    ship_by: datetime | None
    assigned_at: datetime
    held_until: datetime | None
    ended_at: datetime | None
    masked_name: str | None
    masked_phone: str | None
    masked_address: str | None


class OwnLine(NamedTuple):
    """A line of a merchant's order; `number` is the line's own in its order."""

    number: str
    product: str
    spec: str
    code: str
    quantity: int
    extra: Extra


class GivenFacts(NamedTuple):
    """Where an order went: one assignment of it."""

    id: int
    order_id: int
    tag: str
    factory: str
    factory_name: str
    extra: Extra
    status: AssignmentStatus
    declined: str
    assigned_at: datetime
    held_until: datetime | None


class OrderFacts(NamedTuple):
    """A merchant's order as its programs read it; `stopped` is why it must not ship."""

    id: int
    order_no: str
    platform: str
    status: OrderStatus
    stopped: str | None
    after_sale: AfterSale
    on_hold: bool
    complete: bool
    revision: int
    buyer_said: str  # notes as anybody may read them
    seller_said: str
    paid_at: datetime | None
    ship_by: datetime | None
    created_at: datetime
    updated_at: datetime
    recipient: MaskedRecipient | None
    lines: Sequence[OwnLine]
    assignments: Sequence[GivenFacts]
    parcels: Sequence[ParcelFacts]


class OrderStand(NamedTuple):
    """An order as it is kept; the masks are None once its recipient is erased."""

    id: int
    order_no: str
    platform: str
    status: OrderStatus
    after_sale: AfterSale
    closed_reason: ClosedReason | None
    held_at: datetime | None
    let_go_at: datetime | None
    complete: bool
    revision: int
    paid_at: datetime | None
    ship_by: datetime | None
    created_at: datetime
    updated_at: datetime
    masked_name: str | None
    masked_phone: str | None
    masked_address: str | None


def masked(stand: AssignmentStand | OrderStand) -> MaskedRecipient | None:
    """Return the recipient as it may be shown in passing; None once it is erased."""
    name, phone, address = stand[-3:]
    return None if name is None else MaskedRecipient(name, phone or "", address or "")


def waits_until(status: str, held_until: datetime | None) -> datetime | None:
    """Return until when it waits for goods; the day is kept when it waits no more."""
    return held_until if status == "held" else None
