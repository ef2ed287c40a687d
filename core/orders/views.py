"""What a person may see, as plain values: rows of lists and the facts on a card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, NamedTuple, TypeVar

from core.answers.claim_views import ClaimView
from core.answers.question_views import QuestionView
from core.changes.change_views import NoticeView
from core.entities import (
    AfterSale,
    Assignment,
    AssignmentStatus,
    AssignRule,
    Binding,
    BindingStatus,
    ClosedReason,
    Extra,
    Order,
    OrderChange,
    OrderLine,
    OrderStatus,
    PlatformCall,
    Shipment,
    Shop,
    Ticket,
)
from core.values import NO_NOTES, MaskedRecipient, OrderNotes, ShipFrom

R = TypeVar("R")


class Cursor(NamedTuple):
    """A place in a keyset list: before or after this row, never counted."""

    sort_at: datetime
    id: int
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Rows of one page; a cursor is None where there is nothing more on that side."""

    rows: Sequence[R]
    before: Cursor | None
    after: Cursor | None
    cut: Literal["", "before", "after"] = ""  # the side on which not every row was looked at


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A line of the merchant's list. Never a recipient."""

    id: int
    order_no: str
    product: str
    pieces: int
    status: OrderStatus
    after_sale: AfterSale
    closed_reason: ClosedReason | None
    held_at: datetime | None
    let_go_at: datetime | None
    complete: bool
    ship_by: datetime | None
    sort_at: datetime
    declined: str = ""  # why its last factory gave it back
    held_until: datetime | None = None
    recall_asked: bool = False


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A line of the factory's list. Never a recipient."""

    id: int
    tag: str
    order_no: str
    product: str
    pieces: int
    status: AssignmentStatus
    changed: bool
    stopped: bool
    ship_by: datetime | None
    sort_at: datetime
    extra: Extra = ""
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BindingRow:
    """A bound (or pending) shop as one side sees it."""

    id: int
    shop_id: int
    number: str
    name: str
    alias: str
    status: BindingStatus
    open_count: int


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """An order in a selection: what it was when taken in (`taken`), what it is now."""

    id: int
    order_no: str
    pieces: int
    sort_at: datetime
    taken: int
    revision: int
    blocked: str | None  # why it cannot be assigned now: `core.orders.standing.unassignable_reason`


@dataclass(frozen=True, slots=True)
class ShopProfile:
    """A shop as its own people see it. `mine`: the one who looks is its owner."""

    shop: Shop
    ship_from: ShipFrom | None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class BindingView:
    """A binding as one side sees it; of `opened`, `unshipped` and `part_shipped`."""

    binding: Binding
    mine: Shop
    other: Shop
    other_ship_from: ShipFrom | None
    opened: int
    unshipped: int
    part_shipped: int
    begun: int = 0  # of the unshipped: accepted, or the recipient looked at; in the preview only

    @property
    def alias(self) -> str:
        """Return what I call the other side."""
        mine = self.binding.merchant_alias, self.binding.factory_alias
        return mine[0] if self.mine.role == "merchant" else mine[1]

    @property
    def other_name(self) -> str:
        """Return my name for the other side, else its own."""
        return self.alias or self.other.name


@dataclass(frozen=True, slots=True)
class LineView:
    """A product on a card: `quantity` pieces of it belong here."""

    product: str
    spec: str
    code: str
    quantity: int


class FoundOrder(NamedTuple):
    """An order as a factory was given it, found by what somebody wrote of it."""

    assignment_id: int
    tag: str
    order_id: int
    order_no: str
    merchant_id: int
    factory_id: int
    binding_id: int
    status: AssignmentStatus
    created_at: datetime  # when the order came in
    after_sale: AfterSale
    closed_reason: ClosedReason | None
    held_at: datetime | None
    let_go_at: datetime | None
    extra: Extra


class Numbered(NamedTuple):
    """A parcel of an assignment, and its number."""

    assignment_id: int
    shipment_id: int
    carrier: str
    number: str


class NumberUse(NamedTuple):
    """A parcel that carries a tracking number already."""

    number: str
    order_id: int
    merchant_id: int
    shipped_at: datetime


class OldNumber(NamedTuple):
    """A number a parcel had before it was corrected: when, and by whom."""

    shipment_id: int
    carrier: str
    number: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PackRow:
    """What packing an assignment needs to know of it, short of the recipient."""

    id: int
    tag: str
    status: AssignmentStatus
    extra: Extra
    order_id: int
    order_no: str
    platform: str
    complete: bool
    after_sale: AfterSale
    closed_reason: ClosedReason | None
    held_at: datetime | None
    let_go_at: datetime | None
    ship_by: datetime | None
    merchant_id: int
    merchant_name: str
    ended: bool
    buyer_note: str = ""
    seller_note: str = ""


@dataclass(frozen=True, slots=True)
class ExtraView:
    """A gift, resend or exchange as the merchant sees it."""

    assignment: Assignment
    lines: Sequence[LineView]
    factory_name: str
    shipments: Sequence[Shipment]
    recallable: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """What one factory has of an order that was split."""

    assignment: Assignment
    lines: Sequence[LineView]
    factory_name: str


@dataclass(frozen=True, slots=True)
class OrderCard:
    """Everything a merchant sees of an order."""

    order: Order
    lines: Sequence[OrderLine]
    recipient: MaskedRecipient | None
    assignment: Assignment | None
    factory_name: str
    shipments: Sequence[Shipment]
    extras: Sequence[ExtraView] = ()
    packed: Mapping[int, int] = field(default_factory=dict)  # how many pieces each parcel holds
    old_numbers: Sequence[OldNumber] = ()
    changes: int = 0  # how often it changed, the last time at `order.updated_at`
    notices: Sequence[NoticeView] = ()  # the latest changes told to a factory, newest first
    parts: Sequence[PartView] = ()  # what each factory has of it, where it is more than one's
    unowned: Sequence[tuple[OrderLine, int]] = ()  # pieces nobody has while somebody has others
    splittable: bool = False
    rule: AssignRule | None = None  # that made `assignment`
    question: QuestionView | None = None
    claims: Sequence[ClaimView] = ()
    calls: Sequence[PlatformCall] = ()  # what its platform was told, or is to be
    notes: OrderNotes = NO_NOTES


@dataclass(frozen=True, slots=True)
class AssignmentCard:
    """Everything a factory sees of an order it was given, short of the recipient.

    `packed` is how many pieces each parcel holds; `together` are the tags of other open orders of
    this merchant that go to the same recipient.
    """

    assignment: Assignment
    order: Order
    lines: Sequence[LineView]
    recipient: MaskedRecipient | None
    merchant_name: str
    sender: ShipFrom | None
    shipments: Sequence[Shipment]
    changes: Sequence[OrderChange]
    stopped: str | None
    packed: Mapping[int, int] = field(default_factory=dict)
    old_numbers: Sequence[OldNumber] = ()
    together: Sequence[str] = ()
    question: QuestionView | None = None
    ticket: Ticket | None = None  # the newest e-waybill, if there ever was one
    drawable: bool = False  # an e-waybill can be drawn for it
    notes: OrderNotes = NO_NOTES
