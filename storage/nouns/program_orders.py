"""A merchant's orders as programs read them: pages in the order they came in, facts for many."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlmodel import col

from core.entities import (
    Assignment,
    FeedItem,
    Order,
    OrderLine,
    Role,
    SealedRecipient,
    Shipment,
    Shop,
)
from core.programs.facts import GivenFacts, OrderStand, OwnLine, PageAsked, ParcelFacts
from storage.listed import within
from storage.nouns.base import Noun
from storage.nouns.program_lists import PARCEL
from storage.nouns.program_pages import Pages
from storage.nouns.stops import STOP_COLUMNS
from storage.rows import rows_of

_ROWS = (
    select(
        col(Order.id), col(Order.order_no), col(Order.platform), col(Order.status), *STOP_COLUMNS,
        col(Order.complete), col(Order.revision), col(Order.paid_at),
        col(Order.ship_by), col(Order.created_at), col(Order.updated_at),
        col(SealedRecipient.masked_name), col(SealedRecipient.masked_phone),
        col(SealedRecipient.masked_address),
    )
    .outerjoin(SealedRecipient, col(SealedRecipient.order_id) == col(Order.id))
    .where(col(Order.tab) != "undone")
)  # fmt: skip
_PAGES = Pages(
    _ROWS, col(Order.id), col(Order.merchant_id), col(Order.status), col(FeedItem.order_id)
)
_THESE = _ROWS.where(
    within(col(Order.id), "orders"), col(Order.merchant_id) == bindparam("shop")
).order_by(col(Order.id))
_LINES = (
    select(
        col(OrderLine.order_id), col(OrderLine.sub_order_no), col(OrderLine.product_name),
        col(OrderLine.sku_spec), col(OrderLine.product_code), col(OrderLine.quantity),
        col(OrderLine.extra),
    )
    .where(within(col(OrderLine.order_id), "orders"), col(OrderLine.quantity) > 0)
    .order_by(col(OrderLine.id))
)  # fmt: skip
_GIVEN = (
    select(
        col(Assignment.id), col(Assignment.order_id), col(Assignment.tag), col(Shop.number),
        col(Shop.name), col(Assignment.extra), col(Assignment.status),
        col(Assignment.decline_reason), col(Assignment.assigned_at), col(Assignment.held_until),
    )
    .join(Shop, col(Shop.id) == col(Assignment.factory_id))
    .where(within(col(Assignment.order_id), "orders"))
    .order_by(col(Assignment.id))
)  # fmt: skip
_OF_ORDERS = PARCEL.where(within(col(Shipment.order_id), "orders"))
_BEHIND = PARCEL.where(col(Shipment.id) > bindparam("after")).limit(bindparam("limit"))
_OF_SHOP = {
    "merchant": _BEHIND.where(col(Shipment.merchant_id) == bindparam("shop")),
    "factory": _BEHIND.where(col(Shipment.factory_id) == bindparam("shop")),
}


class ProgramOrders(Noun):
    """The part of `ProgramStore` that reads a merchant's orders, and parcels of either side."""

    def order_page(self, merchant_id: int, asked: PageAsked) -> Sequence[OrderStand]:
        """Return a page of the merchant's orders."""
        rows = rows_of(self.session, *_PAGES.of(merchant_id, asked))
        return [OrderStand._make(row) for row in rows]

    def orders(self, merchant_id: int, order_ids: Sequence[int]) -> Sequence[OrderStand]:
        """Return those of these that are the merchant's, the first that came in first."""
        rows = rows_of(self.session, _THESE, {"orders": order_ids, "shop": merchant_id})
        return [OrderStand._make(row) for row in rows]

    def own_lines(self, order_ids: Sequence[int]) -> Mapping[int, Sequence[OwnLine]]:
        """Return what was bought, and what was added to it, line by line."""
        found = defaultdict[int, list[OwnLine]](list)
        for one, *line in rows_of(self.session, _LINES, {"orders": order_ids}):
            found[one].append(OwnLine._make(line))
        return found

    def given(self, order_ids: Sequence[int]) -> Mapping[int, Sequence[GivenFacts]]:
        """Return where these orders went, the first assignment first."""
        found = defaultdict[int, list[GivenFacts]](list)
        for row in rows_of(self.session, _GIVEN, {"orders": order_ids}):
            found[row.order_id].append(GivenFacts._make(row))
        return found

    def parcels_of(self, order_ids: Sequence[int]) -> Mapping[int, Sequence[ParcelFacts]]:
        """Return the parcels of these orders, the first sent first."""
        found = defaultdict[int, list[ParcelFacts]](list)
        for row in rows_of(self.session, _OF_ORDERS, {"orders": order_ids}):
            found[row.order_id].append(ParcelFacts._make(row))
        return found

    def parcel_page(
        self, shop_id: int, role: Role, *, after: int, limit: int
    ) -> Sequence[ParcelFacts]:
        """Return a shop's parcels behind an id, the first sent first."""
        values = {"shop": shop_id, "after": after, "limit": limit}
        return [ParcelFacts._make(row) for row in rows_of(self.session, _OF_SHOP[role], values)]
