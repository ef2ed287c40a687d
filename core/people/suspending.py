"""An operator suspends a shop, and resumes it: nothing is lost, and nothing goes on meanwhile.

While it is suspended its people can do nothing with it in chat, its keys open nothing, its webhooks
and platforms wait, what it would be told waits too; no order goes to it or from it, and no
recipient of its orders is shown. Whatever others do with what they have of it goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.acting import ShopSuspended
from core.entities import Binding, Shop
from core.errors import Conflict, NotBound, NumberUnknown
from core.events import Event
from core.ids import key
from core.people.numbers import read_number
from core.ports import Store
from core.text.plain import one_line

__all__ = ["PartnerSuspended", "PartnerWaits", "ShopSuspended", "ShopWaits", "resume", "suspend"]

_PAGE = 100
LONGEST_WHY = 300


@dataclass(frozen=True, slots=True)
class ShopWaits(Event):
    """To everybody in the shop: it is suspended, or (`over`) goes on."""

    over: bool


@dataclass(frozen=True, slots=True)
class PartnerWaits(Event):
    """To every shop bound to one that is suspended, or (`over`) goes on."""

    shop_id: int
    over: bool


@dataclass(eq=False)
class PartnerSuspended(Conflict):
    """The shop across is suspended: no order goes to it, no recipient of its is shown."""

    name: str


def suspend(store: Store, number: str, why: str = "") -> Shop:
    """Suspend the shop with that number; `why` says whom to ask. Again: only the words change.

    Its people and those bound to it are told. Raises `NumberUnknown` and as `read_number`.
    """
    shop = _of(store, number)
    shop.suspended_why = one_line(why)[:LONGEST_WHY]
    if shop.suspended_at is not None:
        return shop
    shop.suspended_at = store.now
    _record(store, shop, "shop_suspended")
    return shop


def resume(store: Store, number: str) -> Shop:
    """Let the shop go on with all it has, as it was. One that is not suspended stays as it is.

    Raises `NumberUnknown` and as `read_number`.
    """
    shop = _of(store, number)
    if shop.suspended_at is None:
        return shop
    shop.suspended_at, shop.suspended_why = None, ""
    _record(store, shop, "shop_resumed")
    return shop


def dealing(store: Store, merchant_id: int, factory_id: int) -> Binding:
    """Return the pair's binding, for an order to go from one to the other.

    Raises `NotBound`, `PartnerSuspended`.
    """
    binding = store.bindings.bound(merchant_id, factory_id)
    if binding is None:
        raise NotBound
    refuse_waiting(store, factory_id)
    return binding


def refuse_waiting(store: Store, shop_id: int) -> None:
    """Raise `PartnerSuspended` where the shop across is suspended."""
    shop = store.shops.of(shop_id)
    if shop.suspended_at is not None:
        raise PartnerSuspended(shop.name)


def _record(store: Store, shop: Shop, act: str) -> None:
    over = shop.suspended_at is None
    store.record(None, act, number=shop.number)
    store.flush()
    store.emit(ShopWaits(over), to=key(shop))
    for other in _bound(store, shop):
        store.emit(PartnerWaits(key(shop), over), to=other)


def _of(store: Store, number: str) -> Shop:
    read = read_number(number)
    shop = store.shops.by_number(read)
    if shop is None or shop.closed_at is not None:
        raise NumberUnknown(read)
    return shop


def _bound(store: Store, shop: Shop) -> Iterator[int]:
    after = 0
    while page := store.bindings.page(shop, after, _PAGE):
        yield from (row.shop_id for row in page)
        after = page[-1].id
