"""短号 that rest, pages that give every row once, and looks that are counted."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import islice, product
from pathlib import Path
from typing import Any

import pytest

from core.entities import Assignment
from core.errors import AlreadyShipped, AssignmentNotFound, OrderStopped, QuotaSpent
from core.orders.listing import PAGE
from core.orders.views import Cursor, Page
from core.text.tags import ALPHABET
from core.values import Rules
from storage.rows import insert_rows
from storage.store import SqlStore
from tests.core.firm import Firm, founded, incoming, order_no
from tests.core.truth import faults

GetPage = Callable[[Cursor | None], Awaitable[Page[Any]]]

# -- tags ----------------------------------------------------------------------------------------


async def test_tags_of_one_factory_are_its_own_and_rest_for_ninety_days(firm: Firm) -> None:
    """With a thirteenth of all tags resting, 300 draws that ignored it would hit one (1 - 10⁻¹⁰).

    89 days after their orders ended none is drawn; two days later some are.
    """
    numbers = range(1, 601)
    await firm.imports([incoming(one) for one in numbers])
    [past] = await firm.assigns(600)
    rested = {"".join(tag) for tag in islice(product(ALPHABET[::-1], repeat=4), 60_000)}
    row = (await firm.assignment(past)).model_dump(exclude={"id", "tag", "status", "tab"})
    row |= {"status": "shipped", "tab": "shipped", "ended_at": firm.watch.now}
    rows = [row | {"tag": tag} for tag in sorted(rested)]
    await firm.database.write(lambda store: insert_rows(store.session, Assignment, rows))

    firm.watch.moves(days=89)
    drawn = [(await firm.assignment(one)).tag for one in await firm.assigns(*range(1, 301))]
    assert len(set(drawn)) == 300
    assert not rested & set(drawn)

    firm.watch.moves(days=2)
    later = [(await firm.assignment(one)).tag for one in await firm.assigns(*range(301, 600))]
    assert len({*drawn, *later}) == 599
    assert rested & set(later)


# -- pages ---------------------------------------------------------------------------------------


async def walked(page: GetPage, size: int) -> list[int]:
    """Walk a list to its end and back; every page must be the one passed before."""
    forth = [await page(None)]
    assert forth[0].before is None
    while forth[-1].after is not None:
        forth.append(await page(forth[-1].after))
        assert len(forth) < 100, "the pages go round in circles"
    back = [forth[-1]]
    while back[-1].before is not None:
        back.append(await page(back[-1].before))
        assert len(back) < 100, "the pages go round in circles"
    assert [[row.id for row in one.rows] for one in reversed(back)] == [
        [row.id for row in one.rows] for one in forth
    ]
    assert back[-1].after == (forth[0].after if len(forth) > 1 else None)
    assert all(len(one.rows) == size for one in forth[:-1])
    return [row.id for one in forth for row in one.rows]


def order_pages(firm: Firm, tab: str) -> GetPage:
    listing = firm.services.filtering.page
    return lambda here: firm.sees(listing, firm.merchant, tab, here)


def assignment_pages(firm: Firm, tab: str) -> GetPage:
    listing = firm.services.listing.assignments
    return lambda here: firm.sees(listing, firm.factory, tab, here)


@pytest.mark.parametrize("rows", [0, 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE, 3 * PAGE + 1])
async def test_pages_forth_and_back_give_every_order_once(firm: Firm, rows: int) -> None:
    """Also where many orders have one deadline: the id settles their order."""
    await firm.imports([incoming(one, hours=one % 3) for one in range(1, rows + 1)])
    ids = await walked(order_pages(firm, "unassigned"), PAGE)
    assert len(ids) == len(set(ids)) == rows
    due = await firm.looks(lambda store: [store.orders.of(one).sort_at for one in ids])
    assert due == sorted(due)


async def test_every_tab_of_both_roles_gives_every_row_once(firm: Firm) -> None:
    await firm.imports([incoming(one) for one in range(1, 61)])
    givens = await firm.assigns(*range(1, 46))
    for place, given in enumerate(givens[:20]):
        firm.watch.moves(minutes=place % 2)
        text = f"SF12345678901{place:02d}"
        await firm.does(firm.services.shipping.reply, firm.factory, given, text)
    await firm.imports([incoming(one, note="快") for one in range(25, 45)])
    await firm.imports([incoming(one, note="快", after_sale="open") for one in range(30, 40)])
    assert await firm.looks(faults) == []
    orders = {
        tab: await walked(order_pages(firm, tab), PAGE)
        for tab in ("unassigned", "to_ship", "shipped", "stopped")
    }
    given_tabs = {
        tab: await walked(assignment_pages(firm, tab), PAGE)
        for tab in ("to_ship", "changed", "shipped")
    }
    assert {tab: len(ids) for tab, ids in orders.items()} == {
        "unassigned": 15, "to_ship": 15, "shipped": 20, "stopped": 10,
    }  # fmt: skip
    assert {tab: len(ids) for tab, ids in given_tabs.items()} == {
        "to_ship": 25, "changed": 20, "shipped": 20,
    }  # fmt: skip
    for tabs in (orders, given_tabs):
        for tab, ids in tabs.items():
            assert len(ids) == len(set(ids)), tab


async def test_rows_that_come_and_go_meanwhile_repeat_nothing_and_skip_nothing(firm: Firm) -> None:
    """A row that stays put is seen once while others are shipped away from the page before it."""
    await firm.imports([incoming(one, hours=one) for one in range(1, 31)])
    page = order_pages(firm, "unassigned")
    first = await page(None)
    await firm.assigns(1, 2, 3, 9, 10)
    await firm.imports([incoming(31, hours=0.5), incoming(32, hours=29.5)])
    seen = [row.order_no for row in first.rows]
    while first.after is not None:
        first = await page(first.after)
        seen += [row.order_no for row in first.rows]
    assert len(seen) == len(set(seen))
    stayed = {order_no(one) for one in (*range(4, 9), *range(11, 31))}
    assert stayed <= set(seen)
    assert order_no(32) in seen


# -- looks ---------------------------------------------------------------------------------------


async def look(firm: Firm, given: int, message: int = 9) -> int:
    """Look at a recipient; returns how many looks are left today."""
    looking = firm.services.looking.look
    return (await firm.does(looking, firm.factory, given, (1, 2001, message))).left_today


async def test_looks_are_counted_by_order_and_day_and_a_second_look_is_free(
    tmp_path: Path,
) -> None:
    async with founded(tmp_path, Rules(peek_quota_floor=3)) as firm:
        await firm.binds()
        await firm.imports([incoming(one) for one in range(1, 5)])
        givens = await firm.assigns(1)
        assert [await look(firm, givens[0], one) for one in (1, 2, 3)] == [2, 2, 2]
        # 2 × open assignments is more than the floor: with four open, eight.
        givens += await firm.assigns(2, 3, 4)
        assert await look(firm, givens[1]) == 6


async def test_a_spent_quota_refuses_new_looks_until_midnight_in_china(tmp_path: Path) -> None:
    async with founded(tmp_path, Rules(peek_quota_floor=3)) as firm:
        await firm.binds()
        await firm.imports([incoming(one, hours=90) for one in range(1, 7)])
        done = []
        for one in (1, 2, 3):  # looked at and shipped: nothing open is left to raise the quota
            [given] = await firm.assigns(one)
            await look(firm, given)
            text = f"SF123456789012{one}"
            await firm.does(firm.services.shipping.reply, firm.factory, given, text)
            done.append(given)
        [given] = await firm.assigns(4)
        with pytest.raises(QuotaSpent) as refused:
            await look(firm, given)
        assert refused.value.quota == 3
        assert (await firm.assignment(given)).looked_at is None
        firm.watch.moves(hours=14, minutes=59)  # 23:59 in China
        with pytest.raises(QuotaSpent):
            await look(firm, given)
        firm.watch.moves(minutes=1)
        assert await look(firm, given) == 2
        with pytest.raises(AlreadyShipped):
            await look(firm, done[0])


async def test_nobody_else_looks_and_nobody_looks_at_what_must_not_ship(firm: Firm) -> None:
    await firm.opens("other factory", "factory", 2002)
    await firm.imports([incoming(1)])
    [given] = await firm.assigns(1)
    looking = firm.services.looking.look
    with pytest.raises(AssignmentNotFound):
        await firm.does(looking, firm.people["other factory"], given, (1, 2002, 9))
    await firm.imports([incoming(1, after_sale="open")])
    with pytest.raises(OrderStopped) as refused:
        await look(firm, given)
    assert refused.value.reason == "refund_open"
    looks = await firm.looks(lambda store: store.looks.seen_before(firm.factory.shop_id, given))
    assert not looks
    await firm.imports([incoming(1)])
    await look(firm, given)
    due = await firm.looks(lambda store: _due(store, firm))
    assert due == [(2001, 9)]


def _due(store: SqlStore, firm: Firm) -> list[tuple[int, int]]:
    """Return the messages that must have vanished after five minutes."""
    store.chats.now = firm.watch.now + timedelta(minutes=5)
    return [(one.chat_id, one.message_id) for one in store.chats.vanishing(1, 10)]
