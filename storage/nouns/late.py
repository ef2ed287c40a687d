"""逾期: what is past its deadline and has not shipped, by the indexes of the tabs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, literal, select, tuple_, union_all
from sqlmodel import col

from core.columns import UtcDateTime
from core.entities import Assignment, MerchantTab, Order, Shop
from core.orders.views import AssignmentRow, Cursor, OrderRow, Page
from storage.keyset import page_of
from storage.nouns.base import Noun

_WAITING: tuple[MerchantTab, ...] = ("unassigned", "to_ship")


class LateLists(Noun):
    """The part of `ClockStore` that lists what is late."""

    def late_orders(self, merchant_id: int, cursor: Cursor | None, limit: int) -> Page[OrderRow]:
        """Return a page of the merchant's late orders, assigned or not, the latest first."""
        parts = [self._late(Order, merchant_id, tab, cursor, limit) for tab in _WAITING]
        ids, backward = self._first(parts, cursor, limit)
        rows = sorted(
            self.visit.orders.rows(ids), key=lambda row: (row.sort_at, row.id), reverse=backward
        )
        return self._page([(row, row.sort_at, row.id) for row in rows], cursor, limit)

    def late_assignments(
        self, factory_id: int, cursor: Cursor | None, limit: int
    ) -> Page[AssignmentRow]:
        """Return a page of what a factory is late with, the latest first."""
        part = self._late(Assignment, factory_id, "to_ship", cursor, limit)
        ids, backward = self._first([part], cursor, limit)
        found = self.visit.assignments.rows_of_ids(ids)
        rows = sorted(found, key=lambda row: (row.sort_at, row.id), reverse=backward)
        return self._page([(row, row.sort_at, row.id) for row in rows], cursor, limit)

    def late_count(self, shop: Shop, most: int) -> int:
        """Return how many orders the shop is late with, counted up to `most`."""
        entity: Any = Order if shop.role == "merchant" else Assignment
        tabs = _WAITING if shop.role == "merchant" else ("to_ship",)
        found = 0
        for tab in tabs:
            some = self._late(entity, shop.id or 0, tab, None, most - 1).subquery()
            found += self.session.scalar(select(func.count()).select_from(some)) or 0
        return min(found, most)

    def _late(
        self, entity: Any, shop_id: int, tab: str, cursor: Cursor | None, limit: int
    ) -> Select[Any]:
        """Select ids and times of one tab's late rows, on from the cursor, one more than asked."""
        owner: Any = entity.merchant_id if entity is Order else entity.factory_id
        query = select(col(entity.id), col(entity.sort_at)).where(
            owner == shop_id, col(entity.tab) == tab, col(entity.sort_at) < self.now
        )
        backward = cursor is not None and cursor.backward
        if cursor is not None:
            here = tuple_(entity.sort_at, entity.id)
            place = tuple_(literal(cursor.sort_at, UtcDateTime), literal(cursor.id))
            query = query.where(here < place if backward else here > place)
        keys = (entity.sort_at, entity.id)
        order = [one.desc() for one in keys] if backward else list(keys)
        return query.order_by(*order).limit(limit + 1)

    def _first(
        self, parts: Sequence[Select[Any]], cursor: Cursor | None, limit: int
    ) -> tuple[list[int], bool]:
        """Return the ids of the page, one more if there is one, and whether it runs backward."""
        backward = cursor is not None and cursor.backward
        both = union_all(*(select(part.subquery()) for part in parts))
        rows = sorted(((at, one) for one, at in self.session.execute(both)), reverse=backward)
        return [one for _, one in rows[: limit + 1]], backward

    def _page(self, rows: Sequence[Any], cursor: Cursor | None, limit: int) -> Page[Any]:
        return page_of(rows, cursor, limit, make=lambda found: [row for row, *_ in found])
