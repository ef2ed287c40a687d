"""Gifts, resends and exchanges: beside the order, never instead of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.assignments.extras import ExtraUnreadable, RecipientIncomplete, read_lines
from core.errors import AssignmentNotFound, DraftGone, NotBound, OrderStopped, TooMany
from core.ids import key
from core.orders.views import LineView
from core.shipments.sending import Shipped
from core.shipments.shipping import Question
from tests.core.firm import Firm, founded, incoming, line
from tests.core.truth import faults


@pytest.fixture
async def firm(tmp_path: Path) -> AsyncIterator[Firm]:
    async with founded(tmp_path) as firm:
        await firm.binds()
        yield firm


async def sends(firm: Firm, number: int, kind: str, text: str = "杯刷 ×2") -> int:
    """Have the merchant hand an extra to the factory; returns its assignment's id."""
    extras, order = firm.services.extras, await firm.order(number)
    await firm.does(extras.begin, firm.merchant, key(order), kind)
    plan = await firm.does(extras.take, firm.merchant, text)
    return key(await firm.does(extras.send, firm.merchant, firm.factory.shop_id, plan.mark))


async def ships(firm: Firm, assignment_id: int, number: str) -> None:
    done = await firm.does(firm.services.shipping.reply, firm.factory, assignment_id, number)
    assert isinstance(done, Shipped)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("杯刷", [("杯刷", 1)]),
        ("杯刷 ×2\n吸管*3\n杯盖 x 4", [("杯刷", 2), ("吸管", 3), ("杯盖", 4)]),
        ("杯刷2件\n2个 吸管", [("杯刷", 2), ("吸管", 2)]),
        ("手机壳2个装 x1", [("手机壳2个装", 1)]),
        ("4件套", [("4件套", 1)]),
        ("杯刷 ×２ 件", [("杯刷", 2)]),
    ],
)
def test_lines_are_read_as_people_write_them(text: str, read: list[tuple[str, int]]) -> None:
    assert read_lines(text) == [LineView(name, "", "", n) for name, n in read]


@pytest.mark.parametrize("text", ["", " \n ", "杯刷 ×0", "杯刷 ×1000", "x" * 81])
def test_lines_nobody_can_mean_are_refused(text: str) -> None:
    with pytest.raises(ExtraUnreadable):
        read_lines(text)


def test_more_than_ten_lines_are_too_many() -> None:
    with pytest.raises(TooMany):
        read_lines("\n".join(f"赠品 {n}" for n in range(11)))


async def test_a_gift_ships_by_itself_and_the_order_stays_where_it_stands(firm: Firm) -> None:
    await firm.imports([incoming(1, quantity=3)])
    [own] = await firm.assigns(1)
    gift = await sends(firm, 1, "gift")
    assert await firm.owed("OrderAssigned") == 2
    await ships(firm, gift, "SF1234567890123")
    assert (await firm.order(1)).status == "assigned"
    assert (await firm.assignment(gift)).status == "shipped"
    await ships(firm, own, "SF1234567890124")
    assert (await firm.order(1)).status == "shipped"
    assert await firm.looks(faults) == []


