"""E-waybills of concealed orders: drawn once whatever goes wrong, printed, shipped, given back."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from sqlmodel import select

from core.entities import CallState, PlatformCall, Shipment, Ticket
from core.ids import key
from core.people.suspending import resume, suspend
from core.shipments.sending import Shipped
from core.shipments.shipping import Question
from core.tickets.labelling import NO_TICKET
from core.tickets.ticket_errors import NothingToSend, SenderIncomplete
from core.tickets.turns import TicketResult
from core.values import ShipFrom
from platforms.drawer import Drawer
from platforms.working import Renewing
from storage.store import SqlStore
from tests.platforms.test_syncing import came
from tests.platforms.town import Town, now
from tests.sandbox.conftest import FACTORY, KS_FACTORY, KS_MERCHANT, MERCHANT

SHIPS_FROM = ShipFrom("王大力", "13800009999", "浙江省 金华市 义乌市 稠江街道88号")


def drawer(town: Town) -> Drawer:
    services = town.services
    renewing = Renewing(town.database, services.platforms.syncing, now)
    platforms = {town.platform.name: town.platform}
    return Drawer(town.database, platforms, renewing, services.tickets, told=lambda: None, now=now)


async def given(
    town: Town, count: int = 1, merchant: int = MERCHANT, factory: int = FACTORY, **facts: Any
) -> list[int]:
    """So many orders come in and are the factory's, on the platform too; both are linked."""
    await town.does(lambda store: store.shops.put_ship_from(town.factory.shop_id, SHIPS_FROM))
    await town.links(merchant)
    await town.links(factory, town.factory)
    made = await town.operator.post("orders", shop=merchant, count=count, **facts)
    async with town.working():
        await town.partnered()
        await town.until(lambda: came(town, count))
        direct = town.services.assigning.direct
        done = await town.does(direct, town.merchant, made["orders"], town.number)

        async def told() -> bool:
            return await town.calls() == [("assign", "done", "")] * count

        await town.until(told)
    given = await town.database.read(lambda store: store.assignments.of_draft(done.draft_id))
    return [key(one) for one in given]


async def draws(town: Town, ids: Sequence[int], carrier: str = "yto") -> dict[int, TicketResult]:
    """The factory draws numbers for these."""
    results = await drawer(town).draw(town.factory, ids, carrier)
    return {one.assignment_id: one for one in results}


async def states(town: Town) -> list[tuple[str, str]]:
    return [(one.state, one.why) for one in await town.all(Ticket)]


@asynccontextmanager
async def asking(town: Town) -> AsyncIterator[None]:
    """Whoever asks for what was left open is at work."""
    worker = drawer(town)
    town.database.after_write(worker.wake)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_twelve_orders_are_drawn_ten_a_call_and_asked_again_stay_as_they_are(
    town: Town,
) -> None:
    ids = await given(town, 12)
    drawn = await draws(town, ids)
    numbers = {one.number for one in drawn.values()}
    assert len(numbers) == 12, drawn
    assert all(one.startswith("YT") for one in numbers)
    again = await draws(town, ids, "sf")
    assert {one.number for one in again.values()} == numbers
    assert await states(town) == [("drawn", "")] * 12
    assert all((one.sort_code, one.destination) for one in await town.all(Ticket))


async def all_are(town: Town, *wanted: str) -> bool:
    return [state for state, _ in await states(town)] == list(wanted)


async def test_an_answer_that_was_cut_is_asked_for_again_and_gives_the_same_number(
    town: Town,
) -> None:
    ids = await given(town, 2)
    await stock(town, 2)
    await town.operator.fault("cut_after", method="iop.waybillGet", times=1)
    drawn = await draws(town, ids)
    assert {one.why for one in drawn.values()} == {"unsure"}
    again = await draws(town, ids, "sf")
    assert all(one.number.startswith("YT") for one in again.values()), "the two there were, by YTO"


async def test_whoever_asks_for_what_was_left_open_learns_the_number(town: Town) -> None:
    ids = await given(town, 1)
    begin = town.services.tickets.drawing.begin
    await town.does(begin, town.factory, ids, "yto")  # and there the house dies
    assert await states(town) == [("asked", "")]
    await town.does(lambda store: store.tickets.release())
    async with asking(town):
        await town.until(lambda: all_are(town, "drawn"))


