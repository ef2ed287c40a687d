"""Many act at once on a server, each in a transaction of their own: what must hold all the same."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from core.entities import Assignment, CounterDelta
from core.errors import CoreError
from core.events import ShopClosed
from core.ids import key
from core.programs.keys import SCOPES
from storage.server_locks import FEEDING
from storage.store import SqlStore
from tests.core.firm import Firm, founded, incoming
from tests.core.truth import faults
from tests.server import address, connected

EVERYTHING = 10_000


@pytest.fixture
async def firm(tmp_path: Path) -> AsyncIterator[Firm]:
    """A merchant and a factory, bound, on a server."""
    async with founded(tmp_path, engine="postgresql") as firm:
        await firm.binds()
        yield firm


async def test_twenty_assign_to_one_factory_at_once_and_every_count_is_right(firm: Firm) -> None:
    await firm.imports([incoming(one) for one in range(20)])
    given = await asyncio.gather(*(firm.assigns(one) for one in range(20)))
    assert len({one for some in given for one in some}) == 20
    assert await firm.looks(faults) == []
    assert await firm.looks(lambda store: store.session.scalars(select(CounterDelta)).all())
    counts = await firm.looks(lambda store: store.counts(firm.factory.shop_id))
    await firm.database.write(lambda store: store.add_up())
    assert await firm.looks(lambda store: store.counts(firm.factory.shop_id)) == counts
    assert counts["to_ship"] == 20
    assert not await firm.looks(lambda store: store.session.scalars(select(CounterDelta)).all())
    assert await firm.looks(faults) == []


async def test_who_unbinds_while_another_assigns_leaves_nothing_behind(firm: Firm) -> None:
    """Neither sees the other's rows: only what both decide by can tell them."""
    await firm.imports([incoming(one) for one in range(12)])
    [binding] = (await firm.sees(firm.services.bindings.page, firm.merchant, 0, 5))[1]
    unbind = firm.services.bindings.unbind

    async def parts() -> None:
        await asyncio.sleep(0.02)
        await firm.database.write(lambda s: unbind(s, firm.factory, binding.id, back=True))

    tries = await asyncio.gather(
        parts(), *(firm.assigns(one) for one in range(12)), return_exceptions=True
    )
    assert all(isinstance(one, CoreError) for one in tries if isinstance(one, Exception))
    assert tries[0] is None

    def live(store: SqlStore) -> list[Assignment]:
        return list(
            store.session.scalars(select(Assignment).where(col(Assignment.ended_at).is_(None)))
        )

    assert await firm.looks(live) == []
    assert await firm.looks(faults) == []


async def test_two_who_act_on_one_order_meet_there_whatever_else_they_write(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    order = await firm.order(1)
    runs: list[int] = []

    def act(store: SqlStore) -> None:
        seen = len(store.history(key(order)))
        store.session.execute(text("SELECT pg_sleep(0.1)"))
        store.record(firm.merchant, "noted", order_id=order.id)
        runs.append(seen)

    before = len(await firm.looks(lambda store: store.history(key(order))))
    await asyncio.gather(firm.database.write(act), firm.database.write(act))
    assert runs == [before, before, before + 1]  # who came second began again


async def test_ids_of_the_feed_are_committed_in_their_order(firm: Firm) -> None:
    """Who follows it by a cursor would never see a smaller id that comes later."""
    feed, keys = firm.services.programs.feed, firm.services.programs.keys
    await firm.does(keys.make, firm.factory, "打单", SCOPES["factory"])
    await firm.imports([incoming(1)])

    name = await firm.looks(lambda s: s.session.scalar(text("SELECT current_database()")))
    async with connected(address(str(name))) as other:
        await other.execute(f"SELECT pg_advisory_lock({FEEDING})")  # between its ids and its commit
        assigning = asyncio.create_task(firm.assigns(1))
        async with asyncio.timeout(20):
            while not await other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                assert not assigning.done()
                await asyncio.sleep(0.01)
        await other.execute(f"SELECT pg_advisory_unlock({FEEDING})")
        await assigning
    assert len((await firm.sees(feed.after, firm.factory, 0, 500)).found) == 1


async def test_two_couriers_at_once_claim_different_alerts(firm: Firm) -> None:
    for n in range(6):
        await firm.opens(f"员工 {n}", "factory", 3000 + n)

    def owe(store: SqlStore) -> None:
        for actor in firm.people.values():
            store.emit_all([ShopClosed()], to=actor.shop_id)

    await firm.database.write(owe)

    def claim(store: SqlStore) -> list[int]:
        until = store.now + timedelta(minutes=1)
        return [one.id or 0 for one in store.alerts.claim(4, until, ())]

    first, second = await asyncio.gather(firm.database.write(claim), firm.database.write(claim))
    assert first
    assert second
    assert not {*first} & {*second}
