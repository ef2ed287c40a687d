"""A merchant's orders as programs read them: pages in the order they came in, facts for many."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from core.entities import (
    Assignment,
    FeedItem,
    Order,
    OrderLine,
    OrderStatus,
    Role,
    SealedRecipient,
    Shipment,
    Shop,
)
from core.programs.facts import GivenFacts, OwnLine, ParcelFacts
from core.values import MaskedRecipient
from storage.listed import within
from storage.nouns.base import Noun
from storage.nouns.program_lists import PARCEL
from storage.rows import rows_of

_PAGE = (
    select(col(Order.id))
    .where(
        col(Order.merchant_id) == bindparam("merchant"), col(Order.id) > bindparam("after"),
        col(Order.tab) != "undone",
    )
    .order_by(col(Order.id))
    .limit(bindparam("limit"))
)  # fmt: skip
_IN_STATUS = _PAGE.where(col(Order.status).in_(bindparam("statuses", expanding=True)))
_SINCE = col(Order.id).in_(
    select(col(FeedItem.order_id)).where(
        col(FeedItem.shop_id) == bindparam("merchant"), col(FeedItem.id) > bindparam("since")
    )
)
_MASKED = select(
    col(SealedRecipient.order_id), col(SealedRecipient.masked_name),
    col(SealedRecipient.masked_phone), col(SealedRecipient.masked_address),
).where(within(col(SealedRecipient.order_id), "orders"))  # fmt: skip
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

    def order_ids(
        self, merchant_id: int, *, after: int, limit: int,
        statuses: Sequence[OrderStatus] = (), since: int | None = None,
    ) -> Sequence[int]:  # fmt: skip
        """Return ids of the merchant's orders behind an id, the first that came in first."""
        query = _IN_STATUS if statuses else _PAGE
        values: dict[str, Any] = {"merchant": merchant_id, "after": after, "limit": limit}
        if statuses:
            values["statuses"] = list(statuses)
        if since is not None:
            query, values["since"] = query.where(_SINCE), since
        return [row[0] for row in rows_of(self.session, query, values)]

    def masked_of(self, order_ids: Sequence[int]) -> Mapping[int, MaskedRecipient]:
        """Return these orders' recipients, masked."""
        rows = rows_of(self.session, _MASKED, {"orders": order_ids})
        return {one: MaskedRecipient(*masked) for one, *masked in rows}

    def own_lines(self, order_ids: Sequence[int]) -> Mapping[int, Sequence[OwnLine]]:
        """Return what was bought, and what was added to it, line by line."""
        found = defaultdict[int, list[OwnLine]](list)
        for one, *line in rows_of(self.session, _LINES, {"orders": order_ids}):
            found[one].append(OwnLine(*line))
        return found

    def given(self, order_ids: Sequence[int]) -> Mapping[int, Sequence[GivenFacts]]:
        """Return where these orders went, the first assignment first."""
        found = defaultdict[int, list[GivenFacts]](list)
        for row in rows_of(self.session, _GIVEN, {"orders": order_ids}):
            found[row.order_id].append(GivenFacts(*row))
        return found

    def parcels_of(self, order_ids: Sequence[int]) -> Mapping[int, Sequence[ParcelFacts]]:
        """Return the parcels of these orders, the first sent first."""
        found = defaultdict[int, list[ParcelFacts]](list)
        for row in rows_of(self.session, _OF_ORDERS, {"orders": order_ids}):
            found[row.order_id].append(ParcelFacts(*row))
        return found

    def parcel_page(
        self, shop_id: int, role: Role, *, after: int, limit: int
    ) -> Sequence[ParcelFacts]:
        """Return a shop's parcels behind an id, the first sent first."""
        values = {"shop": shop_id, "after": after, "limit": limit}
        return [ParcelFacts(*row) for row in rows_of(self.session, _OF_SHOP[role], values)]
