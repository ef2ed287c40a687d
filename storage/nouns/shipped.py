"""Parcels of a span of days, read on from one to the next: what 对账 is made of."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_
from sqlmodel import col

from core.columns import UtcDateTime
from core.entities import (
    Assignment,
    Binding,
    Order,
    OrderLine,
    Shipment,
    ShipmentPiece,
    Shop,
)
from core.orders.lookups import ShippedRow
from core.orders.narrowing import Scope
from core.orders.views import Cursor
from storage.nouns.base import Noun
from storage.rows import rows_of, run


class ShippedSpans(Noun):
    """The reconciling part of `ShipmentStore`."""

    def count_between(self, shop_id: int, scope: Scope, limit: int) -> int:
        """Return how many parcels these are, counted up to `limit`."""
        some = select(col(Shipment.id)).where(*_which(shop_id, scope)).limit(limit).subquery()
        return int(run(self.session, select(func.count()).select_from(some)).scalar_one())

    def between(
        self, shop_id: int, scope: Scope, after: Cursor | None, parcels: int
    ) -> list[ShippedRow]:
        """Return the rows of the next parcels, oldest first."""
        merchant = scope.role == "merchant"
        other = Assignment.factory_id if merchant else Assignment.merchant_id
        alias = Binding.merchant_alias if merchant else Binding.factory_alias
        some = _next(shop_id, scope, after, parcels).subquery()
        query = (
            select(
                some.c.id, some.c.shipped_at, col(Order.id), col(Order.order_no),
                col(Order.platform), col(OrderLine.sub_order_no), col(OrderLine.product_name),
                col(OrderLine.sku_spec), col(OrderLine.product_code), col(ShipmentPiece.quantity),
                some.c.carrier, some.c.tracking_number, col(Assignment.tag),
                func.coalesce(func.nullif(alias, ""), col(Shop.name)), col(Shop.id),
                func.coalesce(col(OrderLine.extra), col(Assignment.extra)),
            )
            .select_from(some)
            .join(Order, col(Order.id) == some.c.order_id)
            .join(Assignment, col(Assignment.id) == some.c.assignment_id)
            .join(Binding, col(Binding.id) == col(Assignment.binding_id))
            .join(Shop, col(Shop.id) == col(other))
            .outerjoin(ShipmentPiece, col(ShipmentPiece.shipment_id) == some.c.id)
            .outerjoin(OrderLine, col(OrderLine.id) == col(ShipmentPiece.line_id))
            .order_by(some.c.shipped_at, some.c.id, col(OrderLine.id))
        )  # fmt: skip
        return [_row(row) for row in rows_of(self.session, query)]


def _which(shop_id: int, scope: Scope) -> list[ColumnElement[bool]]:
    sides = (col(Shipment.merchant_id), col(Shipment.factory_id))
    mine, other = sides if scope.role == "merchant" else sides[::-1]
    clauses = [
        mine == shop_id,
        col(Shipment.shipped_at) >= scope.period.since,
        col(Shipment.shipped_at) < scope.period.until,
        # What left with an order no longer its factory's is nobody's debt unless it is let go on.
        or_(col(Shipment.claimed).is_(None), col(Shipment.verdict) == "let_go"),
    ]
    if scope.partner_id is not None:
        clauses.append(other == scope.partner_id)
    return clauses


def _next(shop_id: int, scope: Scope, after: Cursor | None, parcels: int) -> Select[Any]:
    shipped_at, row_id = col(Shipment.shipped_at), col(Shipment.id)
    query = select(
        row_id, shipped_at, col(Shipment.order_id), col(Shipment.assignment_id),
        col(Shipment.carrier), col(Shipment.tracking_number),
    ).where(*_which(shop_id, scope))  # fmt: skip
    if after is not None:
        place = tuple_(literal(after.sort_at, UtcDateTime), literal(after.id))
        query = query.where(tuple_(shipped_at, row_id) > place)
    return query.order_by(shipped_at, row_id).limit(parcels)


def _row(row: Any) -> ShippedRow:
    sub_order_no, product, spec, code = (one or "" for one in row[5:9])
    return ShippedRow(
        row[0], row[1], row[2], row[3], row[4], sub_order_no, product, spec, code, row[9] or 0,
        *row[10:],
    )  # fmt: skip
