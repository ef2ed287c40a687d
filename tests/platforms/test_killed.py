"""Killed twenty times while orders come in and parcels go back: nothing lost, none told twice.

Merchant and factory are bound on the platform: once that is known, orders are assigned there too.
"""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.entities import Order, OutsideOrder, PlatformCall, PlatformLink
from storage.store import SqlStore
from tests.platforms.killable import Place, Talker
from tests.platforms.town import Town, now
from tests.sandbox.conftest import FACTORY, MERCHANT

KILLS, ORDERS = 20, 100
SEED = 20261123
TOLD = ("order.logisticsAddMultiPack", "iop.waybillReturn", "iop.sellerDistribute")


async def test_killed_twenty_times_nothing_is_lost_and_nothing_told_twice(
    town: Town, url: str
) -> None:
    rng = random.Random(SEED)
    made: list[str] = (
        await town.operator.post("orders", shop=MERCHANT, count=ORDERS, over=3_000, quiet=True)
    )["orders"]
    link_id = await town.links()
    await town.database.write(lambda store: began_lately(store, link_id))
    await town.links_factory()
    for method in TOLD:
        await town.operator.fault("slow", method=method, seconds=0.03)
    talker = Talker(Place(town.folder, url))
    for life in range(KILLS):
        await talker.lives()
        await asyncio.sleep(rng.uniform(0.02, 0.35))  # where it is killed is up to chance
        await talker.is_killed()
        await ships_what_came(town)
        for number in rng.sample(made, 2):
            await town.operator.post(f"orders/{number}/remark", text=f"第 {life} 次")
    for _ in range(2):  # what came last is shipped, and told
        since = now()
        await talker.lives()
        await town.bell.until(lambda since=since: all_is_told(town, made, since))  # type: ignore[misc]
        await talker.is_killed()
        await ships_what_came(town)
    await as_the_platform_has_it(town, made)


def began_lately(store: SqlStore, link_id: int) -> None:
    """The shop was linked an hour and a half ago: three windows, each of them full."""
    store.session.get_one(PlatformLink, link_id).synced_to = store.now - timedelta(minutes=90)


async def ships_what_came(town: Town) -> None:
    """While nobody talks to the platform the factory gets what came, and ships half of it."""
    orders = [one for one in await town.all(Order) if one.tab == "unassigned"]
    numbers = [one.order_no for one in orders]
    if numbers:
        direct = town.services.assigning.direct
        done = await town.does(direct, town.merchant, numbers, town.number)
        given = await town.database.read(lambda store: store.assignments.of_draft(done.draft_id))
        for one in given[::2]:
            number = [(f"YT88{one.order_id:011d}", "yto", None)]
            await town.does(town.services.shipping.numbers, town.factory, one.id, number)


async def all_is_told(town: Town, made: Sequence[str], since: datetime) -> bool:
    """Every order is in, a whole look came after the last remark, every parcel was acknowledged."""
    orders, link = await town.orders(), await town.link()
    if len(orders) < len(made) or link.ok_at is None or link.ok_at < since:
        return False
    return all(one.state == "done" for one in await town.all(PlatformCall))


async def as_the_platform_has_it(town: Town, made: Sequence[str]) -> None:
    """The house and the platform say the same of every order; every parcel was told once."""
    orders, calls = await town.orders(), await town.all(PlatformCall)
    assert sorted(orders) == sorted(made)
    assert len(await town.all(OutsideOrder)) == len(made)
    shipped = {one.order_id for one in calls if one.kind == "ship"}
    assert len(shipped) >= ORDERS / 2
    given = {one.order_id for one in calls if one.kind == "assign"}
    assert given, "nothing was assigned on the platform"
    for number in made:
        shown, ours = await town.operator.get(f"orders/{number}"), orders[number]
        assert shown["seller_words"] == (await town.notes(ours)).seller_note
        sent = [f"YT88{ours.id:011d}"] if ours.id in shipped else []
        assert sorted({one["number"] for one in shown["parcels"]}) == sent
        if sent:  # whole, and once: by its factory line by line
            left = {line["id"]: line["count"] for line in shown["lines"]}
            for parcel in shown["parcels"]:
                for line, pieces in parcel["items"].items():
                    left[line] -= pieces
            assert set(left.values()) == {0}
        if ours.id in given:
            assert {one["factory"] for one in shown["units"]} == {FACTORY}
