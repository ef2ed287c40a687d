"""Counts kept instead of counted: every move between tabs shifts them in the same transaction.

On SQLite a shift changes the count itself. On PostgreSQL many shift one shop's at once, and would
refuse each other: there a shift is a row of its own, seen in every count at once, and `fold` adds
them up now and then.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Executable, bindparam, func, select, text, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col

from core.entities import Binding, Counter, CounterDelta
from storage.rows import rows_of, run, table_of

_OF = select(col(Counter.name), col(Counter.n)).where(col(Counter.shop_id) == bindparam("shop"))
# In words: SQLAlchemy builds a dialect's own upsert anew each time, which takes 300 µs.
_SHIFT = text(
    "INSERT INTO counter (shop_id, name, n) VALUES (:shop, :what, :by) "
    "ON CONFLICT (shop_id, name) DO UPDATE SET n = counter.n + excluded.n"
)
# As a statement: through the object it is a read and an update found by comparing, at 200 µs.
_SHIFT_OPEN = (
    update(table_of(Binding))
    .where(table_of(Binding).c.id == bindparam("binding"))
    .values(open_count=table_of(Binding).c.open_count + bindparam("by"))
)
_OF_SUMMED = text(
    "SELECT name, CAST(sum(n) AS integer) FROM ("
    "SELECT name, n FROM counter WHERE shop_id = :shop UNION ALL "
    "SELECT name, n FROM counter_delta WHERE shop_id = :shop) AS counted GROUP BY name"
)
_APPEND = text("INSERT INTO counter_delta (shop_id, name, n) VALUES (:shop, :what, :by)")
_APPEND_OPEN = text("INSERT INTO counter_delta (binding_id, name, n) VALUES (:binding, '', :by)")
_FOLD: Final = (
    text(
        "WITH gone AS (DELETE FROM counter_delta WHERE shop_id IS NOT NULL RETURNING *) "
        "INSERT INTO counter (shop_id, name, n) "
        "SELECT shop_id, name, sum(n) FROM gone GROUP BY shop_id, name ORDER BY shop_id, name "
        "ON CONFLICT (shop_id, name) DO UPDATE SET n = counter.n + excluded.n"
    ),
    text(
        "WITH gone AS (DELETE FROM counter_delta WHERE binding_id IS NOT NULL RETURNING *), "
        "summed AS (SELECT binding_id, sum(n) AS n FROM gone GROUP BY binding_id) "
        "UPDATE binding SET open_count = open_count + summed.n FROM summed "
        "WHERE binding.id = summed.binding_id AND summed.n != 0"
    ),
)
_WAITING = select(func.coalesce(func.sum(CounterDelta.n), 0))
_OPEN_WAITING = _WAITING.where(col(CounterDelta.binding_id) == bindparam("binding"))
# What a binding has open: its own count, and the shifts that are not in it yet.
OPEN_OF_BINDING = col(Binding.open_count) + (
    _WAITING.where(col(CounterDelta.binding_id) == col(Binding.id))
    .correlate(Binding)
    .scalar_subquery()
)


class Counters:
    """The counter table. Names: the tabs, and `changed`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._served = session.get_bind().dialect.name != "sqlite"

    def of(self, shop_id: int) -> dict[str, int]:
        """Return the shop's counts by name; a name never moved is absent."""
        query = _OF_SUMMED if self._served else _OF
        return {name: n for name, n in rows_of(self._session, query, {"shop": shop_id})}

    def shift(self, shop_id: int, moves: Mapping[str, int]) -> None:
        """Add each number to the count of that name."""
        rows = [{"shop": shop_id, "what": name, "by": n} for name, n in moves.items() if n]
        if rows:
            self._add(_APPEND if self._served else _SHIFT, rows)

    def shift_open(self, moves: Mapping[int, int]) -> None:
        """Add each number to the count of live assignments of that binding."""
        rows = [{"binding": one, "by": n} for one, n in moves.items() if n]
        if not rows:
            return
        self._add(_APPEND_OPEN if self._served else _SHIFT_OPEN, rows)
        if self._served:
            return
        for row in rows:
            loaded = self._session.identity_map.get(identity_key(Binding, row["binding"]))
            if loaded is not None and "open_count" in loaded.__dict__:
                set_committed_value(loaded, "open_count", loaded.open_count + row["by"])

    def open_of(self, binding: Binding) -> int:
        """Return how many assignments of a binding are live."""
        if not self._served:
            return binding.open_count
        waiting = rows_of(self._session, _OPEN_WAITING, {"binding": binding.id})
        return binding.open_count + int(waiting[0][0])

    def fold(self) -> None:
        """Add the shifts up that have been committed so far."""
        if self._served:
            for statement in _FOLD:
                run(self._session, statement)

    def _add(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it without writing the visit's changed objects first: none has a say in a count.

        Each would be an UPDATE of its own here, and another when it has changed on.
        """
        self._session.connection().execute(statement, rows)
