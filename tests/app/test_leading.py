"""Several processes, one of them at work: who leads, who waits, when a leader stops by itself."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import URL, select
from typer.testing import CliRunner

from app.cli import app
from app.doctor import examine
from app.failures import CannotStart
from app.keeping import in_playground
from app.leading import Fenced, Leading
from app.roles import run_role
from app.settings import Settings
from core.entities import KeyMark
from storage.keyring import Keyring
from storage.leases import LeaseLost, Leases, lease_engine
from storage.postgres import open_server
from storage.sealing import Sealer
from storage.store import SqlStore, store_maker
from tests.server import server_database, told
from tests.sharing.servers import until

LIFE = 1.6  # seconds
TOKEN = "123456789:AAEabcdefghijklmnopqrstuvwxyz-_01234"


class Worker:
    """Work that is led: notes when it begins and ends, and writes what it is told to."""

    def __init__(self, leases: Leases, leading: Leading | None = None) -> None:
        self.leases = leases
        self.leading = leading
        self.database: Fenced | None = None
        self.ended: list[float] = []
        self.held_at_end: list[bool] = []

    async def work(self, database: Fenced) -> None:
        self.database = database
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)  # what is in flight
            self.held_at_end.append(any(one.held for one in await self.leases.standing()))
            self.ended.append(time.monotonic())
            self.database = None


@pytest.fixture
async def server() -> AsyncIterator[URL]:
    async with server_database() as url:
        yield url


@pytest.fixture
async def two(server: URL, tmp_path: Path) -> AsyncIterator[list[Worker]]:
    """Two processes that may do the same work."""
    async with AsyncExitStack() as stack:
        store = store_maker(Sealer(Keyring.load_or_create(tmp_path / "keys.json")))
        database = await stack.enter_async_context(open_server(server, store))
        workers = []
        for _ in range(2):
            engine = lease_engine(server, LIFE)
            stack.push_async_callback(engine.dispose)
            one = Worker(Leases(engine, life=LIFE))
            one.leading = Leading(one.leases, database, "courier-7", one.work, ask=0.05)
            workers.append(one)
        yield workers


def run(worker: Worker) -> "asyncio.Task[None]":
    assert worker.leading is not None
    return asyncio.create_task(worker.leading.run())


async def ended(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def mark(store: SqlStore) -> None:
    store.session.add(KeyMark(fingerprint="written", since=store.now))


async def test_one_works_the_other_waits_and_goes_on_at_once_when_it_is_stopped(
    two: list[Worker],
) -> None:
    one, other = two
    first = run(one)
    await until(lambda: one.database)
    second = run(other)
    await asyncio.sleep(1.2 * LIFE)  # renewed all the while
    assert other.database is None
    assert one.database is not None
    await one.database.write(mark)
    stopped = time.monotonic()
    await ended(first)
    await until(lambda: other.database)
    assert time.monotonic() - stopped < LIFE
    assert one.held_at_end == [True]  # what was in flight ended while nobody else led
    await ended(second)


async def test_a_leader_that_was_replaced_writes_nothing_and_stops(
    two: list[Worker], server: URL
) -> None:
    one, _ = two
    first = run(one)
    await until(lambda: one.database)
    database = one.database
    assert database is not None
    await told("UPDATE lease SET turn = turn + 1, holder = 'another', "
               "until = now() + interval '1 hour'", at=server)  # fmt: skip
    with pytest.raises(LeaseLost):
        await database.write(mark)
    await until(lambda: one.ended)
    assert await database.read(lambda store: store.session.scalars(select(KeyMark)).all()) == []
    await ended(first)


async def test_a_leader_that_cannot_renew_stops_before_its_lease_ends(
    two: list[Worker], server: URL
) -> None:
    one, _ = two
    first = run(one)
    await until(lambda: one.database)
    await told("BEGIN", "SELECT 1 FROM lease FOR UPDATE", "SELECT pg_sleep(1.8)", at=server)
    assert one.ended
    await ended(first)
    assert one.held_at_end == [True], "its lease had ended before its work did"


def test_made_up_people_never_come_into_the_operators_database(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, var=tmp_path, database_url="postgresql://host/name")
    assert settings.server is not None
    assert in_playground(settings).server is None


async def test_a_role_over_a_file_leaves_with_a_sentence(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, var=tmp_path, bot_token=TOKEN)
    with pytest.raises(CannotStart, match="a SQLite file has one: set DAIFA_DATABASE_URL"):
        await run_role("web", settings)
    settings = Settings(_env_file=None, var=tmp_path, database_url="postgresql://host/name")
    with pytest.raises(CannotStart, match="daifa courier needs DAIFA_BOT_TOKEN"):
        await run_role("courier", settings)


def test_each_role_is_a_command_that_says_how_many_of_it_there_are() -> None:
    for role, words in (("web", "any number"), ("courier", "waits"), ("scheduler", "waits")):
        assert words in CliRunner().invoke(app, [role, "--help"]).output


async def test_the_doctor_says_who_leads(
    two: list[Worker], server: URL, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(two[0])
    await until(lambda: two[0].database)
    url = server.render_as_string(hide_password=False)
    settings = Settings(
        _env_file=None, var=tmp_path, database_url=url, bot_token=TOKEN,
        telegram_api="http://127.0.0.1:1",
    )  # fmt: skip
    await examine(settings)
    assert "At work: courier-7 since" in " ".join(capsys.readouterr().out.split())
    await ended(first)
