"""What programs read of an assignment, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.entities import AfterSale, AssignmentStatus, Extra, OrderStatus, Verdict
from core.orders.views import LineView
from core.values import MaskedRecipient


@dataclass(frozen=True, slots=True)
class ParcelFacts:
    """One parcel of an assignment."""

    id: int
    assignment_id: int
    order_id: int
    carrier: str
    number: str
    pieces: int
    shipped_at: datetime
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """An assignment as a program reads it.

    `stopped` is why it must not ship; `changed` whether a change waits to be acknowledged. `lines`
    are all pieces it owns, shipped or not.
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
    lines: Sequence[LineView] = ()
    parcels: Sequence[ParcelFacts] = ()


@dataclass(frozen=True, slots=True)
class Stand:
    """What a page reads of an assignment beside what packing asks (`PackRow`)."""

    changed_at: datetime | None
    assigned_at: datetime
    held_until: datetime | None
    ended_at: datetime | None
    recipient: MaskedRecipient | None


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line of a merchant's order; `number` is the line's own in its order."""

    number: str
    product: str
    spec: str
    code: str
    quantity: int
    extra: Extra


@dataclass(frozen=True, slots=True)
class GivenFacts:
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


@dataclass(frozen=True, slots=True)
class OrderFacts:
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
    lines: Sequence[OwnLine] = ()
    assignments: Sequence[GivenFacts] = ()
    parcels: Sequence[ParcelFacts] = ()
