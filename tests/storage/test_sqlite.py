"""What is SQLite's own: its threads, its file, others who hold it."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import JSON, String, literal, select, text

from storage.database import Database, DatabaseClosed, NestedVisit
from storage.errors import DatabaseBusy, DatabaseUnavailable
from storage.sqlite import connect
from tests.storage.shelves import Shelf, Shelves, add_one

Opened = Database[Shelves]


async def test_they_count_two_hundred_through_two_processes_connections_too(
    on_file: Opened, path: Path
) -> None:
    await on_file.write(lambda store: store.put("boxes", 0))
    async with Database.open(path, Shelves) as other:
        await asyncio.gather(
            *(each.write(add_one) for each in (on_file, other) for _ in range(100))
        )
    assert await on_file.read(lambda store: store.amount("boxes")) == 200


async def test_a_reader_sees_one_moment_throughout(on_file: Opened) -> None:
    await on_file.write(lambda store: store.put("boxes", 1))
    looked, changed = threading.Event(), threading.Event()

    def look_twice(store: Shelves) -> tuple[int, int]:
        amount = text("SELECT amount FROM shelf WHERE name = 'boxes'")
        before: int = store.session.scalar(amount)
        looked.set()
        assert changed.wait(10)
        return before, store.session.scalar(amount) or 0

    reading = asyncio.create_task(on_file.read(look_twice))
    await asyncio.to_thread(looked.wait, 10)
    await on_file.write(add_one)  # a write does not wait for a reader
    assert await on_file.read(lambda store: store.amount("boxes")) == 2
    changed.set()
    assert await reading == (1, 1)


async def test_a_slow_reader_does_not_hold_up_the_others(on_file: Opened) -> None:
    await on_file.write(lambda store: store.put("boxes", 1))
    finished = threading.Event()
    slow = asyncio.create_task(on_file.read(lambda _: finished.wait(10)))
    for _ in range(10):
        assert await on_file.read(lambda store: store.amount("boxes")) == 1
    finished.set()
    assert await slow is True


async def test_a_caller_who_gives_up_does_not_leave_half_a_write(on_file: Opened) -> None:
    await on_file.write(lambda store: [store.put("boxes", 0), store.put("tapes", 9)])
    begun, go_on = threading.Event(), threading.Event()

    def move_slowly(store: Shelves) -> None:
        store.move("tapes", "boxes", 4)
        begun.set()
        assert go_on.wait(10)
        store.move("tapes", "boxes", 5)

    moving = asyncio.create_task(on_file.write(move_slowly))
    await asyncio.to_thread(begun.wait, 10)
    waiting = asyncio.create_task(on_file.write(add_one))
    await asyncio.sleep(0)
    for task in (moving, waiting):
        task.cancel()
    go_on.set()
    await asyncio.wait([moving, waiting])
    assert (moving.cancelled(), waiting.cancelled()) == (True, True)
    await on_file.write(lambda _: None)  # stands behind both in the queue
    assert await on_file.read(lambda store: store.amount("boxes")) == 10


async def test_a_visit_inside_a_visit_is_refused(on_file: Opened) -> None:
    def write_again(store: Shelves) -> None:
        store.put("boxes", 1)
        asyncio.run(on_file.write(add_one))

    with pytest.raises(NestedVisit):
        await on_file.write(write_again)
    with pytest.raises(TypeError, match="plain function"):
        await (await on_file.write(lambda _: on_file.write(add_one)))
    assert await on_file.read(lambda store: store.session.get(Shelf, "boxes")) is None


async def test_a_file_held_by_another_process_is_said_to_be_busy(path: Path) -> None:
    intruder = connect(path)
    async with Database.open(path, Shelves, busy_timeout=0.02) as database:
        intruder.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="locked by another process"):
            await database.write(lambda store: store.put("boxes", 1))
        intruder.execute("ROLLBACK")
        intruder.close()
        await database.write(lambda store: store.put("boxes", 1))
        assert await database.read(lambda store: store.amount("boxes")) == 1


async def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database at all, only words " * 40)
    before = set(threading.enumerate())
    for path in (tmp_path / "notes.txt", tmp_path / "missing" / "daifa.sqlite3"):
        with pytest.raises(DatabaseUnavailable, match=path.name):
            async with Database.open(path, Shelves):
                pass
    _join_those_since(before)


async def test_closing_finishes_what_was_begun_and_ends_every_thread(path: Path) -> None:
    before = set(threading.enumerate())
    async with Database.open(path, Shelves) as database:
        begun = asyncio.create_task(database.write(lambda store: store.put("boxes", 7)))
        await asyncio.sleep(0)
        await database.close()
        assert (await begun).amount == 7
        with pytest.raises(DatabaseClosed):
            await database.read(lambda store: store.amount("boxes"))
    _join_those_since(before)


async def test_closing_that_is_cancelled_still_ends_every_thread(path: Path) -> None:
    before = set(threading.enumerate())
    go_on = threading.Event()
    async with Database.open(path, Shelves) as database:
        begun = asyncio.create_task(database.write(lambda _: go_on.wait(10)))
        await asyncio.sleep(0)
        closing = asyncio.create_task(database.close())
        await asyncio.sleep(0)
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)
        assert closing.cancelled()
        go_on.set()
        assert await begun is True
    _join_those_since(before)


async def test_chinese_is_kept_as_chinese_in_json(on_file: Opened) -> None:
    stored = select(literal({"商品": ["杯"]}, JSON).cast(String))
    assert await on_file.read(lambda store: store.session.scalar(stored)) == '{"商品":["杯"]}'


async def test_every_promise_is_switched_on(on_file: Opened, path: Path) -> None:
    def promises(store: Shelves) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only")
        return [store.session.scalar(text(f"PRAGMA {name}")) for name in names]

    assert await on_file.write(promises) == ["wal", 2, 1, 0]
    assert await on_file.read(promises) == ["wal", 2, 1, 1]
    with sqlite3.connect(path) as anyone:
        assert anyone.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    anyone.close()


def _join_those_since(before: set[threading.Thread]) -> None:
    """A thread's last step comes just after it answered; those of `asyncio.to_thread` stay."""
    for thread in set(threading.enumerate()) - before:
        if not thread.name.startswith("asyncio"):
            thread.join(10)
            assert not thread.is_alive()
