"""The move itself: begun or gone on with, every table brought over, compared, and marked as whole.

What counts is what is in the file, not when it was touched: going on, the part that is there
already is compared with the file first, and a file that has changed is brought over anew.
"""

import secrets
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
from sqlalchemy import URL

from storage.errors import DatabaseUnavailable
from storage.inspecting import faults_of
from storage.migrate import Migrations
from storage.moved import mark_moved, moved_to
from storage.moving.refusals import MoveCutShort, MoveDiffers, MoveRefused
from storage.moving.shapes import Shape, Tally, shapes, weighed
from storage.moving.source import Source, opened
from storage.moving.target import Move, Part, Target, target_at
from storage.server_faults import UNREACHED, reason_of
from storage.server_steps import upgrade_server
from storage.server_url import server_name

# The server's rules, or its types, say no to a row: the same again says the same.
_NEVER: Final = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, OverflowError)
Tell = Callable[[str], object]
_OFTEN: Final = 100_000  # rows of a table between two lines about it


@dataclass(frozen=True, slots=True)
class Compared:
    """A table on both sides."""

    name: str
    here: Tally
    there: Tally

    @property
    def same(self) -> bool:
        """Return whether the two are the same to the last byte."""
        return self.here == self.there


async def move(path: Path, url: URL, tell: Tell) -> list[Compared]:
    """Bring all that is in the file to the database, and compare it; the file is marked then.

    Call it with the house's lock held, over a file at the last step. Nothing to do: no tables.
    Raises `MoveRefused`, `MoveCutShort`, `MoveDiffers`, `DatabaseUnavailable`,
    `storage.migrate.MigrationError`, `storage.inspecting.FileRefused`, `OSError`.
    """
    tables, where = shapes(), server_name(url)
    async with _server(url) as target:
        if not await target.alone():
            raise MoveRefused(f"A house runs over {where}, or another move into it. Stop it first.")
        with opened(path) as source:
            begun = await _taken_up(path, url, source, target, tell)
            if begun.whole_at is not None:
                return []
            parts = await target.parts()
            for shape in tables:
                await _bring(source, target, shape, parts.get(shape.name), tell)
            tell("Comparing …")
            compared = await _compare(source, target, tables)
        if wrong := [one.name for one in compared if not one.same]:
            await target.forget(tables)
            raise MoveDiffers(where, wrong)
        await target.number_on(tables)
        mark_moved(path, where, begun.number)
        await target.finish()
    return compared


@asynccontextmanager
async def _server(url: URL) -> AsyncIterator[Target]:
    """Connect, and say what the server's errors mean for the move."""
    where, connected = server_name(url), False
    try:
        async with target_at(url) as target:
            connected = True
            yield target
    except (*UNREACHED, sqlite3.Error) as error:
        if not connected:
            raise DatabaseUnavailable(where, reason_of(error)) from error
        raise MoveCutShort(where, reason_of(error)) from error


async def _taken_up(path: Path, url: URL, source: Source, target: Target, tell: Tell) -> Move:
    """Return the move to go on with: one that was cut short where it still fits, or a new one."""
    where, head = server_name(url), Migrations().head() or ""
    begun = await target.begun()
    if begun is not None and begun.fingerprint != source.fingerprint():
        raise MoveRefused(
            f"Another installation was moved into {where}. Give this one an empty database."
        )
    if begun is not None and begun.whole_at is not None:
        moved = moved_to(path)
        if moved is None or moved.number != begun.number:
            raise MoveRefused(
                f"{where} holds what was moved into it on {begun.began_at:%Y-%m-%d %H:%M} UTC, and "
                "perhaps more since. Give the file an empty database."
            )
        return begun
    if begun is not None:
        if begun.step == head and await _fits(source, target):
            tell("Going on where it stopped.")
            return begun
        tell("The file has changed since the move began, or this version has: beginning anew.")
        await target.forget(shapes())
    return await _begun(path, url, source, target, head)


async def _fits(source: Source, target: Target) -> bool:
    """Return whether all that is there already is still what is in the file."""
    parts = await target.parts()
    return all(
        source.tally(shape, parts[shape.name].upto) == parts[shape.name].tally
        for shape in shapes()
        if shape.name in parts
    )


async def _begun(path: Path, url: URL, source: Source, target: Target, head: str) -> Move:
    where = server_name(url)
    if whole := faults_of(path):
        raise MoveRefused(
            f"The file {path} is not whole ({whole[0]}). Put the newest backup back first: "
            "daifa restore FILE"
        )
    await upgrade_server(url)
    if taken := await target.occupied(shapes()):
        raise MoveRefused(
            f"{where} holds somebody's business already ({', '.join(taken[:3])}). Give the file "
            "an empty database."
        )
    await target.begin(secrets.token_hex(8), source.fingerprint(), head, shapes())
    begun = await target.begun()
    assert begun is not None  # noqa: S101 - the line above
    return begun


async def _bring(
    source: Source, target: Target, shape: Shape, part: Part | None, tell: Tell
) -> None:
    """Bring a table over, from where it is."""
    told = _OFTEN
    for batch in source.batches(shape, part.upto if part else None):
        before = part or Part([], Tally(), 0)
        part = Part(
            shape.key_of(batch.rows[-1]), before.tally.and_of(batch.figures),
            max(before.heaviest, batch.heaviest),
        )  # fmt: skip
        try:
            await target.put(shape, batch.rows, part)
        except _NEVER as error:
            raise MoveRefused(
                f"A row of {shape.name} cannot be kept there ({reason_of(error)}); the file is as "
                "it was. Please send us this sentence."
            ) from error
        if part.tally.rows >= told:
            tell(f"  {shape.name}: {part.tally.rows:,} rows …")
            told = part.tally.rows + _OFTEN
    if left_out := source.left_out[shape.name]:
        tell(
            f"Left out of {left_out} rows of {shape.name}: the character NUL, which PostgreSQL "
            "cannot keep."
        )


async def _compare(source: Source, target: Target, tables: Sequence[Shape]) -> list[Compared]:
    """Read everything back, table by table."""
    parts, compared = await target.parts(), []
    for shape in tables:
        part = parts.get(shape.name) or Part([], Tally(), 0)
        here = Tally(source.count(shape), part.tally.figure)
        there = Tally()
        async for batch in target.batches(shape, part.heaviest):
            there = there.and_of(weighed(row)[0] for row in batch)
        compared.append(Compared(shape.name, here, there))
    return compared
