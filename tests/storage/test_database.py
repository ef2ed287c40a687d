"""What the rest of the house relies on when it brings work to the database."""

import asyncio
import traceback
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import Database
from tests.storage.shelves import Shelf, Shelves, add_one, insert_shelf

Opened = Database[Shelves]


async def test_two_hundred_people_counting_at_once_count_two_hundred(database: Opened) -> None:
    await database.write(lambda store: store.put("boxes", 0))
    await asyncio.gather(*(database.write(add_one) for _ in range(200)))
    assert await database.read(lambda store: store.amount("boxes")) == 200


async def test_work_that_fails_leaves_nothing_and_tells_where_it_failed(database: Opened) -> None:
    def put_then_stumble(store: Shelves) -> None:
        store.put("boxes", 1)
        store.session.flush()
        raise LookupError("stumbled")

    with pytest.raises(LookupError, match="stumbled") as caught:
        await database.write(put_then_stumble)
    assert "put_then_stumble" in [frame.name for frame in traceback.extract_tb(caught.tb)]
    assert await database.read(lambda store: store.session.get(Shelf, "boxes")) is None
    await database.write(lambda store: store.put("boxes", 2))
    assert await database.read(lambda store: store.amount("boxes")) == 2


async def test_a_rule_of_the_database_broken_at_commit_leaves_nothing(database: Opened) -> None:
    def put_two_of_which_one_is_impossible(store: Shelves) -> None:
        store.put("boxes", 1)
        store.put("tapes", -1)

    with pytest.raises(IntegrityError):
        await database.write(put_two_of_which_one_is_impossible)
    assert await database.read(lambda store: store.session.get(Shelf, "boxes")) is None


async def test_a_part_of_the_work_may_be_given_up_without_the_rest(database: Opened) -> None:
    def put_again(store: Shelves) -> bool:
        store.put("boxes", 1)
        store.session.flush()
        try:
            with store.session.begin_nested():
                insert_shelf(store)
        except IntegrityError:
            return False
        return True

    assert await database.write(put_again) is False
    assert await database.read(lambda store: store.amount("boxes")) == 1


async def test_parcels_cannot_point_at_a_shelf_that_does_not_exist(database: Opened) -> None:
    orphan = text("INSERT INTO parcel (shelf) VALUES ('nowhere')")
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        await database.write(lambda store: store.session.execute(orphan))


async def test_a_reader_is_refused_every_write(database: Opened) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        await database.read(insert_shelf)
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        await database.read(lambda store: store.put("boxes", 1))


async def test_what_leaves_a_visit_stays_readable(database: Opened) -> None:
    written = await database.write(lambda store: store.put("boxes", 3))
    read = await database.read(lambda store: store.get("boxes"))
    assert (written.name, written.amount) == (read.name, read.amount) == ("boxes", 3)
    assert read.counted_at == datetime(2026, 1, 2, tzinfo=UTC)


async def test_work_that_runs_out_of_items_does_not_hang_its_caller(database: Opened) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await database.write(lambda _: next(iter([])))
