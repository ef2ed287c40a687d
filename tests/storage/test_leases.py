"""Who does what only one may, among several machines: one at a time, and nobody late is heard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import URL

from storage.database import Database
from storage.leases import Held, LeaseLost, Leases, fenced, lease_engine
from storage.postgres import open_server
from storage.turns import Turns
from tests.server import server_database, told
from tests.storage.shelves import SERVER_DDL, Shelves

LIFE = 0.4  # seconds
WORK = "courier-7"


@pytest.fixture
async def server() -> AsyncIterator[URL]:
    """A database with its leases, and shelves to write to."""
    async with server_database() as url:
        await told(SERVER_DDL, at=url)
        yield url


@pytest.fixture
async def processes(server: URL) -> AsyncIterator[list[Leases]]:
    """Two processes that ask for leases."""
    engines = [lease_engine(server) for _ in range(2)]
    yield [Leases(engine, life=LIFE) for engine in engines]
    for engine in engines:
        await engine.dispose()


@pytest.fixture
async def database(server: URL) -> AsyncIterator[Database[Shelves]]:
    async with open_server(server, Shelves) as opened:
        yield opened


async def taken(leases: Leases) -> Held:
    held = await leases.take(WORK)
    assert held is not None
    return held


async def test_one_of_many_who_ask_at_once_has_it_and_who_it_is_can_be_seen(
    processes: list[Leases],
) -> None:
    asked = await asyncio.gather(*(one.take(WORK) for one in processes * 10))
    (held,) = [one for one in asked if one]
    assert held.turn == 1
    (seen,) = await processes[0].standing()
    assert (seen.name, seen.turn, seen.held) == (WORK, 1, True)
    assert seen.holder in {one.run_id for one in processes}


async def test_left_it_is_free_at_once_and_its_holder_died_it_is_free_after_its_life(
    processes: list[Leases],
) -> None:
    one, two = processes
    await one.release(await taken(one))
    second = await taken(two)
    assert await one.take(WORK) is None
    second = await two.renew(second)
    await asyncio.sleep(LIFE / 2)
    assert await one.take(WORK) is None
    await asyncio.sleep(LIFE / 2)
    assert (await taken(one)).turn == second.turn + 1
    with pytest.raises(LeaseLost, match=f"another process has taken over: {WORK}"):
        await two.renew(second)
    await two.release(second)  # says nothing to who has it now
    assert await two.take(WORK) is None


async def test_what_a_former_holder_still_writes_is_refused(
    processes: list[Leases], database: Database[Shelves]
) -> None:
    one, two = processes
    former = await taken(one)

    def write(store: Shelves, held: Held, name: str) -> None:
        fenced(store.session, held)
        store.put(name, 1)

    await database.write(lambda store: write(store, former, "in time"))
    await asyncio.sleep(LIFE)
    await database.write(lambda store: write(store, former, "nobody came after it"))
    present = await taken(two)
    with pytest.raises(LeaseLost):
        await database.write(lambda store: write(store, former, "late"))
    await database.write(lambda store: write(store, present, "present"))
    names = await database.read(
        lambda store: [store.amount(one) for one in ("in time", "nobody came after it", "present")]
    )
    assert names == [1, 1, 1]
    with pytest.raises(Exception, match="No row was found"):
        await database.read(lambda store: store.amount("late"))


async def test_a_visit_under_way_is_waited_for_and_one_with_an_old_view_is_refused(
    processes: list[Leases], server: URL
) -> None:
    """The races themselves, statement by statement, on two connections."""
    one, two = processes
    former = await taken(one)
    async with AsyncExitStack() as stack:
        engine = lease_engine(server).execution_options(isolation_level="REPEATABLE READ")
        stack.push_async_callback(engine.dispose)
        visit = await stack.enter_async_context(engine.connect())
        await visit.run_sync(lambda sync: fenced(sync, former))  # type: ignore[arg-type]
        await one.renew(former)  # waits for no visit
        await visit.run_sync(lambda sync: fenced(sync, former))  # type: ignore[arg-type]
        await asyncio.sleep(LIFE)
        taking = asyncio.create_task(two.take(WORK))
        await asyncio.sleep(0.1)
        assert not taking.done()
        await visit.commit()
        assert await taking is not None

        await two.release(await two.renew(await taking))  # type: ignore[arg-type]
        third = await taken(one)
        await visit.exec_driver_sql("SELECT 1 FROM shelf")  # its view of everything begins here
        await asyncio.sleep(LIFE)
        assert await two.take(WORK) is not None
        with pytest.raises(Exception, match="could not serialize access"):
            await visit.run_sync(lambda sync: fenced(sync, third))  # type: ignore[arg-type]


async def test_one_at_a_time_among_processes_and_whoever_dies_lets_go(server: URL) -> None:
    engines = [lease_engine(server) for _ in range(2)]
    one, two = (Turns(engine) for engine in engines)
    order: list[str] = []

    async def hold(turns: Turns, name: str, seconds: float) -> None:
        async with turns.alone("chat 5"):
            order.append(name)
            await asyncio.sleep(seconds)
            order.append(name)

    first = asyncio.create_task(hold(one, "first", 0.1))
    await asyncio.sleep(0.05)
    async with two.alone("chat 6"):
        order.append("another chat")
    await hold(two, "second", 0)
    await first
    assert order == ["first", "another chat", "first", "second", "second"]

    dies = asyncio.create_task(hold(one, "dies", 60))
    while order[-1] != "dies":  # noqa: ASYNC110 - it says so nowhere else
        await asyncio.sleep(0.01)
    await told("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN "
               "(SELECT pid FROM pg_locks WHERE locktype = 'advisory')", at=server)  # fmt: skip
    await hold(two, "third", 0)
    dies.cancel()
    await asyncio.gather(dies, return_exceptions=True)
    await hold(one, "back", 0)  # over a connection of its own again
    assert order[-3:] == ["third", "back", "back"]
    for turns, engine in zip((one, two), engines, strict=True):
        await turns.close()
        await engine.dispose()
