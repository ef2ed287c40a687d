"""Keyset pages: read on from the last row seen, on an index. Every page costs the same."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, literal, tuple_
from sqlmodel import Session

from core.columns import UtcDateTime
from core.orders.views import Cursor, Page

R = TypeVar("R")


def keyset_page(
    session: Session,
    query: Select[Any],
    keys: tuple[Any, Any],
    cursor: Cursor | None,
    limit: int,
    *,
    make: Callable[[Sequence[Any]], list[R]],
    newest_first: bool = False,
) -> Page[R]:
    """Return the page after (or before) `cursor`.

    `keys` are the two columns that order the list (time, id); every row's last two columns must
    be the same two. `make` turns raw rows into the rows of the page.
    """
    backward = cursor is not None and cursor.backward
    descending = newest_first != backward
    sort_at, row_id = keys
    if cursor is not None:
        here = tuple_(sort_at, row_id)
        place = tuple_(literal(cursor.sort_at, UtcDateTime), literal(cursor.id))
        query = query.where(here < place if descending else here > place)
    order = (sort_at.desc(), row_id.desc()) if descending else (sort_at, row_id)
    found = session.execute(query.order_by(*order).limit(limit + 1)).all()
    return page_of(found, cursor, limit, make=make)


def page_of(
    found: Sequence[Any], cursor: Cursor | None, limit: int, *,
    make: Callable[[Sequence[Any]], list[R]],
) -> Page[R]:  # fmt: skip
    """Return the page of rows read on from `cursor`, where one more than `limit` was asked for."""
    backward = cursor is not None and cursor.backward
    more = len(found) > limit
    rows = list(found[:limit])
    if backward:
        rows.reverse()
    has_before = more if backward else cursor is not None
    has_after = cursor is not None if backward else more
    return Page(
        make(rows),
        Cursor(rows[0][-2], rows[0][-1], backward=True) if rows and has_before else None,
        Cursor(rows[-1][-2], rows[-1][-1]) if rows and has_after else None,
    )
