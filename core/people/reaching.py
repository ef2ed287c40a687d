"""A chat that takes no messages: what it is owed waits, and the other sides hear of it.

Somebody who assigns, or waits for an answer, would else wait for a shop that hears nothing.
"""

from collections.abc import Iterator

from core.entities import Alert, Assignment, Binding, Shipment, Shop
from core.events import ShopUnreachable
from core.ids import key
from core.people.gathering import fall_back, is_group
from core.ports import Store

_PAGE = 100


def lost(store: Store, alert: Alert, *, topic: bool = False) -> None:
    """The alert could not be delivered: its chat takes no messages.

    A group's alerts go to the members' private chats (`core.people.gathering`); with `topic` only
    those of that topic. What a private chat is owed waits until it is back
    (`store.alerts.reachable`). When it was the last chat of its shop, the shop across is told, and
    every shop bound to it; once, until it is back.
    """
    if is_group(alert.chat_id):
        store.alerts.postpone(key(alert), store.now, doubtful=False)
        group_lost(store, alert.chat_id, alert.thread_id, topic=topic)
        # Also what was on its way when the shop had left that place already.
        store.alerts.send_home(alert.shop_id, alert.chat_id, alert.thread_id)
        return
    if not store.alerts.unreachable(alert.chat_id):
        return
    _tell_others(store, store.shops.of(alert.shop_id), _across(store, alert))


def group_lost(
    store: Store, chat_id: int, thread_id: int | None = None, *, topic: bool = False
) -> None:
    """A group (with `topic`, that topic of it) takes no messages: as `gathering.fall_back`.

    Where none of the shop's people take any either, the shops bound to it are told.
    """
    for shop in fall_back(store, chat_id, thread_id, topic=topic):
        _tell_others(store, shop, set())


def left(store: Store, chat_id: int) -> None:
    """Somebody blocked the bot: as `lost`, for every shop of theirs."""
    if not store.alerts.unreachable(chat_id):
        return
    account = store.accounts.by_telegram(chat_id)
    for shop in store.shops.all_of(key(account)) if account is not None else ():
        _tell_others(store, shop, set())


def _tell_others(store: Store, shop: Shop, others: set[int]) -> None:
    shop_id = key(shop)
    if store.alerts.any_reachable(shop_id):
        return
    for other in sorted(others.union(_bound(store, shop))):
        store.emit(ShopUnreachable(shop_id), to=other)


def _bound(store: Store, shop: Shop) -> Iterator[int]:
    """Yield the shops bound to this one, or asked to be."""
    after = 0
    while page := store.bindings.page(shop, after, _PAGE):
        yield from (row.shop_id for row in page)
        after = page[-1].id


def _across(store: Store, alert: Alert) -> set[int]:
    """Return the shop across: bound or not, it dealt with this one."""
    deal = _deal(store, alert)
    if deal is None:
        return set()
    return {deal.merchant_id if deal.factory_id == alert.shop_id else deal.factory_id}


def _deal(store: Store, alert: Alert) -> Assignment | Binding | Shipment | None:
    ids = alert.payload
    if "assignment_id" in ids:
        return store.assignments.get(ids["assignment_id"])
    if "binding_id" in ids:
        return store.bindings.get(ids["binding_id"])
    if "shipment_id" in ids:
        return store.shipments.get(ids["shipment_id"])
    return None
