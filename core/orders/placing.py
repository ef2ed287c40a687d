"""Putting an order where its pieces say it stands."""

from datetime import datetime
from typing import NamedTuple, Protocol

from core.entities import MerchantTab, Order, OrderStatus
from core.ids import key
from core.orders.standing import Dated, Pieces, Stoppable, deadline, merchant_tab, order_status
from core.ports import Store


class Placed(Dated, Stoppable, Protocol):
    """The columns a place is told by: of an `Order`, or of a row."""

    @property
    def tab(self) -> MerchantTab: ...
    @property
    def sort_at(self) -> datetime: ...


class Place(NamedTuple):
    """Status, tab, and the place in it."""

    status: OrderStatus
    tab: MerchantTab
    sort_at: datetime


def place_of(order: Placed, pieces: Pieces, now: datetime) -> Place:
    """Derive where the order belongs."""
    status = order_status(order, pieces)
    tab = merchant_tab(order, status, pieces)
    event_time = order.sort_at if tab == order.tab else now
    return Place(status, tab, deadline(order) if tab in ("unassigned", "to_ship") else event_time)


def place_order(store: Store, order: Order) -> None:
    """Derive status, tab and place anew and keep them; the counters follow."""
    store.flush()
    pieces = store.orders.pieces(key(order))
    order.status, tab, sort_at = place_of(order, pieces, store.now)
    if pieces.owed < pieces.ordered:  # something was given back, or never given
        order.factory_id = store.assignments.holder_of(key(order)) if pieces.owed else None
    store.orders.place(order, tab=tab, sort_at=sort_at)