async def test_each_order_says_why_it_has_none(town: Town) -> None:
    one, two, three = await given(town, 3)
    fulfilling, orders = town.services.fulfilling, await town.orders()
    await town.does(fulfilling.decline, town.factory, three, "缺货")
    await stock(town, 1)
    drawn = await draws(town, [one, two, three, 999])
    assert drawn[one].number
    assert (drawn[two].why, drawn[three].why) == ("no_stock", "ended")
    assert set(drawn) == {one, two, three}, "what is not its own does not exist"
    await town.operator.post("stock", factory=FACTORY, company="shunfeng", left=5)
    assert (await draws(town, [two], "sf"))[two].number.startswith("SF")
    assert len(orders) == 3


async def test_what_is_not_or_not_yet_at_the_platform_says_so(town: Town) -> None:
    [one] = await given(town, 1)

    async def put(state: CallState) -> None:
        def work(store: SqlStore) -> None:
            [call] = store.session.scalars(select(PlatformCall)).all()
            call.state = state

        await town.database.write(work)

    stands: list[tuple[CallState, str]] = [("owed", "giving"), ("given_up", "not_given")]
    for state, why in stands:
        await put(state)
        assert (await draws(town, [one]))[one].why == why
    await put("done")
    linking = town.services.platforms.linking
    theirs = next(one for one in (await town.does(linking.own, town.factory)).links)
    await town.does(linking.disconnect, town.factory, key(theirs))
    assert (await draws(town, [one]))[one].why == "no_link"
    assert await states(town) == []


async def test_nothing_is_drawn_for_a_merchant_who_is_suspended(town: Town) -> None:
    ids = await given(town)
    shop = await town.database.read(lambda store: store.shops.of(town.merchant.shop_id))
    await town.does(partial(suspend, number=shop.number))
    assert {one.why for one in (await draws(town, ids)).values()} == {"suspended"}
    await town.does(partial(resume, number=shop.number))
    assert all(one.number for one in (await draws(town, ids)).values())


async def test_after_a_call_that_did_not_come_through_no_other_is_made(town: Town) -> None:
    ids = await given(town, 11)
    await town.operator.fault("throttle", method="iop.waybillGet", times=1)
    drawn = await draws(town, ids)
    assert [drawn[one].why for one in ids] == ["throttled"] * 10 + ["not_asked"]
    assert all(one.tag for one in drawn.values())
    assert all(one.number for one in (await draws(town, ids, "sf")).values()), "by another carrier"


async def test_a_sender_without_a_district_is_told_what_is_missing(town: Town) -> None:
    ids = await given(town, 1)
    where = ShipFrom("王大力", "13800009999", "稠江街道88号")
    await town.does(lambda store: store.shops.put_ship_from(town.factory.shop_id, where))
    with pytest.raises(SenderIncomplete) as told:
        await draws(town, ids)
    assert told.value.missing == ("province", "city", "district")


async def test_a_label_is_no_look_and_the_printed_ship_by_one_press(town: Town) -> None:
    one, two, three = await given(town, 3)
    printing, leaving = town.services.printing, town.services.tickets.leaving
    with pytest.raises(NothingToSend):
        await town.does(leaving.send, town.factory, [one, two])
    await draws(town, [one, two])
    made = await town.does(printing.slips, town.factory, [one, two, three])
    assert [slip.recipient for slip in made.slips] == [None, None]
    assert [left.reason for left in made.left_out] == [NO_TICKET]
    numbers = {slip.ticket.number for slip in made.slips if slip.ticket}
    done = await town.does(leaving.send, town.factory, [one, two, three])
    assert len(done.tags) == 2
    assert sorted(await states(town)) == [("used", "")] * 2
    parcels = await town.all(Shipment)
    assert {parcel.tracking_number for parcel in parcels} == numbers
    history = await town.database.read(lambda store: store.history(1))
    assert [row.act for row in history][-3:] == ["ticket_drawn", "label_printed", "shipped"]


