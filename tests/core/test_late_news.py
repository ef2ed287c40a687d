"""News of a platform that comes late, twice or in another order leads to the same order."""

import asyncio
import random
import tempfile
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.changes.order_news import OrderNews
from core.imports.incoming import IncomingRecipient
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import START, Firm, founded, incoming, line
from tests.core.truth import faults

SHUFFLES = 3
LATER = START + timedelta(hours=1)  # after the orders came in


def recipient(n: int) -> IncomingRecipient:
    return IncomingRecipient("李四", f"1381234567{n}", "浙江省", "杭州市", "西湖区", "", f"{n} 号")


NEWS = st.builds(
    OrderNews,
    order_id=st.just(0),
    at=st.integers(0, 6).map(lambda n: LATER + timedelta(minutes=n)),
    recipient=st.none() | st.integers(0, 3).map(recipient),
    buyer_note=st.none() | st.sampled_from(["", "a", "b"]),
    seller_note=st.none() | st.sampled_from(["", "c"]),
    ship_by=st.none() | st.integers(1, 3).map(lambda n: START + timedelta(hours=n)),
    lines=st.none() | st.tuples(st.integers(1, 3), st.integers(0, 2)).map(
        lambda n: (line(1, n[0]), line(1, n[1], 2))
    ),
    held=st.none() | st.booleans(),
    after_sale=st.none() | st.sampled_from(["none", "open", "refunded"]),
    closed=st.none() | st.just("cancelled"),
)  # fmt: skip


async def ends(firm: Firm, number: int, news: list[OrderNews], *, ships: bool) -> int:
    """Tell all of the news, one by one, of an order at a factory; returns the order."""
    await firm.imports([replace(incoming(number), recipient=recipient(9))])
    [assignment] = await firm.assigns(number)
    if ships:
        reply = firm.services.shipping.reply
        await firm.does(reply, firm.factory, assignment, f"SF123456789012{number}")
    order_id = (await firm.order(number)).id or 0
    platform = Actor(firm.merchant.account_id, firm.merchant.shop_id, "platform")
    for one in news:
        firm.watch.moves(minutes=1)
        lines = one.lines and tuple(
            line(number, each.quantity, which) for which, each in enumerate(one.lines, 1)
        )
        said = [replace(one, order_id=order_id, lines=lines)]
        await firm.does(firm.services.changing.change, platform, said)
    return order_id


def _standing(store: SqlStore, order_id: int) -> tuple[object, ...]:
    order = store.orders.of(order_id)
    lines = [one.quantity for one in store.orders.lines([order_id])[order_id] if one.quantity]
    return (
        order.status, order.tab, order.buyer_note, order.seller_note, order.ship_by,
        order.held_at is not None, order.after_sale, order.closed_reason,
        store.orders.recipient(order_id), lines,
        len(store.shipments.of_order(order_id)),
    )  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.lists(NEWS, min_size=2, max_size=5), st.booleans(), st.integers(0, 999))
def test_any_shuffle_with_repetitions_ends_in_the_same_order(
    news: list[OrderNews], ships: bool, seed: int
) -> None:
    picks = random.Random(seed)
    orders = [news]
    for _ in range(SHUFFLES - 1):
        shuffled = news + picks.choices(news, k=2)
        picks.shuffle(shuffled)
        orders.append(shuffled)

    async def run() -> list[tuple[object, ...]]:
        with tempfile.TemporaryDirectory() as folder:
            async with founded(Path(folder)) as firm:
                await firm.binds()
                ids = [
                    await ends(firm, number, one, ships=ships)
                    for number, one in enumerate(orders, 1)
                ]
                assert await firm.looks(faults) == []
                return [await firm.looks(partial(_standing, order_id=one)) for one in ids]

    first, *others = asyncio.run(run())
    assert all(one == first for one in others)
    assert first[-1] == int(ships)
