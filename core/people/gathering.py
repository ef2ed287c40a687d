"""Where a shop's alerts go: to each member in private, or to one group (a topic of it).

A group that is gone sends the alerts home: what it was still owed goes to every member's private
chat, and the owner is told why. A group is told about by its id; ids below zero are groups.
"""

from collections.abc import Sequence

from core.acting import owning
from core.entities import Shop
from core.events import AlertsMoved, GroupLost
from core.ids import key
from core.people.staff_errors import NotAGroup
from core.ports import Store
from core.values import Actor


def is_group(chat_id: object) -> bool:
    """Return whether the chat is a group: Telegram gives people ids above zero."""
    return isinstance(chat_id, int) and chat_id < 0


class Gathering:
    """Use cases on where alerts go; the owner's alone."""

    def owned(self, store: Store, account_id: int) -> Sequence[Shop]:
        """Return the shops whose owner this person is, oldest first."""
        return [
            shop
            for shop in store.shops.all_of(account_id)
            if store.shops.rank_of(key(shop), account_id) == "owner"
        ]

    def here(self, store: Store, actor: Actor, chat_id: int, thread_id: int | None) -> Shop:
        """Send the shop's alerts to this group from now on, told in the owner's language.

        Said again in the same place it changes nothing. What is owed already goes where it was
        meant to. Raises `OwnerOnly`, `NotAGroup`.
        """
        shop = owning(store, actor).shop
        if not is_group(chat_id):
            raise NotAGroup
        place = (chat_id, thread_id, actor.account_id)
        if place == (shop.alert_chat_id, shop.alert_thread_id, shop.alert_account_id):
            return shop
        shop.alert_chat_id, shop.alert_thread_id, shop.alert_account_id = place
        store.record(actor, "alerts_to_group", chat=chat_id, thread=thread_id)
        self._tell_others(store, actor, home=False)
        return shop

    def home(self, store: Store, actor: Actor) -> Shop:
        """Send the shop's alerts to its members' private chats again. Raises `OwnerOnly`."""
        shop = owning(store, actor).shop
        if shop.alert_chat_id is None:
            return shop
        _go_home(store, shop)
        store.record(actor, "alerts_to_members")
        self._tell_others(store, actor, home=True)
        return shop

    def _tell_others(self, store: Store, actor: Actor, *, home: bool) -> None:
        people = [one for one in store.shops.everybody(actor.shop_id) if one != actor.account_id]
        store.emit_to(AlertsMoved(actor.account_id, home), actor.shop_id, people)


def fall_back(
    store: Store, chat_id: int, thread_id: int | None = None, *, topic: bool
) -> Sequence[Shop]:
    """Send home the alerts of a group (with `topic`, of that topic of it); returns their shops."""
    shops = [
        shop
        for shop in store.shops.alerted_in(chat_id)
        if not topic or shop.alert_thread_id == thread_id
    ]
    for shop in shops:
        _go_home(store, shop)
        store.record(None, "group_lost", shop=shop.id, chat=chat_id, topic=topic)
        owner = store.shops.owner(key(shop))
        if owner is not None:
            store.emit_to(GroupLost(topic), key(shop), [owner.account_id])
    return shops


def follow(store: Store, old: int, new: int) -> None:
    """A group became a supergroup with another id: alerts and answers go there.

    What its messages showed stays under the old id: the supergroup numbers its messages anew, and
    a card that went along would make a reply to some other message mean an order.
    """
    for shop in store.shops.alerted_in(old):
        shop.alert_chat_id = new
    store.alerts.move_chat(old, new)
    store.jobs.move_chat(old, new)


def _go_home(store: Store, shop: Shop) -> None:
    chat_id, thread_id = shop.alert_chat_id, shop.alert_thread_id
    shop.alert_chat_id = shop.alert_thread_id = shop.alert_account_id = None
    store.flush()
    if chat_id is not None:
        store.alerts.send_home(key(shop), chat_id, thread_id)
