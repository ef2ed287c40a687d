"""A batch as its factory sees it: what stands where, what is to be packed, page by page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, not_, select
from sqlmodel import col

from core.assignments.batch_views import Answerable, BatchRow
from core.entities import (
    AssignDraft,
    Assignment,
    AssignmentPiece,
    AssignmentStatus,
    Binding,
    Order,
    OrderLine,
    Shop,
)
from core.entities.draft import IS_BATCH
from core.orders.views import LineView
from storage.nouns.base import Noun
from storage.nouns.packing import SENT
from storage.nouns.stops import GOES_ON, STOP_COLUMNS
from storage.rows import chunks, rows_of, run, total

_LOOKED_THROUGH = 30  # newest batches among which the open ones are sought
_IDS: Any = bindparam("ids", expanding=True)
_BATCH = col(Assignment.draft_id) == bindparam("draft")
_OPEN = col(Assignment.tab) == "to_ship"
# Only of one partly shipped is anything in parcels; the others are not asked.
_LEFT: Any = case(
    (col(Assignment.status) == "part_shipped", col(AssignmentPiece.quantity) - SENT),
    else_=col(AssignmentPiece.quantity),
)
_ANSWERABLE = (
    select(
        col(Assignment.id), col(Assignment.tag), col(Assignment.extra), col(Order.order_no),
        col(Assignment.merchant_id), col(Assignment.binding_id), col(Assignment.status),
        *STOP_COLUMNS, col(Assignment.order_id), col(Assignment.sort_at),
        col(Assignment.held_until), col(Assignment.held_reason),
    )
    .join(Order, col(Order.id) == col(Assignment.order_id))
    .where(col(Assignment.id).in_(_IDS), col(Assignment.factory_id) == bindparam("factory"))
    .order_by(col(Assignment.id))
)  # fmt: skip
_COUNTS = select(col(Assignment.status), func.count()).where(_BATCH).group_by(Assignment.status)
_PRODUCT: Any = (
    col(OrderLine.product_name), col(OrderLine.sku_spec), col(OrderLine.product_code),
)  # fmt: skip
_PRODUCTS = (
    select(*_PRODUCT, total(_LEFT).label("n"))
    .select_from(Assignment)
    .join(AssignmentPiece, col(AssignmentPiece.assignment_id) == col(Assignment.id))
    .join(OrderLine, col(OrderLine.id) == col(AssignmentPiece.line_id))
    .join(Order, col(Order.id) == col(Assignment.order_id))
    .where(_BATCH, _OPEN, GOES_ON)
    .group_by(*_PRODUCT)
    .having(total(_LEFT) > 0)
    .order_by(total(_LEFT).desc(), *_PRODUCT)
)
_SHIP_BY = (
    select(func.min(Order.ship_by))
    .join(Assignment, col(Assignment.order_id) == col(Order.id))
    .where(_BATCH, _OPEN, GOES_ON)
)
_STOPPED = (
    select(func.count())
    .select_from(Assignment)
    .join(Order, col(Order.id) == col(Assignment.order_id))
    .where(_BATCH, _OPEN, not_(GOES_ON))
)
_STILL_OPEN = (
    select(func.count())
    .where(col(Assignment.draft_id) == col(AssignDraft.id), _OPEN)
    .correlate(AssignDraft)
    .scalar_subquery()
)
_NEWEST = (
    select(
        col(AssignDraft.id), func.coalesce(func.nullif(Binding.factory_alias, ""), Shop.name),
        col(AssignDraft.confirmed_at), col(AssignDraft.given), _STILL_OPEN,
    )
    .join(Shop, col(Shop.id) == col(AssignDraft.shop_id))
    .outerjoin(
        Binding,
        (col(Binding.merchant_id) == col(AssignDraft.shop_id))
        & (col(Binding.factory_id) == col(AssignDraft.factory_id))
        & (col(Binding.status) == "bound"),
    )
    .where(col(AssignDraft.factory_id) == bindparam("factory"), IS_BATCH)
    .order_by(col(AssignDraft.id).desc())
    .limit(_LOOKED_THROUGH)
)  # fmt: skip


class AssignmentLists(Noun):
    """The part of `AssignmentStore` that tells of many."""

    def answerable(self, factory_id: int, assignment_ids: Sequence[int]) -> Sequence[Answerable]:
        """Return what a bulk answer must know of these, as far as they are the factory's."""
        found: list[Answerable] = []
        for some in chunks(assignment_ids):
            rows = run(self.session, _ANSWERABLE, {"ids": some, "factory": factory_id})
            found += [Answerable(*row) for row in rows]
        return found

    def counts_of(self, draft_id: int) -> dict[AssignmentStatus, int]:
        """Return how many of a batch have which status."""
        return {status: n for status, n in rows_of(self.session, _COUNTS, {"draft": draft_id})}

    def products_of(self, draft_id: int) -> Sequence[LineView]:
        """Return the pieces of each product a batch may still ship, the most first."""
        return [LineView(*row) for row in rows_of(self.session, _PRODUCTS, {"draft": draft_id})]

    def ship_by_of(self, draft_id: int) -> datetime | None:
        """Return the nearest ship-by of what a batch may still ship."""
        due: datetime | None = run(self.session, _SHIP_BY, {"draft": draft_id}).scalar_one()
        return due

    def stopped_of(self, draft_id: int) -> int:
        """Return how many open orders of a batch must not be shipped."""
        n: int = run(self.session, _STOPPED, {"draft": draft_id}).scalar_one()
        return n

    def batches_of(self, factory_id: int, most: int) -> Sequence[BatchRow]:
        """Return the newest batches with anything open, among the last few dozen."""
        rows = run(self.session, _NEWEST, {"factory": factory_id})
        return [BatchRow(*row) for row in rows if row[-1]][:most]
