"""Counts kept instead of counted: every move between tabs shifts them in the same transaction."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from core.entities import Binding, Counter
from storage.rows import run, table_of

COUNTERS = table_of(Counter)
_OF = select(col(Counter.name), col(Counter.n)).where(col(Counter.shop_id) == bindparam("shop"))


class Counters:
    """The counter table. Names: the tabs, and `changed`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, shop_id: int) -> dict[str, int]:
        """Return the shop's counts by name; a name never moved is absent."""
        return {name: n for name, n in run(self._session, _OF, {"shop": shop_id})}

    def shift(self, shop_id: int, moves: Mapping[str, int]) -> None:
        """Add each number to the count of that name."""
        rows = [{"shop": shop_id, "what": name, "by": n} for name, n in moves.items() if n]
        if rows:
            run(self._session, _upsert(self._session.get_bind().dialect.name), rows)

    def shift_open(self, moves: Mapping[int, int]) -> None:
        """Add each number to the count of live assignments of that binding."""
        for binding_id, by in moves.items():
            self._session.get_one(Binding, binding_id).open_count += by


@cache
def _upsert(dialect: str) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    added = insert(COUNTERS).values(
        shop_id=bindparam("shop"), name=bindparam("what"), n=bindparam("by")
    )
    return added.on_conflict_do_update(
        index_elements=["shop_id", "name"],
        set_={"n": COUNTERS.c.n + added.excluded.n},
    )