async def test_a_typed_number_that_is_not_the_drawn_one_is_asked_about(town: Town) -> None:
    [one] = await given(town, 1)
    drawn = (await draws(town, [one]))[one]
    numbers = town.services.shipping.numbers
    asked = await town.does(numbers, town.factory, one, [("YT8800000000999", "yto", None)])
    assert isinstance(asked, Question)
    assert asked.kind == "drawn"
    done = await town.does(numbers, town.factory, one, [(drawn.number, "yto", None)])
    assert isinstance(done, Shipped)
    assert await states(town) == [("used", "")]
    [call] = [each for each in await town.all(PlatformCall) if each.kind == "ship"]
    told = await town.database.read(lambda store: store.platforms.parcel(call))
    assert told.drawn == [drawn.number], "what Kuaishou would refuse is known before it is told"


async def test_a_number_goes_back_when_its_order_does_but_never_one_that_left(
    town: Town,
) -> None:
    one, two, three = await given(town, 3)
    await stock(town, 2)
    drawn = await draws(town, [one, two])
    given_number = [(drawn[two].number, "yto", None)]
    await town.does(town.services.shipping.numbers, town.factory, two, given_number)
    await town.does(town.services.fulfilling.decline, town.factory, one, "缺货")
    assert sorted(await states(town)) == [("cancelling", ""), ("used", "")]
    await town.operator.fault("cut_after", method="iop.waybillCancel", times=1)
    async with asking(town):

        async def unanswered() -> bool:
            return ("cancelling", "unsure") in await states(town)

        await town.until(unanswered)
        await town.does(lambda store: store.tickets.release())  # its pause is over
        await town.until(lambda: settled(town))
    assert sorted(await states(town)) == [("cancelled", "unsure"), ("used", "")]
    assert (await draws(town, [three]))[three].number, "what came back is drawn again"
    [result] = await town.does(town.services.tickets.cancelling.cancel, town.factory, [two])
    assert result.why == "used"


async def test_another_address_voids_the_number_and_a_new_one_is_drawn(town: Town) -> None:
    [one] = await given(town, 1)
    before = (await draws(town, [one]))[one]
    await town.does(town.services.printing.slips, town.factory, [one])
    [order] = await town.orders()
    async with town.working(), asking(town):
        await town.operator.post(
            f"orders/{order}/address", name="何田田", phone="13800000005",
            areas=["四川省", "成都市", "武侯区", "浆洗街街道"], detail="竹林里 9 号",
        )  # fmt: skip
        await town.does(town.services.platforms.linking.look_now, town.merchant, town.link_id)
        await town.until(lambda: all_are(town, "cancelled"))
    after = (await draws(town, [one]))[one]
    assert after.number not in ("", before.number)
    assert [ticket.pack for ticket in await town.all(Ticket)] == ["1", "2"]


async def test_kuaishou_gives_numbers_too_and_takes_them_back(ks_town: Town) -> None:
    one, two = await given(ks_town, 2, KS_MERCHANT, KS_FACTORY)
    drawn = await draws(ks_town, [one, two])
    assert all(result.number for result in drawn.values()), drawn
    assert all((ticket.sort_code, ticket.package) for ticket in await ks_town.all(Ticket))
    await ks_town.does(ks_town.services.fulfilling.decline, ks_town.factory, one, "缺货")
    async with asking(ks_town):
        await ks_town.until(lambda: settled(ks_town))
    assert sorted(await states(ks_town)) == [("cancelled", ""), ("drawn", "")]


async def test_an_order_of_several_lines_leaves_whole_with_its_one_number(town: Town) -> None:
    lines = [
        {"name": "马克杯", "code": "MUG", "count": 2},
        {"name": "碗", "code": "BOWL", "count": 1},
    ]
    [one] = await given(town, lines=lines)
    drawn = (await draws(town, [one]))[one]
    await town.does(town.services.printing.slips, town.factory, [one])
    await town.does(town.services.tickets.leaving.send, town.factory, [one])
    async with town.working():

        async def told() -> bool:
            return all(state == "done" for _, state, _ in await town.calls())

        await town.until(told)
    [order] = await town.orders()
    shown = await town.operator.get(f"orders/{order}")
    assert {parcel["number"] for parcel in shown["parcels"]} == {drawn.number}
    assert shown["status"] == "shipped"


async def settled(town: Town) -> bool:
    return all(state != "cancelling" for state, _ in await states(town))


async def stock(town: Town, left: int) -> None:
    """So many numbers of the carrier the factory has left at the platform."""
    await town.operator.post("stock", factory=FACTORY, company="yuantong", left=left)
