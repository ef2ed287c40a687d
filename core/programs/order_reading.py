"""What programs of a merchant read: its orders with where they went, and parcels of either side."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from core.acting import acting
from core.entities import Order, OrderStatus
from core.errors import OrderNotFound
from core.ids import key
from core.orders.standing import stop_reason
from core.ports import Store
from core.programs.facts import OrderFacts, ParcelFacts
from core.text.free_text import as_shown
from core.values import Actor

MOST: Final = 100  # orders on a page
MOST_PARCELS: Final = 500


class OrderReading:
    """Reading orders, page by page in the order they came in."""

    def page(
        self, store: Store, actor: Actor, *, after: int, limit: int,
        statuses: Sequence[OrderStatus] = (), since: int | None = None,
    ) -> Sequence[OrderFacts]:  # fmt: skip
        """Return at most `limit` (≤ `MOST`) orders behind id `after`, in these statuses.

        With `since`, a cursor of the feed: only those something has happened to after it. Nothing
        that stands throughout is missed or doubled, whatever changes between two pages.
        """
        acting(store, actor, "merchant")
        ids = store.programs.order_ids(
            actor.shop_id, after=after, limit=min(limit, MOST), statuses=statuses, since=since
        )
        return _facts(store, actor, ids)

    def numbered(self, store: Store, actor: Actor, order_no: str) -> Sequence[OrderFacts]:
        """Return the orders with this number: one for each platform that has it."""
        acting(store, actor, "merchant")
        return _facts(
            store, actor, [key(one) for one in store.orders.find(actor.shop_id, order_no)]
        )

    def one(self, store: Store, actor: Actor, order_id: int) -> OrderFacts:
        """Return one. Raises `OrderNotFound`."""
        acting(store, actor, "merchant")
        found = _facts(store, actor, [order_id])
        if not found:
            raise OrderNotFound
        return found[0]

    def parcels(
        self, store: Store, actor: Actor, *, after: int, limit: int
    ) -> Sequence[ParcelFacts]:
        """Return at most `limit` (≤ `MOST_PARCELS`) parcels of the shop behind id `after`."""
        shop = acting(store, actor).shop
        most = min(limit, MOST_PARCELS)
        return store.programs.parcel_page(actor.shop_id, shop.role, after=after, limit=most)


def _facts(store: Store, actor: Actor, ids: Sequence[int]) -> list[OrderFacts]:
    orders = {key(one): one for one in store.orders.own(actor.shop_id, ids)}
    standing = [one for one in ids if one in orders]
    masked, lines = store.programs.masked_of(standing), store.programs.own_lines(standing)
    given, parcels = store.programs.given(standing), store.programs.parcels_of(standing)
    return [
        replace(
            _fact(orders[one]), recipient=masked.get(one), lines=lines[one],
            assignments=[replace(each, declined=as_shown(each.declined)) for each in given[one]],
            parcels=parcels[one],
        )
        for one in standing
    ]  # fmt: skip


def _fact(order: Order) -> OrderFacts:
    return OrderFacts(
        id=key(order), order_no=order.order_no, platform=order.platform, status=order.status,
        stopped=stop_reason(order), after_sale=order.after_sale, on_hold=order.held_at is not None,
        complete=order.complete, revision=order.revision, buyer_said=as_shown(order.buyer_note),
        seller_said=as_shown(order.seller_note), paid_at=order.paid_at, ship_by=order.ship_by,
        created_at=order.created_at, updated_at=order.updated_at, recipient=None,
    )  # fmt: skip
