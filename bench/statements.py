"""The floor of a tap: every statement our path runs, run again by bare sqlite3 on a copy.

What is recorded on one copy of a database fits another copy of it, number by number: ids are given
out alike, and everything else stands in the parameters.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from storage.sqlite import connect


@dataclass(frozen=True, slots=True)
class Statement:
    """One call of the driver."""

    sql: str
    values: Any = ()
    many: bool = False


@dataclass(slots=True)
class Tape:
    """The statements of one update, BEGIN, COMMIT and ROLLBACK among them."""

    statements: list[Statement] = field(default_factory=list)

    def run(self, raw: sqlite3.Connection) -> None:
        """Run them all, and read every row that comes."""
        for one in self.statements:
            if one.many:
                raw.executemany(one.sql, one.values)
            else:
                raw.execute(one.sql, one.values).fetchall()


@contextmanager
def recording() -> Iterator[list[Tape]]:
    """Record what any engine runs, onto the last tape of the list; put a first one on it."""
    tapes: list[Tape] = []

    def add(sql: str, values: Any = (), many: bool = False) -> None:
        if tapes:
            tapes[-1].statements.append(Statement(sql, values, many))

    def begin(connection: Connection) -> None:
        raw: Any = connection.connection.driver_connection
        reads = raw.execute("PRAGMA query_only").fetchone()[0]
        add("BEGIN DEFERRED" if reads else "BEGIN IMMEDIATE")

    def run(_c: Connection, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:
        add(sql, values, many)

    def commit(_: Connection) -> None:
        add("COMMIT")

    def rollback(_: Connection) -> None:
        add("ROLLBACK")

    listeners: dict[str, Callable[..., Any]] = {
        "begin": begin, "before_cursor_execute": run, "commit": commit, "rollback": rollback,
    }  # fmt: skip
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        yield tapes
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)


def bare(path: Path) -> sqlite3.Connection:
    """Open a copy as our own connections are opened: the same pragmas, nothing on top."""
    return connect(path)
