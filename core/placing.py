"""Putting an order where its pieces say it stands."""

from core.entities import Order
from core.ids import key
from core.ports import Store
from core.standing import deadline, merchant_tab, order_status


def place_order(store: Store, order: Order) -> None:
    """Derive status, tab and place anew and keep them; the counters follow."""
    store.flush()
    pieces = store.orders.pieces(key(order))
    order.status = order_status(order, pieces)
    if not pieces.owed:
        order.factory_id = None
    tab = merchant_tab(order, order.status, pieces)
    event_time = order.sort_at if tab == order.tab else store.now
    sort_at = deadline(order) if tab in ("unassigned", "to_ship") else event_time
    store.orders.place(order, tab=tab, sort_at=sort_at)
