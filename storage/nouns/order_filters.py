"""Pages of a merchant's tab that match a filter, at a bounded cost.

A page walks the tab's index (the factory's, where one is asked for) and checks everything else row
by row: `SCANNED` rows at most, however many the tab has and however few match.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, literal, select, tuple_
from sqlmodel import col

from core.columns import UtcDateTime
from core.entities import MerchantTab, Order, OrderLine
from core.orders.lookups import CodeSeen
from core.orders.narrowing import Conditions, Matching
from core.orders.views import Cursor, OrderRow, Page
from storage.keyset import keyset_page
from storage.nouns.base import Noun
from storage.nouns.order_lists import NEWEST_FIRST, ROW, OrderLists
from storage.rows import run

SCANNED = 10_000
# A filter that most orders match fills its page from the first rows: those are tried before.
STEPS = (500, SCANNED)
SEEN = 1_000  # first orders of a tab that say which codes and provinces occur
CODES = 12

_FIRST = (
    select(col(Order.id), col(Order.province))
    .where(col(Order.merchant_id) == bindparam("merchant"), col(Order.tab) == bindparam("tab"))
    .order_by(col(Order.sort_at), col(Order.id))
    .limit(SEEN)
    .subquery()
)
_PROVINCES = select(_FIRST.c.province).distinct()
_CODES = (
    select(func.min(OrderLine.id), col(OrderLine.product_code))
    .join(_FIRST, _FIRST.c.id == col(OrderLine.order_id))
    .where(col(OrderLine.product_code) != "")
    .group_by(col(OrderLine.product_code))
    .order_by(func.count().desc(), col(OrderLine.product_code))
    .limit(CODES)
)
_CODE_OF_LINE = select(col(OrderLine.product_code)).where(
    col(OrderLine.id) == bindparam("line"), col(OrderLine.merchant_id) == bindparam("merchant")
)


def walked(merchant_id: int, tab: MerchantTab, asked: Conditions) -> list[ColumnElement[bool]]:
    """Return the conditions an index answers."""
    clauses = [col(Order.merchant_id) == merchant_id, col(Order.tab) == tab]
    if asked.factory_id is not None:
        clauses.append(col(Order.factory_id) == asked.factory_id)
    if asked.due_before is not None:  # open tabs are sorted by their deadlines
        clauses.append(col(Order.sort_at) < asked.due_before)
    return clauses


def checked(asked: Conditions) -> list[ColumnElement[bool]]:
    """Return the conditions that are checked row by row."""
    clauses: list[ColumnElement[bool]] = []
    if asked.province:
        clauses.append(col(Order.province) == asked.province)
    if asked.paid_since is not None:
        clauses.append(col(Order.paid_at) >= asked.paid_since)
    if asked.paid_until is not None:
        clauses.append(col(Order.paid_at) < asked.paid_until)
    if asked.code:
        has_code = exists().where(
            col(OrderLine.order_id) == col(Order.id),
            # `|| ''`: else SQLite walks every order of the code instead of this order's lines.
            col(OrderLine.product_code).concat("") == asked.code,
            col(OrderLine.quantity) > 0,
        )
        clauses.append(has_code)
    return clauses


class OrderFilters(OrderLists, Noun):
    """The filtering part of `OrderStore`."""

    def narrowed_page(
        self, merchant_id: int, tab: MerchantTab, asked: Conditions, cursor: Cursor | None,
        limit: int,
    ) -> Page[OrderRow]:  # fmt: skip
        """Return a page of a tab as far as it matches; `cut` where the scan ended first."""
        clauses = walked(merchant_id, tab, asked)
        backward = cursor is not None and cursor.backward
        descending = (tab in NEWEST_FIRST) != backward
        page: Page[OrderRow] = Page([], None, None)
        for step in STEPS:
            end = self._row_at(clauses, cursor, step, descending=descending)
            query = select(*ROW).where(*clauses, *checked(asked))
            if end is not None:
                query = query.where(_beyond(end, descending=not descending))
            keys = (col(Order.sort_at), col(Order.id))
            page = keyset_page(
                self.session, query, keys, cursor, limit, make=self._rows,
                newest_first=tab in NEWEST_FIRST,
            )  # fmt: skip
            onward = page.before if backward else page.after
            filled = onward is not None and len(page.rows) == limit
            if end is None or filled:
                return page
        return _cut(page, end, cursor, descending=descending)

    def matching(self, merchant_id: int, tab: MerchantTab, asked: Conditions) -> Matching:
        """Return how many of the tab's first `SCANNED` orders match."""
        clauses = walked(merchant_id, tab, asked)
        end = self._row_at(clauses, None, SCANNED, descending=False)
        query = select(func.count()).select_from(Order).where(*clauses, *checked(asked))
        if end is not None:
            query = query.where(_beyond(end, descending=True))
        return Matching(run(self.session, query).scalar_one(), end is not None)

    def provinces_seen(self, merchant_id: int, tab: MerchantTab) -> Sequence[str]:
        """Return the provinces of the tab's first orders."""
        return run(self.session, _PROVINCES, {"merchant": merchant_id, "tab": tab}).scalars().all()

    def codes_seen(self, merchant_id: int, tab: MerchantTab) -> list[CodeSeen]:
        """Return the product codes of the tab's first orders, the commonest first."""
        rows = run(self.session, _CODES, {"merchant": merchant_id, "tab": tab})
        return [CodeSeen(line_id, code) for line_id, code in rows]

    def code_of_line(self, merchant_id: int, line_id: int) -> str | None:
        """Return the product code of the merchant's own line."""
        found = run(self.session, _CODE_OF_LINE, {"line": line_id, "merchant": merchant_id})
        return found.scalar()

    def _row_at(
        self, clauses: list[ColumnElement[bool]], cursor: Cursor | None, n: int, *, descending: bool
    ) -> Cursor | None:
        """Return the first row that is not among the next `n`: read off the index alone."""
        sort_at, row_id = col(Order.sort_at), col(Order.id)
        query: Select[Any] = select(sort_at, row_id).where(*clauses)
        if cursor is not None:
            query = query.where(_beyond(cursor, descending=descending))
        order = (sort_at.desc(), row_id.desc()) if descending else (sort_at, row_id)
        # The one OFFSET of the house: it skips a fixed number of index entries.
        found = run(self.session, query.order_by(*order).offset(n).limit(1)).one_or_none()
        return Cursor(found[0], found[1]) if found else None


def _beyond(place: Cursor, *, descending: bool) -> ColumnElement[bool]:
    """Return the condition of standing behind a place, in the direction of the walk."""
    here = tuple_(col(Order.sort_at), col(Order.id))
    there = tuple_(literal(place.sort_at, UtcDateTime), literal(place.id))
    return here < there if descending else here > there


def _cut(
    page: Page[OrderRow], end: Cursor | None, cursor: Cursor | None, *, descending: bool
) -> Page[OrderRow]:
    """Return the page with a cursor that goes on where the scan ended, and a way back."""
    if end is None:
        return page
    backward = cursor is not None and cursor.backward
    step = 1 if descending else -1  # just before the first row not looked at
    onward = Cursor(end.sort_at, end.id + step, backward=backward)
    if backward:
        return replace(page, before=onward, cut="before")
    back = page.before
    if back is None and cursor is not None:
        back = Cursor(cursor.sort_at, cursor.id - step, backward=True)
    return replace(page, before=back, after=onward, cut="after")