async def test_a_shipped_order_never_moves_backwards_for_a_resend(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    [own] = await firm.assigns(1)
    await ships(firm, own, "SF1234567890123")
    resend = await sends(firm, 1, "resend")
    order = await firm.order(1)
    assert (order.status, order.tab) == ("shipped", "shipped")
    await ships(firm, resend, "SF1234567890124")
    card = await firm.sees(firm.services.listing.order, firm.merchant, key(order))
    assert [one.tracking_number for one in card.shipments] == ["SF1234567890123"]
    [extra] = card.extras
    assert [one.tracking_number for one in extra.shipments] == ["SF1234567890124"]
    assert [(one.product, one.quantity) for one in extra.lines] == [("杯刷", 2)]
    assert await firm.looks(faults) == []


async def test_the_same_again_takes_what_the_order_holds_and_not_its_extras(firm: Firm) -> None:
    await firm.imports([incoming(1, lines=(line(1, 2, 1), line(1, 1, 2)))])
    await firm.assigns(1)
    await sends(firm, 1, "gift")
    extras, order = firm.services.extras, await firm.order(1)
    plan = await firm.does(extras.take_same, firm.merchant, key(order), "resend")
    assert [(one.product, one.code, one.quantity) for one in plan.lines] == [
        ("马克杯 1", "MUG-01", 2), ("马克杯 2", "MUG-01", 1),
    ]  # fmt: skip
    await firm.does(extras.send, firm.merchant, firm.factory.shop_id, plan.mark)
    assert await firm.looks(faults) == []


async def test_the_same_file_again_finds_nothing_changed_by_extras(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    await firm.assigns(1)
    await sends(firm, 1, "gift")
    again = await firm.imports([incoming(1)])
    assert (again.known, again.changed) == (1, [])


async def test_a_refund_stops_the_gift_and_not_the_exchange(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    await firm.assigns(1)
    gift, exchange = await sends(firm, 1, "gift"), await sends(firm, 1, "exchange")
    await firm.imports([incoming(1, after_sale="open")])
    reply = firm.services.shipping.reply
    stopped = await firm.does(reply, firm.factory, gift, "SF1234567890123")
    assert isinstance(stopped, Question)
    assert stopped.reason == "refund_open"
    await ships(firm, exchange, "SF1234567890124")
    await firm.imports([incoming(1, status="closed", after_sale="refunded")])
    assert (await firm.assignment(gift)).status == "cancelled"
    assert (await firm.assignment(exchange)).status == "shipped"
    order = await firm.order(1)
    with pytest.raises(OrderStopped):
        await firm.does(firm.services.extras.begin, firm.merchant, key(order), "gift")
    assert await firm.looks(faults) == []


async def test_a_new_address_reaches_an_open_resend_and_new_pieces_do_not(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    [own] = await firm.assigns(1)
    await ships(firm, own, "SF1234567890123")
    resend = await sends(firm, 1, "resend")
    await firm.imports([incoming(1, note="周末送")])
    assert (await firm.assignment(resend)).changed_at is None
    await firm.imports([incoming(1, note="周末送", street="新华路")])
    assert (await firm.assignment(resend)).changed_at is not None
    assert await firm.looks(faults) == []


async def test_an_extra_is_recalled_and_declined_without_touching_the_order(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    await firm.assigns(1)
    first = await sends(firm, 1, "gift")
    await firm.does(firm.services.recalling.one, firm.merchant, first)
    second = await sends(firm, 1, "gift")
    await firm.does(firm.services.fulfilling.decline, firm.factory, second, "out_of_stock")
    order = await firm.order(1)
    assert (order.status, order.tab) == ("assigned", "to_ship")
    card = await firm.sees(firm.services.listing.order, firm.merchant, key(order))
    assert [one.assignment.status for one in card.extras] == ["recalled", "declined"]
    assert await firm.looks(faults) == []


async def test_an_extra_is_never_late_by_its_orders_deadline(firm: Firm) -> None:
    await firm.imports([incoming(1, hours=1)])
    [own] = await firm.assigns(1)
    await ships(firm, own, "SF1234567890123")
    firm.watch.moves(days=5)
    resend = await sends(firm, 1, "resend")
    await firm.does(firm.services.fulfilling.accept, firm.factory, resend)
    page = await firm.sees(firm.services.listing.assignments, firm.factory, "to_ship")
    [row] = page.rows
    assert (row.extra, row.ship_by, row.product, row.pieces) == ("resend", None, "杯刷", 2)
    assert row.sort_at > firm.watch.now


async def test_what_may_not_be_sent_is_refused(firm: Firm) -> None:
    stranger = await firm.opens("stranger", "factory", 2009)
    await firm.imports([incoming(1), incoming(2, name="张**")])
    extras, masked = firm.services.extras, await firm.order(2)
    with pytest.raises(RecipientIncomplete):
        await firm.does(extras.begin, firm.merchant, key(masked), "gift")
    with pytest.raises(DraftGone):
        await firm.does(extras.send, firm.merchant, firm.factory.shop_id, 0)
    order = await firm.order(1)
    await firm.does(extras.begin, firm.merchant, key(order), "gift")
    with pytest.raises(DraftGone):  # nothing was written yet
        await firm.does(extras.send, firm.merchant, firm.factory.shop_id, 0)
    shown = (await firm.does(extras.take, firm.merchant, "杯刷")).mark
    with pytest.raises(NotBound):
        await firm.does(extras.send, firm.merchant, stranger.shop_id, shown)
    given = await firm.does(extras.send, firm.merchant, firm.factory.shop_id, shown)
    with pytest.raises(DraftGone):  # pressed twice
        await firm.does(extras.send, firm.merchant, firm.factory.shop_id, shown)
    with pytest.raises(AssignmentNotFound):
        await firm.does(firm.services.fulfilling.accept, stranger, key(given))
