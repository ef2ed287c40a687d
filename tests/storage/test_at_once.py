"""Many act at once on a server, each in a transaction of their own: what must hold all the same."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from core.entities import Assignment, CounterDelta
from core.errors import CoreError
from core.events import ShopClosed
from core.programs.keys import SCOPES
from storage.store import SqlStore
from tests.core.firm import Firm, founded, incoming
from tests.core.truth import faults

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
    await firm.database.write(lambda store: store.add_up())
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


async def test_parcels_sent_at_once_hold_no_more_pieces_than_there_are(firm: Firm) -> None:
    await firm.imports([incoming(1, quantity=5)])
    [given] = await firm.assigns(1)
    reply = firm.services.shipping.reply
    tries = await asyncio.gather(
        *(firm.does(reply, firm.factory, given, f"SF123456789012{n} 2件") for n in range(4)),
        return_exceptions=True,
    )
    assert not [one for one in tries if isinstance(one, Exception) and not _refused(one)]
    packed = await firm.looks(lambda store: store.shipments.shipped_pieces(given))
    assert 0 < sum(packed.values()) <= 5
    assert await firm.looks(faults) == []


def _refused(error: Exception) -> bool:
    return isinstance(error, CoreError)


async def test_who_follows_the_feed_by_its_cursor_misses_nothing(firm: Firm) -> None:
    feed = firm.services.programs.feed
    await firm.does(firm.services.programs.keys.make, firm.factory, "打单", SCOPES["factory"])
    await firm.imports([incoming(one) for one in range(30)])
    seen: list[int] = []
    done = asyncio.Event()

    async def follows() -> None:
        cursor = 0
        while True:
            ended = done.is_set()
            found = await firm.sees(feed.after, firm.factory, cursor, 100)
            seen.extend(one.id for one in found.found)
            cursor = seen[-1] if seen else 0
            if ended:
                return
            await asyncio.sleep(0)

    following = asyncio.create_task(follows())
    await asyncio.gather(*(firm.assigns(one) for one in range(30)))
    done.set()
    await following
    whole = await firm.sees(feed.after, firm.factory, 0, 500)
    assert seen == [one.id for one in whole.found]
    assert len(seen) == 30


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
