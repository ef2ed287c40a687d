"""What is PostgreSQL's own: many write at once, and the server may go away meanwhile."""

import asyncio
import random
from collections.abc import Callable

import pytest
from sqlalchemy import URL, text

from storage.database import Database, DatabaseClosed, NestedVisit
from storage.errors import DatabaseAway, DatabaseBusy, DatabaseUnavailable, DatabaseUncertain
from storage.postgres import open_server
from storage.server_steps import differences_of, upgrade_server
from storage.server_url import WrongAddress, server_name, server_url
from tests.server import server_database, told
from tests.storage.shelves import Shelf, Shelves, add_one

Opened = Database[Shelves]
SLEEP = text("SELECT pg_sleep(0.1)")
DIES = (
    """CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$""",
    """CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON shelf DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION die()""",
)
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()"


def sleep(store: Shelves) -> None:
    """Let others go on for a while, inside the visit."""
    store.session.execute(SLEEP)


async def test_two_houses_counting_at_once_lose_nothing(on_server: Opened, url: URL) -> None:
    await on_server.write(lambda store: store.put("boxes", 0))
    async with open_server(url, Shelves, writers=3) as other:
        await asyncio.gather(
            *(each.write(add_one) for each in (on_server, other) for _ in range(50))
        )
    assert await on_server.read(lambda store: store.amount("boxes")) == 100


async def test_work_that_others_came_between_begins_again_and_sees_theirs(
    on_server: Opened,
) -> None:
    await on_server.write(lambda store: store.put("boxes", 0))
    seen: list[int] = []

    def look_and_add(store: Shelves) -> None:
        seen.append(store.amount("boxes"))
        sleep(store)
        add_one(store)

    slow = asyncio.create_task(on_server.write(look_and_add))
    await asyncio.sleep(0.05)
    await on_server.write(add_one)
    await slow
    assert seen == [0, 1]
    assert await on_server.read(lambda store: store.amount("boxes")) == 2


async def test_work_that_others_always_come_between_is_given_up(url: URL) -> None:
    tries: list[None] = []

    def refused(store: Shelves) -> None:
        tries.append(None)
        raised = "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"
        store.session.execute(text(raised))

    async with open_server(url, Shelves, patience=0.01) as database:
        with pytest.raises(DatabaseBusy):
            await database.write(refused)
    assert len(tries) == 8


async def test_two_who_each_wait_for_the_other_both_end(on_server: Opened) -> None:
    await on_server.write(lambda store: [store.put("boxes", 9), store.put("tapes", 9)])

    def move(source: str, target: str) -> Callable[[Shelves], None]:
        return lambda store: store.move(source, target, 1)

    pairs = [("boxes", "tapes"), ("tapes", "boxes")] * 10
    await asyncio.gather(*(on_server.write(move(*pair)) for pair in pairs))
    amounts = await on_server.read(lambda s: (s.amount("boxes"), s.amount("tapes")))
    assert amounts == (9, 9)


async def test_what_another_put_there_meanwhile_is_found_and_not_run_into(
    on_server: Opened,
) -> None:
    def put_once(store: Shelves) -> str:
        if store.session.get(Shelf, "boxes") is not None:
            return "was there"
        sleep(store)
        store.put("boxes", 1)
        return "put"

    done = await asyncio.gather(*(on_server.write(put_once) for _ in range(3)))
    assert sorted(done) == ["put", "was there", "was there"]


async def test_a_reader_sees_one_moment_and_holds_up_nobody(on_server: Opened) -> None:
    await on_server.write(lambda store: store.put("boxes", 1))

    def look_twice(store: Shelves) -> tuple[object, object]:
        amount = text("SELECT amount FROM shelf WHERE name = 'boxes'")
        before = store.session.scalar(amount)
        sleep(store)
        return before, store.session.scalar(amount)

    reading = asyncio.create_task(on_server.read(look_twice))
    await asyncio.sleep(0.05)
    await on_server.write(add_one)
    assert await on_server.read(lambda store: store.amount("boxes")) == 2
    assert await reading == (1, 1)


