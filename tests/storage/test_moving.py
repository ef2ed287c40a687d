"""An installation moved from its file into a server's database: whole or not at all, in words."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import URL

from storage.errors import DatabaseUnavailable
from storage.inspecting import FileRefused
from storage.migrate import upgrade
from storage.moved import FileMoved, mark_back, moved_to
from storage.moving.mover import Compared, move
from storage.moving.refusals import MoveCutShort, MoveDiffers, MoveRefused
from storage.server_moves import MoveUnfinished
from storage.server_steps import differences_of, upgrade_server
from tests.core.firm import founded, incoming
from tests.server import server_database, told

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'daifa move'"


_made: list[bytes] = []


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A small installation: two bound shops and three orders, two of them assigned."""
    path = tmp_path / "daifa.sqlite3"
    if not _made:
        async with founded(tmp_path / "first") as firm:
            await firm.binds()
            await firm.imports([incoming(n) for n in (1, 2, 3)])
            await firm.assigns(1, 2)
            await firm.database.write(lambda store: store.key_mark("these keys"))
        _made.append((tmp_path / "first" / path.name).read_bytes())
    path.write_bytes(_made[0])
    return path


@pytest.fixture
async def url() -> AsyncIterator[URL]:
    """A database with nobody in it."""
    async with server_database() as url:
        yield url


async def moves(file: Path, url: URL) -> tuple[list[Compared], list[str]]:
    said: list[str] = []
    return await move(file, url, said.append), said


def changes(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as raw, raw:
        for statement in statements:
            raw.execute(statement)


async def count(url: URL, table: str) -> int:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))
    finally:
        await connection.close()


async def cut_short(file: Path, url: URL, table: str) -> None:
    """Move until a table of the server refuses, as a full disk would."""
    await upgrade_server(url)
    full = "BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END"
    await told(
        f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ {full} $$",
        f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} EXECUTE FUNCTION full_disk()", at=url,
    )  # fmt: skip
    with pytest.raises(MoveCutShort, match="no space left"):
        await moves(file, url)
    await told(f"DROP TRIGGER full_disk ON {table}", "DROP FUNCTION full_disk()", at=url)


async def test_everything_comes_over_and_the_file_says_where_it_went(file: Path, url: URL) -> None:
    changes(file, "UPDATE import_draft SET chat_id = -1007000000001")  # as Telegram numbers groups
    compared, _ = await moves(file, url)
    assert all(one.same for one in compared)
    assert {one.name: one.there.rows for one in compared}["orders"] == 3
    assert await differences_of(url) == []
    assert await upgrade_server(url) is False
    with pytest.raises(FileMoved, match=f"moved to {url.database} on .*daifa move --back"):
        upgrade(file)
    assert await moves(file, url) == ([], [])
    mark_back(file)
    assert moved_to(file) is None
    upgrade(file)


async def test_nobody_starts_over_a_half_and_the_same_command_goes_on(file: Path, url: URL) -> None:
    await cut_short(file, url, "assignment")
    assert (await count(url, "orders"), await count(url, "assignment")) == (3, 0)
    with pytest.raises(MoveUnfinished, match="Run daifa move again"):
        await upgrade_server(url)
    assert moved_to(file) is None
    compared, said = await moves(file, url)
    assert said[0] == "Going on where it stopped."
    assert all(one.same for one in compared)
    assert await count(url, "orders") == 3


async def test_a_file_that_changed_meanwhile_is_moved_anew(file: Path, url: URL) -> None:
    await cut_short(file, url, "assignment")
    changes(file, "UPDATE orders SET revision = revision + 7 WHERE id = 2")
    compared, said = await moves(file, url)
    assert "beginning anew" in said[0]
    assert all(one.same for one in compared)


async def test_a_move_cut_off_at_any_moment_is_gone_on_with(file: Path, url: URL) -> None:
    async def cuts() -> None:
        while True:
            await asyncio.sleep(0.07)
            await told(CUT)

    cutting, cut = asyncio.create_task(cuts()), 0
    while True:
        try:
            compared, _ = await moves(file, url)
            break
        except (MoveCutShort, DatabaseUnavailable):
            cut += 1
            if cut == 3:
                cutting.cancel()
    cutting.cancel()
    assert all(one.same for one in compared)
    assert await count(url, "orders") == 3


async def test_what_is_not_there_as_it_was_sent_is_found(file: Path, url: URL) -> None:
    """A server that changes what it keeps: nobody may work with that."""
    await told(
        "CREATE FUNCTION bent() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$",
        "CREATE TRIGGER bent BEFORE INSERT ON shop FOR EACH ROW EXECUTE FUNCTION bent()", at=url,
    )  # fmt: skip
    with pytest.raises(MoveDiffers, match=r"differs from the file in: shop\."):
        await moves(file, url)
    assert moved_to(file) is None
    assert await count(url, "shop") == 0


async def test_a_database_somebody_works_with_or_holds_business_in_is_refused(
    file: Path, url: URL, tmp_path: Path
) -> None:
    house = await asyncpg.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False),
        server_settings={"application_name": "daifa"},
    )
    with pytest.raises(MoveRefused, match="A house runs over"):
        await moves(file, url)
    await house.execute("INSERT INTO chat (chat_id, unreachable_since) VALUES (5, now())")
    await house.close()
    with pytest.raises(MoveRefused, match=r"somebody's business already \(chat\)"):
        await moves(file, url)
    assert await count(url, "chat") == 1
    await told("DELETE FROM chat", at=url)
    await moves(file, url)

    async with founded(tmp_path / "other") as firm:
        await firm.database.write(lambda store: store.key_mark("other keys"))
    with pytest.raises(MoveRefused, match="Another installation"):
        await moves(tmp_path / "other" / "daifa.sqlite3", url)
    mark_back(file)
    with pytest.raises(MoveRefused, match="holds what was moved into it"):
        await moves(file, url)


async def test_what_a_server_never_keeps_is_refused_or_left_out_by_name(
    file: Path, url: URL
) -> None:
    changes(file, "UPDATE orders SET revision = 99999999999 WHERE id = 1")
    with pytest.raises(MoveRefused, match="A row of orders cannot be kept"):
        await moves(file, url)
    changes(
        file, "UPDATE orders SET revision = 1 WHERE id = 1",
        "UPDATE shop SET name = '小' || char(0) || '满'",
        r"""UPDATE shop SET reminders = '{"a":"x\u0000y"}'""",
    )  # fmt: skip
    compared, said = await moves(file, url)
    assert all(one.same for one in compared)
    assert "Left out of 2 rows of shop: the character NUL, which PostgreSQL cannot keep." in said


async def test_a_file_that_is_not_whole_is_refused(file: Path, url: URL) -> None:
    changes(file, "PRAGMA foreign_keys = OFF", "DELETE FROM account WHERE id = 1")
    with pytest.raises(MoveRefused, match=r"is not whole .* points nowhere"):
        await moves(file, url)
    other = file.with_name("other.sqlite3")
    other.write_bytes(b"no database at all")
    with pytest.raises(FileRefused):
        await moves(other, url)
