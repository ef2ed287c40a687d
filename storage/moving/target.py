"""The database that is moved into: rows in, how far it is, and rows back out to be compared.

Rows and how far it is are written in one transaction: killed at any moment, no row is there twice
and none is missing before the mark. Nobody has worked with these tables yet, so beginning again
empties them whole (TRUNCATE); no rule of theirs is ever switched off.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.moving.shapes import Row, Shape, Tally
from storage.moving.source import HEAVIEST, MOST, Key
from storage.server_locks import LOCKS
from storage.server_moves import SCHEMA

_LOCK: Final = LOCKS + 0x6D
_NAME: Final = "daifa move"
_TABLES: Final = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
CREATE TABLE IF NOT EXISTS {SCHEMA}.move (
    number text NOT NULL, fingerprint text NOT NULL, step text NOT NULL,
    began_at timestamptz NOT NULL DEFAULT now(), whole_at timestamptz
);
CREATE TABLE IF NOT EXISTS {SCHEMA}.part (
    name text PRIMARY KEY, upto text NOT NULL, rows bigint NOT NULL, figure text NOT NULL,
    heaviest bigint NOT NULL
);
"""
_OTHERS: Final = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid != pg_backend_pid() AND application_name LIKE 'daifa%'
"""
_SERIAL: Final = """
SELECT setval(pg_get_serial_sequence($1, $2), $3::bigint + 1, false)
WHERE pg_get_serial_sequence($1, $2) IS NOT NULL
"""
_STANDING: Final = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
_PROGRESS: Final = (f"{SCHEMA}.move", f"{SCHEMA}.part")
# What a start over empty tables writes by itself, before anybody came.
_OWN: Final = {"key_mark", "clock_look"}


@dataclass(frozen=True, slots=True)
class Move:
    """A move that was begun here; `whole_at` once it is done and compared."""

    number: str
    fingerprint: str
    step: str
    began_at: datetime
    whole_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a table is here: everything up to a key, and its heaviest row's bytes."""

    upto: Key
    tally: Tally
    heaviest: int


class Target:
    """A connection to it that nobody else moves over; `target_at` gives one."""

    def __init__(self, raw: "asyncpg.Connection[Any]") -> None:
        self._raw = raw

    async def alone(self) -> bool:
        """Be the only one who moves here; False where another does, or where a house runs."""
        mine = await self._raw.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK)
        return bool(mine) and not await self._raw.fetchval(_OTHERS)

    async def begun(self) -> Move | None:
        """Return the move that was begun here."""
        if await self._raw.fetchval("SELECT to_regclass($1)", f"{SCHEMA}.move") is None:
            return None
        asked = f"SELECT number, fingerprint, step, began_at, whole_at FROM {SCHEMA}.move"  # noqa: S608
        row = await self._raw.fetchrow(asked)
        return Move(*row) if row else None

    async def occupied(self, shapes: Sequence[Shape]) -> list[str]:
        """Return the tables somebody's business is in."""
        looks = (f"SELECT '{one.name}' WHERE EXISTS (SELECT FROM \"{one.name}\")"  # noqa: S608
                 for one in shapes if one.name not in _OWN)  # fmt: skip
        return [name for (name,) in await self._raw.fetch(" UNION ALL ".join(looks))]

    async def begin(
        self, number: str, fingerprint: str, step: str, shapes: Sequence[Shape]
    ) -> None:
        """Begin a move, over tables emptied."""
        async with self._raw.transaction():
            await self._raw.execute(_TABLES)
            await self._emptied(shapes)
            asked = f"INSERT INTO {SCHEMA}.move (number, fingerprint, step) VALUES ($1, $2, $3)"  # noqa: S608
            await self._raw.execute(asked, number, fingerprint, step)

    async def forget(self, shapes: Sequence[Shape]) -> None:
        """Leave nothing of a move that was begun."""
        async with self._raw.transaction():
            await self._emptied(shapes)

    async def _emptied(self, shapes: Sequence[Shape]) -> None:
        stand = {row[0] for row in await self._raw.fetch(_STANDING)}  # an older version has fewer
        ours = [f'"{one.name}"' for one in shapes if one.name in stand]
        await self._raw.execute(f"TRUNCATE {', '.join([*_PROGRESS, *ours])}")

    async def parts(self) -> dict[str, Part]:
        """Return how far each table is."""
        asked = f"SELECT name, upto, rows, figure, heaviest FROM {SCHEMA}.part"  # noqa: S608
        return {
            name: Part(json.loads(upto), Tally(rows, int(figure, 16)), heaviest)
            for name, upto, rows, figure, heaviest in await self._raw.fetch(asked)
        }

    async def put(self, shape: Shape, rows: Sequence[Row], part: Part) -> None:
        """Add rows to a table, and how far it is now."""
        async with self._raw.transaction():
            await self._raw.copy_records_to_table(
                shape.name, records=map(shape.to_server, rows), columns=shape.columns
            )
            await self._raw.execute(
                f"INSERT INTO {SCHEMA}.part VALUES ($1, $2, $3, $4, $5) "  # noqa: S608
                "ON CONFLICT (name) DO UPDATE SET upto = excluded.upto, rows = excluded.rows, "
                "figure = excluded.figure, heaviest = excluded.heaviest",
                shape.name, json.dumps(part.upto), part.tally.rows, str(part.tally), part.heaviest,
            )  # fmt: skip

    async def number_on(self, shapes: Sequence[Shape]) -> None:
        """Let new rows be numbered past those that came, and the planner know the tables."""
        for shape in shapes:
            if (key := shape.numbered) is not None:
                last = await self._raw.fetchval(f'SELECT max("{key}") FROM "{shape.name}"')  # noqa: S608
                await self._raw.execute(_SERIAL, f'"{shape.name}"', key, max(last or 0, 0))
        await self._raw.execute("ANALYZE")

    async def batches(self, shape: Shape, heaviest: int) -> AsyncIterator[list[Row]]:
        """Give every row of a table as the file would have it, some at a time."""
        at_once = max(1, min(MOST, HEAVIEST // max(heaviest, 1)))
        columns = ", ".join(f'"{name}"' for name in shape.columns)
        async with self._raw.transaction(readonly=True):
            cursor = await self._raw.cursor(f'SELECT {columns} FROM "{shape.name}"')  # noqa: S608
            while rows := await cursor.fetch(at_once):
                yield [shape.from_server(row) for row in rows]

    async def finish(self) -> None:
        """Say that everything is here."""
        await self._raw.execute(f"UPDATE {SCHEMA}.move SET whole_at = now()")  # noqa: S608


@asynccontextmanager
async def target_at(url: URL) -> AsyncIterator[Target]:
    """Connect to the database. Raises one of `storage.server_faults.UNREACHED`."""
    engine = create_async_engine(
        url,
        poolclass=NullPool,
        json_deserializer=str,  # as it is written: that is compared, to the letter
        hide_parameters=True,
        connect_args={"timeout": 10, "server_settings": {"application_name": _NAME}},
    )
    try:
        async with engine.connect() as connection:
            yield Target((await connection.get_raw_connection()).driver_connection)
    finally:
        await engine.dispose()
