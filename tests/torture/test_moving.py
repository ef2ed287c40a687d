"""An installation moved from its file into PostgreSQL: all of it, killed at any moment, at work.

What came over is compared here once more, by other means than the command's own.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import URL, select

from app.building import open_database
from app.moving import move_back, move_over
from app.preparing import prepare
from app.settings import Settings
from bench.millions import fill
from core.services import Services
from core.tables import metadata
from core.values import Rules
from playground.people import DEFAULT_BOT
from storage.database import Database
from storage.moved import FileMoved
from storage.server_moves import SCHEMA, MoveUnfinished
from storage.store import SqlStore
from tests.core.firm import Firm, founded
from tests.core.truth import faults
from tests.proof import Proving
from tests.server import server_database
from tests.torture.commands import Operator
from tests.torture.manor import full_house, lamp

Rows = dict[str, list[str]]


@pytest.fixture
async def url() -> AsyncIterator[URL]:
    """An empty database of a server."""
    async with server_database() as url:
        yield url


def on_file(folder: Path) -> Settings:
    return Settings(_env_file=None, var=folder)


def on_server(folder: Path, url: URL) -> Settings:
    there = url.render_as_string(hide_password=False)
    return on_file(folder).model_copy(update={"database_url": there})


def rows_of(store: SqlStore) -> Rows:
    """Return every row of every table as entities' columns give it, in an order of their own."""
    return {
        table.name: sorted(repr(tuple(row)) for row in store.session.execute(select(table)))
        for table in metadata.sorted_tables
        if table.name != "lease"
    }


async def test_a_full_house_moves_and_goes_on_where_it_was(
    tmp_path: Path, url: URL, proves: Proving
) -> None:
    async with founded(tmp_path) as firm:
        await firm.binds()
        await full_house(firm)
    async with open_database(on_file(tmp_path)) as database:
        before = await database.read(rows_of)
        owed = await database.write(_claimed)
        await database.write(lambda store: store.alerts.release())
    said: list[str] = []
    told = await move_over(on_server(tmp_path, url), said.append)
    assert "read back and compared: all the same" in told
    with pytest.raises(FileMoved, match="daifa move --back"):
        async with open_database(on_file(tmp_path)):
            pass
    settings = on_server(tmp_path, url)
    async with open_database(settings) as database:
        after = await database.read(rows_of)
        wrong = {name for name in before if before[name] != after[name]}
        assert wrong <= {"alert"}  # the leases given and taken back above
        assert await database.read(faults) == []
        assert await database.write(_claimed) == owed
        await _goes_on(database, firm)
        assert await database.read(faults) == []
    assert "already, whole" in await move_over(settings, said.append)
    assert "this version's" in await prepare(settings)
    full = sum(1 for rows in before.values() if rows)
    proves.saw("tables of a full house moved, equal row for row", f"{full} with rows", "all")
    proves.saw("rows", f"{sum(map(len, before.values())):,}")


def _claimed(store: SqlStore) -> list[int | None]:
    return [one.id for one in store.alerts.claim(500, store.now + timedelta(1), ())]


async def _goes_on(database: Database[SqlStore], firm: Firm) -> None:
    """Bring an order in, assign it, show its recipient to the factory, ship it."""
    house = Firm(database, Services(Rules()), firm.watch, firm.people, firm.numbers)
    await house.imports([lamp(9001)])
    partner = house.people["partner"]
    [given] = await house.assigns(9001, factory="partner")
    look = house.services.looking.look
    seen = await database.write(lambda store: look(store, partner, given, (1, 2, 3)))
    assert "13700001111" in repr(seen)
    await house.does(house.services.shipping.reply, partner, given, "SF1234567890999")


async def test_a_move_killed_at_any_moment_ends_whole_and_single(
    tmp_path: Path, url: URL, proves: Proving
) -> None:
    kills, dice = proves.size(1, 30), random.Random(8)
    folder = tmp_path / "house"
    folder.mkdir()
    filled = await fill(folder, folder / "keys.json", proves.size(300, 20_000))
    filled.path.rename(folder / "daifa.sqlite3")
    there = (("DAIFA_DATABASE_URL", url.render_as_string(hide_password=False)),)
    operator = Operator(folder, "http://127.0.0.1:9", DEFAULT_BOT.token, there)
    killed, halves = 0, 0
    with (tmp_path / "log").open("w") as log:
        while killed < kills:
            moving = operator.starts(log, "move")
            await _has_moved(url, killed * filled.orders * 10 // kills)  # of over eleven for each
            await asyncio.sleep(dice.random() * 0.2)
            moving.kill()
            killed += moving.wait() == -9
            try:
                async with open_database(on_server(folder, url)):
                    break  # it was quicker
            except MoveUnfinished:
                halves += 1
    said = await operator.runs("move", patience=600)
    assert said.code == 0, said.text
    settings = on_server(folder, url)
    async with open_database(settings) as database:
        there_now = await database.read(rows_of)
    with_mark = move_back(settings)
    assert "worked with again" in with_mark
    async with open_database(on_file(folder)) as database:
        here = await database.read(rows_of)
    noted = {"alert", "clock_look", "feed_item", "key_mark"}  # what going back notes
    assert {name for name in here if here[name] != there_now[name]} <= noted
    assert len(here["orders"]) == filled.orders
    proves.saw("moves killed and gone on with, each row there once", f"{killed}", "all")
    proves.saw("starts over a half of one, refused", halves)


async def _has_moved(url: URL, rows: int) -> None:
    """Wait until a move has brought so many rows over, or is done."""
    asked = (
        f"SELECT (SELECT sum(rows) FROM {SCHEMA}.part), (SELECT max(whole_at) FROM {SCHEMA}.move)"
    )
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    raw = await asyncpg.connect(plain)
    try:
        async with asyncio.timeout(60):
            while True:
                await asyncio.sleep(0.01)
                if await raw.fetchval("SELECT to_regclass($1)", f"{SCHEMA}.move") is None:
                    continue
                brought, whole = await raw.fetchrow(asked)
                if (brought or 0) >= rows or whole is not None:
                    return
    finally:
        await raw.close()


async def test_how_long_a_large_house_takes(tmp_path: Path, url: URL, proves: Proving) -> None:
    if not proves.full:
        pytest.skip("a figure of make torture")
    filled = await fill(tmp_path, tmp_path / "keys.json", proves.size(1_000, 100_000))
    filled.path.rename(tmp_path / "daifa.sqlite3")
    began = time.monotonic()
    said = await move_over(on_server(tmp_path, url), lambda _: None)
    [line] = [one for one in said.splitlines() if one.startswith("Moved into")]
    proves.saw(f"{filled.orders:,} orders moved and compared", f"{time.monotonic() - began:.0f} s")
    proves.saw("as the command itself says", line.partition(": ")[2])
