"""Thousands of orders come in while they change and the platform is unwell: all end as it has them.

Six hundred by default; `make upheaval` brings ten thousand.
"""

import asyncio
import os
import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import httpx

from core.entities import Order, OrderChange, PlatformCall, SealedRecipient
from core.ids import key
from platforms.noticing import Noticing
from storage.store import SqlStore
from tests.platforms.hearing import hearing
from tests.platforms.town import Town, began_lately, now
from tests.platforms.upheaval import SHIPS, Upheaval

ORDERS = int(os.environ.get("UPHEAVAL_ORDERS", "600"))
SEED, ROUNDS = 20261123, 6
PATIENCE = 20.0 + ORDERS / 40  # seconds until all has been told, on a slow machine


async def test_thousands_of_orders_in_upheaval_end_as_the_platform_has_them(town: Town) -> None:
    town.operator.client.timeout = httpx.Timeout(60)  # of ten thousand's acts
    upheaval = Upheaval(town, random.Random(SEED))
    link_id = await town.links()
    await town.database.write(lambda store: began_lately(store, link_id))
    await upheaval.are_bought(ORDERS * 4 // 5, over=3_000)
    async with hearing(town, Noticing()), town.working():
        for life in range(ROUNDS):
            since = now()
            if life % 2:
                await upheaval.are_bought(ORDERS // 20)
            await upheaval.goes_wrong()
            await upheaval.goes_on(0.4)
            await ships_what_came(town, upheaval)
            await town.until(partial(was_looked_at, town, since), PATIENCE)
        await town.operator.raw("DELETE", "faults")
        while not upheaval.is_over:
            await upheaval.goes_on(1.0)
        async with asyncio.timeout(PATIENCE):
            while not (await town.operator.get("pushes?wait=10"))["settled"]:
                pass
        for _ in range(2):  # what came last is shipped, and told
            since = now()
            await town.database.write(lambda store: store.platforms.release())
            await town.until(partial(all_is_told, town, since), PATIENCE)
            await ships_what_came(town, upheaval)
    await ends_as_the_platform_has_it(town, upheaval)


async def ships_what_came(town: Town, upheaval: Upheaval) -> None:
    """The factory gets all that came and ships a third of what no act forbids to ship."""
    orders = [one for one in await town.all(Order) if one.tab == "unassigned"]
    if not orders:
        return
    direct, numbers = town.services.assigning.direct, [one.order_no for one in orders]
    done = await town.does(direct, town.merchant, numbers, town.number)
    given = await town.database.read(lambda store: store.assignments.of_draft(done.draft_id))
    numbered = {one.id: one.order_no for one in orders}

    def ships(store: SqlStore) -> None:
        for one in given[::3]:
            if upheaval.fates[numbered[one.order_id]] in SHIPS:
                number = [(parcel_of(one.order_id), "yto", None)]
                town.services.shipping.numbers(store, town.factory, key(one), number)

    await town.database.write(ships)


def parcel_of(order_id: int | None) -> str:
    return f"YT88{order_id:011d}"


async def was_looked_at(town: Town, since: datetime) -> bool:
    """A look has got through; one that did not is not waited for, but made again."""
    link = await town.link()
    if link.failing_since is not None and link.due_at is not None and link.due_at > now():
        await town.database.write(lambda store: store.platforms.release())
    return link.ok_at is not None and link.ok_at >= since


async def all_is_told(town: Town, since: datetime) -> bool:
    if not await was_looked_at(town, since):
        return False

    def left(store: SqlStore) -> tuple[int, datetime | None]:
        hints = len(store.platforms.hints(town.link_id, 1))
        return hints + store.platforms.owed(town.link_id), store.platforms.next_call()

    owed, due_at = await town.database.read(left)
    if due_at is not None and due_at > now() + timedelta(seconds=1):  # it failed, and would wait
        await town.database.write(lambda store: store.platforms.release())
    return not owed


async def ends_as_the_platform_has_it(town: Town, upheaval: Upheaval) -> None:
    """The house and the platform say the same of every order; nothing was told twice."""
    shown, ours = await all_orders(town), await town.orders()
    told = {one.order_id: one for one in await town.all(PlatformCall)}
    assert sorted(shown) == sorted(upheaval.fates)
    assert Counter(one.state for one in told.values()) == {"done": len(told)}
    assert len(told) > len(shown) / 8
    hashes = {one.order_id: one.same_hash for one in await town.all(SealedRecipient)}
    same: dict[str, set[str]] = defaultdict(set)
    for number, there in shown.items():
        here = ours.get(number)
        if here is None:  # it was not paid, or was over before it was seen
            assert there["status"] in ("unpaid", "closed"), number
            continue
        assert stands(here) == stands_there(there), number
        sent = [parcel_of(here.id)] if here.id in told else []
        assert [one["number"] for one in there["parcels"]] == sent, number
        if there["status"] != "closed":
            assert (await town.notes(here)).seller_note == there["seller_words"], number
            same[there["recipient"]["receiver_id"]].add(hashes[here.id or 0])
    assert all(len(one) == 1 for one in same.values())
    assert len(set.union(*same.values())) == len(same)
    await nothing_twice(town)


def stands(here: Order) -> str:
    if here.status == "closed":
        return "closed"
    return "stopped" if here.tab == "stopped" else "shipped" if here.status == "shipped" else "open"


def stands_there(there: Mapping[str, Any]) -> str:
    if there["status"] == "closed":
        return "closed"
    return "stopped" if there["after_sale"] else "shipped" if there["parcels"] else "open"


async def nothing_twice(town: Town) -> None:
    """No change of an order was taken for news a second time."""
    fields = Counter(
        (one.order_id, diff["field"], str(diff["new"]))
        for one in await town.all(OrderChange)
        for diff in one.diffs
    )
    assert [one for one, n in fields.items() if n > 1] == []


async def all_orders(town: Town) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    before = ""
    while page := (await town.operator.get(f"orders?limit=200&before={before}"))["orders"]:
        found.update({one["id"]: one for one in page})
        before = page[-1]["id"]
    return found
