"""The floor on a server: every statement our visit runs, run again by bare asyncpg on a copy.

As `bench.statements` for a file. Statements find what they made by the draft's id, so they fit
another copy whatever order they come in; all but one, which is told here what it asked before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event

from bench.statements import Statement

NEWEST, SINCE = "SELECT max(audit.id)", "FROM audit WHERE id > $1"  # asked; and asked again since


@dataclass(slots=True)
class ServerTape:
    """The statements of one writing visit."""

    statements: list[Statement] = field(default_factory=list)

    async def run(self, raw: Any) -> None:
        """Run them all in one transaction as ours are, each prepared once by its connection."""
        newest = 0
        async with raw.transaction(isolation="repeatable_read"):
            for one in self.statements:
                if one.many:
                    await raw.executemany(one.sql, one.values)
                    continue
                values = (newest,) if SINCE in one.sql else one.values
                rows = await raw.fetch(one.sql, *values)
                if one.sql.startswith(NEWEST):
                    newest = rows[0][0] or 0


@contextmanager
def recording() -> Iterator[list[ServerTape]]:
    """Record what any engine runs, onto the last tape of the list; put a first one on it."""
    tapes: list[ServerTape] = []

    def run(_c: Connection, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:
        if tapes:
            tapes[-1].statements.append(Statement(sql, values, many))

    event.listen(Engine, "before_cursor_execute", run)
    try:
        yield tapes
    finally:
        event.remove(Engine, "before_cursor_execute", run)
