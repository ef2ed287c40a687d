"""What a writing visit decides by and does not write, held on PostgreSQL until it commits.

A snapshot alone leaves one hole: of two visits at once each may decide by a row the other writes
(https://www.postgresql.org/docs/current/transaction-iso.html#XACT-REPEATABLE-READ). Three things
close it, each in one place:

- What is recorded about an order makes its row a new one (`storage.feeding`). Two visits that act
  on one order meet there, and the second begins again, whatever rows they wrote.
- Shops and bindings are held FOR SHARE by whoever loads one: it ends before, or not yet.
- Who ends one begins again behind a lock on the table, taken before the snapshot: all that was
  decided by it meanwhile is there to be seen. Ending is rare, and the lock is held for a moment.
"""

from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Select, event, inspect
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session, SQLModel

from core.entities import Binding, Shop

HELD: Final[tuple[type[SQLModel], ...]] = (Binding, Shop)
ALONE: Final = "daifa_alone"  # in a session's `info`: the tables this visit locked first
_held: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


class AloneFirst(Exception):
    """The visit is to begin anew with this table locked before anything is read."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


class ServerSession(Session):
    """The session of a writing visit on a server."""


@event.listens_for(ServerSession, "do_orm_execute")
def _hold(state: ORMExecuteState) -> None:
    if state.is_select and not state.is_column_load and not state.is_relationship_load:
        statement = state.statement
        if statement not in _held:
            _held[statement] = _holding(statement)
        state.statement = _held[statement]


@event.listens_for(ServerSession, "before_flush")
def _end_alone(session: Session, _context: Any, _instances: Any) -> None:
    for row in session.dirty:
        if isinstance(row, HELD) and _ends(row):
            table = str(row.__tablename__)
            if table not in session.info.get(ALONE, ()):
                raise AloneFirst(table)


def _ends(row: Any) -> bool:
    column, over = ("status", "unbound") if isinstance(row, Binding) else ("closed_at", None)
    value = getattr(row, column)
    changed = inspect(row).attrs[column].history.has_changes()
    return bool(changed and (value == over if over else value is not None))


def _holding(statement: Any) -> Any:
    """Return the statement with what it loads held, where that is one of `HELD`."""
    if not isinstance(statement, Select) or statement._for_update_arg is not None:
        return statement
    selected = [one["expr"] for one in statement.column_descriptions]
    loaded = [held for held in HELD if any(one is held for one in selected)]
    if not loaded or statement._distinct or statement._group_by_clauses:
        return statement
    return statement.with_for_update(read=True, of=loaded)
