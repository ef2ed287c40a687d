"""A chat that takes no messages: what it is owed waits, and the other side hears of it."""

from core.entities import Alert, Assignment, Binding, Shipment
from core.events import ShopUnreachable
from core.ports import Store


def lost(store: Store, alert: Alert) -> None:
    """Keep that the alert's chat is unreachable; all it is owed waits until it is back.

    When that was the shop's last reachable chat, the other side of what the alert was about is
    told, once: it waits for somebody who hears nothing.
    """
    news = store.alerts.unreachable(alert.chat_id)
    if not news or store.alerts.any_reachable(alert.shop_id):
        return
    other = _other_side(store, alert)
    if other is not None:
        store.emit(ShopUnreachable(alert.shop_id), to=other)


def _other_side(store: Store, alert: Alert) -> int | None:
    """Return the shop across, or None when the alert was about no dealings of two shops."""
    deal = _deal(store, alert)
    if deal is None:
        return None
    return deal.merchant_id if deal.factory_id == alert.shop_id else deal.factory_id


def _deal(store: Store, alert: Alert) -> Assignment | Binding | Shipment | None:
    ids = alert.payload
    if "assignment_id" in ids:
        return store.assignments.get(ids["assignment_id"])
    if "binding_id" in ids:
        return store.bindings.get(ids["binding_id"])
    if "shipment_id" in ids:
        return store.shipments.get(ids["shipment_id"])
    return None
