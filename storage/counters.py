"""Counts kept instead of counted: every move between tabs shifts them in the same transaction."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select, text
from sqlmodel import Session, col

from core.entities import Binding, Counter
from storage.rows import rows_of, run

_OF = select(col(Counter.name), col(Counter.n)).where(col(Counter.shop_id) == bindparam("shop"))
# In words: SQLAlchemy builds a dialect's own upsert anew each time, which takes 300 µs.
_SHIFT = text(
    "INSERT INTO counter (shop_id, name, n) VALUES (:shop, :what, :by) "
    "ON CONFLICT (shop_id, name) DO UPDATE SET n = counter.n + excluded.n"
)


class Counters:
    """The counter table. Names: the tabs, and `changed`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, shop_id: int) -> dict[str, int]:
        """Return the shop's counts by name; a name never moved is absent."""
        return {name: n for name, n in rows_of(self._session, _OF, {"shop": shop_id})}

    def shift(self, shop_id: int, moves: Mapping[str, int]) -> None:
        """Add each number to the count of that name."""
        rows = [{"shop": shop_id, "what": name, "by": n} for name, n in moves.items() if n]
        if rows:
            run(self._session, _SHIFT, rows)

    def shift_open(self, moves: Mapping[int, int]) -> None:
        """Add each number to the count of live assignments of that binding."""
        for binding_id, by in moves.items():
            self._session.get_one(Binding, binding_id).open_count += by
