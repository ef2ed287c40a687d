"""Closing a shop for good: nothing open may be left behind, and everybody concerned is told.

It stays as history; its number and its link lead nowhere, and nobody acts for it any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.acting import owning
from core.entities import Shop
from core.events import ShopClosed
from core.orders.views import BindingRow
from core.people.bindings import Bindings
from core.people.staff_errors import OrdersStillOpen
from core.people.staffing import Parted, part
from core.ports import Store
from core.values import Actor

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing meets: open orders refuse it, bindings end, unassigned orders are left."""

    shop: Shop
    open_orders: int
    unassigned: int
    bound: int
    staff: int


class Closings:
    """Use cases on a shop's end; the owner's alone."""

    def __init__(self, bindings: Bindings) -> None:
        self._bindings = bindings

    def preview(self, store: Store, actor: Actor) -> Closing:
        """Return what closing would meet. Raises `OwnerOnly`."""
        shop = owning(store, actor).shop
        return Closing(
            shop=shop,
            open_orders=store.bindings.open_orders(shop),
            unassigned=store.counts(actor.shop_id).get("unassigned", 0),
            bound=len(self._live(store, shop)),
            staff=len(store.shops.everybody(actor.shop_id)) - 1,
        )

    def close(self, store: Store, actor: Actor) -> Sequence[Parted]:
        """Close the shop; returns everybody who was in it.

        Bindings end and requests are withdrawn or refused, with their usual alerts. Raises
        `OwnerOnly`, and `OrdersStillOpen` while orders are at factories, or to ship.
        """
        shop = owning(store, actor).shop
        still_open = store.bindings.open_orders(shop)
        if still_open:
            raise OrdersStillOpen(shop.role, still_open)
        for row in self._live(store, shop):
            self._end(store, actor, shop, row)
        people = store.shops.everybody(actor.shop_id)
        staff = [one for one in people if one != actor.account_id]
        store.emit_to(ShopClosed(), actor.shop_id, staff)
        shop.alert_chat_id = shop.alert_thread_id = shop.alert_account_id = None
        shop.closed_at = store.now
        store.record(actor, "shop_closed", number=shop.number)
        return [part(store, shop, one) for one in people]

    def _end(self, store: Store, actor: Actor, shop: Shop, row: BindingRow) -> None:
        if row.status == "bound":
            self._bindings.unbind(store, actor, row.id, back=False)
        elif shop.role == "merchant":
            self._bindings.withdraw(store, actor, row.id)
        else:
            self._bindings.refuse(store, actor, row.id)

    def _live(self, store: Store, shop: Shop) -> list[BindingRow]:
        rows: list[BindingRow] = []
        while page := store.bindings.page(shop, rows[-1].id if rows else 0, _PAGE):
            rows += page
        return rows
