"""Where an order stands: status, tab and place in the lists, derived from its pieces."""

from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from core.entities import (
    AfterSale,
    AssignmentStatus,
    ClosedReason,
    FactoryTab,
    MerchantTab,
    Order,
    OrderStatus,
)

# Platforms expect shipping within 48 h of payment where they name no deadline.
USUAL_DEADLINE = timedelta(hours=48)

FACTORY_TAB: dict[AssignmentStatus, FactoryTab] = {
    "assigned": "to_ship",
    "accepted": "to_ship",
    "held": "to_ship",
    "recall_asked": "to_ship",
    "part_shipped": "to_ship",
    "shipped": "shipped",
    "declined": "ended",
    "recalled": "ended",
    "cancelled": "ended",
}


class Pieces(NamedTuple):
    """How many pieces an order has, how many a factory owes, how many left in parcels."""

    ordered: int
    owed: int
    shipped: int


class Stoppable(Protocol):
    """The columns that say whether shipping must stop: of an `Order`, or of a row."""

    @property
    def after_sale(self) -> AfterSale: ...
    @property
    def closed_reason(self) -> ClosedReason | None: ...
    @property
    def held_at(self) -> datetime | None: ...
    @property
    def let_go_at(self) -> datetime | None: ...


class Dated(Protocol):
    """The columns that say when an order must ship: of an `Order`, or of a row."""

    @property
    def ship_by(self) -> datetime | None: ...
    @property
    def paid_at(self) -> datetime | None: ...
    @property
    def created_at(self) -> datetime: ...


def order_status(order: Stoppable, pieces: Pieces) -> OrderStatus:
    """Derive the status. A closed order stays closed unless parcels are already out."""
    if pieces.shipped >= pieces.ordered > 0:
        return "shipped"
    if pieces.shipped:
        return "part_shipped"
    if order.closed_reason is not None:
        return "closed"
    return "assigned" if pieces.owed else "unassigned"


def merchant_tab(order: Stoppable, status: OrderStatus, pieces: Pieces) -> MerchantTab:
    """Return the merchant's tab: what must not be shipped needs eyes of its own.

    An order whose import was undone stands in no list. Pieces no factory owes yet, in an order
    that grew after it shipped too, wait to be assigned.
    """
    if order.closed_reason == "undone":
        return "undone"
    if stop_reason(order) is not None:
        return "stopped"
    if status == "unassigned" or pieces.owed < pieces.ordered:
        return "unassigned"
    return "shipped" if status == "shipped" else "to_ship"


def deadline(order: Dated) -> datetime:
    """Return when the order must ship: as the platform says, else the usual 48 h."""
    return order.ship_by or (order.paid_at or order.created_at) + USUAL_DEADLINE


class Standing(Stoppable, Protocol):
    """The columns that say where an order stands: of an `Order`, or of a row."""

    @property
    def status(self) -> OrderStatus: ...
    @property
    def tab(self) -> MerchantTab: ...
    @property
    def complete(self) -> bool: ...


def stop_reason(order: Stoppable, extra: str = "") -> str | None:
    """Return why shipping must stop (`OrderStopped.reason`), or None. The one place that decides.

    In this order: closed, refunded, an after-sale that is open and was not let go, held. A resend
    or an exchange goes on: an after-sale is often why it is sent.
    """
    if extra in ("resend", "exchange"):
        return None
    if order.closed_reason is not None:
        return order.closed_reason
    if order.after_sale == "refunded":
        return "refunded"
    if order.after_sale == "open" and order.let_go_at is None:
        return "refund_open"
    return "on_hold" if order.held_at is not None else None


def set_after_sale(order: Order, after_sale: AfterSale) -> None:
    """Set where an order's after-sale stands. A letting go answers the after-sale that was open.

    So the same news again leaves it, and once that after-sale has closed, the next one stops the
    order anew. That no older news comes after newer is `Order.as_of`'s.
    """
    if order.after_sale != after_sale:
        order.after_sale, order.let_go_at = after_sale, None


def unassignable_reason(order: Standing) -> str | None:
    """Return why the order cannot be assigned now (a `Skipped.reason`), or None."""
    stopped = stop_reason(order)
    if stopped is not None:
        return stopped
    if order.tab != "unassigned":
        return "already_assigned" if order.status == "assigned" else "already_shipped"
    return None if order.complete else "recipient_incomplete"
