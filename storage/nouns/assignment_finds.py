"""A factory's orders found by what people write of them: tags, numbers, ends of numbers."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Executable, String, bindparam, column, select, text
from sqlmodel import col

from core.entities import Assignment, Binding, Order
from core.orders.views import FoundOrder
from storage.listed import within
from storage.nouns.base import Noun
from storage.nouns.stops import STOP_COLUMNS
from storage.rows import rows_of

AT_ONCE = 100  # ends looked up by one statement

_FOUND = select(
    col(Assignment.id), col(Assignment.tag), col(Order.id), col(Order.order_no),
    col(Assignment.merchant_id), col(Assignment.factory_id), col(Assignment.binding_id),
    col(Assignment.status), col(Order.created_at), *STOP_COLUMNS, col(Assignment.extra),
)  # fmt: skip
_OF_ORDER = col(Order.id) == col(Assignment.order_id)
_MINE = col(Assignment.factory_id) == bindparam("factory")
# `+ 0`: else SQLite takes an index of the factory and walks all it was ever given.
_MINE_TOO = col(Assignment.factory_id) + 0 == bindparam("factory")
_MERCHANTS = select(col(Binding.merchant_id)).where(col(Binding.factory_id) == bindparam("factory"))

_BY_IDS = (
    _FOUND.join(Order, _OF_ORDER)
    .where(_MINE_TOO, within(col(Assignment.id), "wanted"))
    .order_by(col(Assignment.id))
)
_BY_TAGS = (
    _FOUND.join(Order, _OF_ORDER)
    .where(_MINE, within(col(Assignment.tag), "wanted"))
    .order_by(col(Assignment.id))
)
_BY_NUMBERS = (
    _FOUND.join(Order, _OF_ORDER)
    .where(
        _MINE_TOO,
        col(Order.merchant_id).in_(_MERCHANTS),
        within(col(Order.order_no), "wanted"),
    )
    .order_by(col(Assignment.id))
)
# In words: SQLAlchemy builds its own VALUES anew each time, which takes 10 ms for a hundred. Both
# SQLite and PostgreSQL name their columns so.
_ends = (
    text("VALUES " + ", ".join(f"(:first{n}, :after{n})" for n in range(AT_ONCE)))
    .columns(column("column1", String), column("column2", String))
    .cte("ends")
)
_BY_ENDS = (
    _FOUND.select_from(_ends)
    .join(
        Order,
        (col(Order.reversed_no) >= _ends.c.column1) & (col(Order.reversed_no) < _ends.c.column2),
    )
    .join(Assignment, _OF_ORDER)
    .where(_MINE_TOO, col(Order.merchant_id).in_(_MERCHANTS))
    .order_by(col(Assignment.id))
)


class AssignmentFinds(Noun):
    """The finding half of `AssignmentStore`. A thing given twice is there twice."""

    def by_ids(self, factory_id: int, assignment_ids: Sequence[int]) -> Sequence[FoundOrder]:
        """Return these assignments of the factory."""
        return self._all(_BY_IDS, factory_id, assignment_ids)

    def by_tags(self, factory_id: int, tags: Sequence[str]) -> Sequence[FoundOrder]:
        """Return what the factory has, or had, under these tags."""
        return self._all(_BY_TAGS, factory_id, tags)

    def by_numbers(self, factory_id: int, numbers: Sequence[str]) -> Sequence[FoundOrder]:
        """Return what the factory has, or had, of the orders with these numbers."""
        return self._all(_BY_NUMBERS, factory_id, numbers)

    def by_ends(self, factory_id: int, ends: Sequence[str]) -> Sequence[FoundOrder]:
        """Return what the factory has, or had, of the orders whose numbers end so."""
        found: list[FoundOrder] = []
        for start in range(0, len(ends), AT_ONCE):
            some = [end[::-1] for end in ends[start : start + AT_ONCE]]
            some += some[-1:] * (AT_ONCE - len(some))
            asked: dict[str, Any] = {"factory": factory_id}
            for n, first in enumerate(some):
                after = first[:-1] + chr(ord(first[-1]) + 1)
                asked |= {f"first{n}": first, f"after{n}": after}
            found += _found(rows_of(self.session, _BY_ENDS, asked))
        return list(dict.fromkeys(found))

    def _all(self, query: Executable, factory_id: int, wanted: Sequence[Any]) -> list[FoundOrder]:
        return _found(rows_of(self.session, query, {"factory": factory_id, "wanted": wanted}))


def _found(rows: Iterable[Any]) -> list[FoundOrder]:
    return [FoundOrder(*row) for row in rows]