async def test_who_gives_up_waiting_leaves_the_work_whole(on_server: Opened) -> None:
    await on_server.write(lambda store: [store.put("boxes", 0), store.put("tapes", 9)])

    def move_slowly(store: Shelves) -> None:
        store.move("tapes", "boxes", 4)
        sleep(store)
        store.move("tapes", "boxes", 5)

    moving = asyncio.create_task(on_server.write(move_slowly))
    await asyncio.sleep(0.05)
    moving.cancel()
    await asyncio.wait([moving])
    assert moving.cancelled()
    await on_server.close()


async def test_a_visit_inside_a_visit_is_refused(on_server: Opened) -> None:
    with pytest.raises(NestedVisit):
        await on_server.write(lambda _: on_server.write(add_one).send(None))
    with pytest.raises(TypeError, match="plain function"):
        await (await on_server.write(lambda _: on_server.write(add_one)))


async def test_closing_finishes_what_was_begun(on_server: Opened) -> None:
    def put_slowly(store: Shelves) -> None:
        sleep(store)
        store.put("boxes", 7)

    begun = asyncio.create_task(on_server.write(put_slowly))
    await asyncio.sleep(0.02)
    await on_server.close()
    await begun
    with pytest.raises(DatabaseClosed):
        await on_server.read(lambda store: store.amount("boxes"))


async def test_cut_connections_are_opened_again_and_nothing_is_lost_or_doubled(
    on_server: Opened, url: URL
) -> None:
    await on_server.write(lambda store: store.put("boxes", 0))
    adding = [asyncio.create_task(on_server.write(add_one)) for _ in range(60)]
    for _ in range(4):
        await asyncio.sleep(0.05)
        await told(CUT, at=url)
    done = await asyncio.gather(*adding, return_exceptions=True)
    unsure = [one for one in done if isinstance(one, DatabaseUncertain)]
    assert all(one is None for one in done if one not in unsure)
    counted = await on_server.read(lambda store: store.amount("boxes"))
    assert 60 - len(unsure) <= counted <= 60


async def test_a_connection_cut_as_it_commits_leaves_it_unsure(on_server: Opened) -> None:
    """A rule checked at commit ends its own connection: nobody hears whether all was kept."""

    def doomed(store: Shelves) -> None:
        for statement in DIES:
            store.session.execute(text(statement))

    await on_server.write(doomed)
    with pytest.raises(DatabaseUncertain):
        await on_server.write(lambda store: store.put("boxes", 1))
    assert await on_server.read(lambda store: store.session.get(Shelf, "boxes")) is None


async def test_a_server_that_does_not_answer_is_waited_for_and_then_said_to_be_away(
    url: URL,
) -> None:
    async with open_server(url, Shelves, patience=0.2) as database:
        name = url.database
        await told(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", CUT)
        with pytest.raises(DatabaseAway):
            await database.write(add_one)
        await told(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await database.write(lambda store: store.put("boxes", 1))


async def test_a_wrong_address_is_said_in_a_sentence_without_its_password(url: URL) -> None:
    with pytest.raises(WrongAddress, match="leave it empty") as wrong:
        server_url("mysql://me:secret@there/daifa")
    assert "secret" not in str(wrong.value)
    there = url.set(database="nowhere", username="postgres", password="secret")
    with pytest.raises(DatabaseUnavailable, match='"nowhere" does not exist') as unavailable:
        async with open_server(there, Shelves):
            pass
    assert "secret" not in str(unavailable.value)
    assert server_name(server_url("postgres://me:secret@db:5433/daifa")) == "daifa on db:5433"


async def test_the_same_steps_make_the_tables_of_the_models_there() -> None:
    async with server_database() as url:
        assert await differences_of(url) == []
        assert await upgrade_server(url) is False


async def test_two_that_start_at_once_migrate_once() -> None:
    async with server_database("template0") as url:
        assert sorted(await asyncio.gather(*(upgrade_server(url) for _ in range(2)))) == [
            False, True,
        ]  # fmt: skip


@pytest.fixture(autouse=True)
def _pauses() -> None:
    random.seed(8)
