"""历史: what happened to an order, as its merchant reads it. The newest first, bounded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.acting import acting
from core.entities import Order
from core.errors import OrderNotFound
from core.ids import key
from core.ports import Store
from core.values import Actor

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to an order.

    `who` is a person of one's own shop by name, the other side by its shop's name, empty for the
    clock. `diffs` are what a change changed, recipients masked.
    """

    at: datetime
    act: str
    who: str
    detail: Mapping[str, Any]
    factory_name: str = ""
    diffs: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class OrderPast:
    """The acts on an order; `more`: there are older ones beside the shown."""

    order: Order
    acts: Sequence[Act]
    more: bool


class Past:
    """Reading an order's audit."""

    def of_order(self, store: Store, actor: Actor, order_id: int) -> OrderPast:
        """Return what happened to the merchant's own order. Raises `OrderNotFound`."""
        acting(store, actor, "merchant")
        order = store.orders.get(order_id)
        if order is None or order.merchant_id != actor.shop_id or order.tab == "undone":
            raise OrderNotFound
        rows = store.orders.trail(order_id, SHOWN + 1)
        changes = {
            one.revision: one.diffs
            for one in store.orders.changes_since(key(order), order.created_at)
        }
        acts = [
            Act(
                row.at, row.act, self._who(store, actor, row.shop_id, row.person), row.detail,
                self._name(store, actor, row.detail.get("factory")),
                changes.get(row.detail.get("revision", 0), ()),
            )
            for row in rows[:SHOWN]
        ]  # fmt: skip
        return OrderPast(order, acts, len(rows) > SHOWN)

    def _who(self, store: Store, actor: Actor, shop_id: int | None, person: str) -> str:
        return person if shop_id == actor.shop_id else self._name(store, actor, shop_id)

    def _name(self, store: Store, actor: Actor, shop_id: int | None) -> str:
        if shop_id is None:
            return ""
        known = store.bindings.ever(actor.shop_id, shop_id)
        return (known.merchant_alias if known else "") or store.shops.of(shop_id).name
