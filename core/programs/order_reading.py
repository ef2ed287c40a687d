"""What programs of a merchant read: its orders with where they went, and parcels of either side."""

from collections.abc import Sequence
from typing import Final

from core.acting import acting
from core.errors import OrderNotFound
from core.ids import key
from core.orders.notes import NONE, Notes, shown
from core.orders.standing import stop_reason
from core.ports import Store
from core.programs.facts import (
    GivenFacts,
    OrderFacts,
    OrderStand,
    OwnLine,
    PageAsked,
    ParcelFacts,
    masked,
    waits_until,
)
from core.programs.paging import page_of
from core.text.free_text import as_shown
from core.values import Actor

MOST_PARCELS: Final = 500


class OrderReading:
    """Reading orders, page by page in the order they came in."""

    def page(self, store: Store, actor: Actor, asked: PageAsked) -> Sequence[OrderFacts]:
        """Return a page of the merchant's orders."""
        rows = page_of(store, actor, "merchant", asked, store.programs.order_page)
        return _facts(store, rows)

    def numbered(self, store: Store, actor: Actor, order_no: str) -> Sequence[OrderFacts]:
        """Return the orders with this number: one for each platform that has it."""
        acting(store, actor, "merchant")
        found = [key(one) for one in store.orders.find(actor.shop_id, order_no)]
        return _facts(store, store.programs.orders(actor.shop_id, found))

    def one(self, store: Store, actor: Actor, order_id: int) -> OrderFacts:
        """Return one. Raises `OrderNotFound`."""
        acting(store, actor, "merchant")
        found = _facts(store, store.programs.orders(actor.shop_id, [order_id]))
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


def _facts(store: Store, rows: Sequence[OrderStand]) -> list[OrderFacts]:
    ids = [row.id for row in rows]
    lines, given = store.programs.own_lines(ids), store.programs.given(ids)
    parcels = store.programs.parcels_of(ids)
    notes = {one: shown(each) for one, each in store.orders.notes(ids).items()}
    return [
        _fact(row, notes.get(row.id, NONE), lines[row.id], given[row.id], parcels[row.id])
        for row in rows
    ]


def _fact(
    row: OrderStand, notes: Notes, lines: Sequence[OwnLine], given: Sequence[GivenFacts],
    parcels: Sequence[ParcelFacts],
) -> OrderFacts:  # fmt: skip
    return OrderFacts(
        id=row.id, order_no=row.order_no, platform=row.platform, status=row.status,
        stopped=stop_reason(row), after_sale=row.after_sale, on_hold=row.held_at is not None,
        complete=row.complete, revision=row.revision, buyer_said=notes.buyer,
        seller_said=notes.seller, paid_at=row.paid_at, ship_by=row.ship_by,
        created_at=row.created_at, updated_at=row.updated_at, recipient=masked(row), lines=lines,
        assignments=[_shown(one) for one in given], parcels=parcels,
    )  # fmt: skip


def _shown(given: GivenFacts) -> GivenFacts:
    return given._replace(
        declined=as_shown(given.declined), held_until=waits_until(given.status, given.held_until)
    )
