"""Doudian's e-waybills as the house calls them, answered by the sandbox over HTTP."""

from typing import Any

import pytest

from core.platforms.ticket_facts import Sender, TicketAsked, TicketTold
from platforms.failures import Refused, Unsure
from tests.platforms.conftest import Seller
from tests.sandbox.conftest import FACTORY, MASK, MERCHANT, Operator

SENDER = Sender("王大力", "13800009999", "浙江省", "金华市", "义乌市", "稠江街道88号")


async def factory_token(seller: Seller) -> str:
    code = (await seller.operator.post("authorise", shop=FACTORY))["code"]
    return (await seller.doudian.granted(code)).access_token


async def given(operator: Operator, count: int = 1) -> list[str]:
    """Units of so many orders, assigned to the factory on the platform."""
    made = await operator.post("orders", shop=MERCHANT, count=count)
    units: list[str] = []
    for number in made["orders"]:
        [unit, *_] = (await operator.get(f"orders/{number}"))["units"]
        await operator.post("assign", unit=unit["id"], factory=FACTORY)
        units.append(unit["id"])
    return units


def asked(unit: str, pack: str = "1", carrier: str = "yto", merchant: Any = MASK) -> TicketAsked:
    return TicketAsked(unit, str(merchant), carrier, pack, [("陶瓷马克杯", 2)])


async def test_numbers_are_drawn_with_what_the_label_needs_and_asked_again_are_the_same(
    seller: Seller, operator: Operator
) -> None:
    token, units = await factory_token(seller), await given(operator, 2)
    wanted = [asked(one) for one in units]
    drawn = await seller.doudian.tickets(token, SENDER, wanted)
    assert [one.handle for one in drawn] == units
    assert all(one.number.startswith("YT") and not one.why for one in drawn)
    assert all(all(one.sorting) for one in drawn), "sort code, destination, package place"
    assert await seller.doudian.tickets(token, SENDER, wanted) == drawn
    [other] = await seller.doudian.tickets(token, SENDER, [asked(units[0], "2")])
    assert other.number not in {one.number for one in drawn}, "another parcel, another number"


async def test_each_order_is_answered_for_itself(seller: Seller, operator: Operator) -> None:
    token, [unit, spare] = await factory_token(seller), await given(operator, 2)
    made = await operator.order()
    told = {
        one.handle: one
        for one in await seller.doudian.tickets(
            token,
            SENDER,
            [asked(unit), asked(made["units"][0]["id"]), asked(spare, carrier="nobody")],
        )
    }
    assert told[unit].number
    assert told[made["units"][0]["id"]].why == "unknown_order", "nobody gave it to this factory"
    assert told[spare] == TicketTold(spare, why="carrier_unknown")
    await operator.post("stock", factory=FACTORY, company="yuantong", left=0)
    [none] = await seller.doudian.tickets(token, SENDER, [asked(spare)])
    assert (none.why, none.number) == ("no_stock", "")
    assert "10701" in none.said


async def test_a_number_is_given_back_once_and_never_after_its_parcel_left(
    seller: Seller, operator: Operator
) -> None:
    token, [unit] = await factory_token(seller), await given(operator)
    [first] = await seller.doudian.tickets(token, SENDER, [asked(unit)])
    await seller.doudian.unticket(token, str(MASK), "yto", first.number)
    with pytest.raises(Refused) as gone:
        await seller.doudian.unticket(token, str(MASK), "yto", first.number)
    assert gone.value.why == "unknown_order"
    [again] = await seller.doudian.tickets(token, SENDER, [asked(unit, "2")])
    assert again.number != first.number


async def test_an_answer_that_was_cut_is_asked_again_and_draws_the_same_number(
    seller: Seller, operator: Operator
) -> None:
    token, [unit] = await factory_token(seller), await given(operator)
    await operator.fault("cut_after", method="iop.waybillGet", times=1)
    with pytest.raises(Unsure):
        await seller.doudian.tickets(token, SENDER, [asked(unit)])
    [drawn] = await seller.doudian.tickets(token, SENDER, [asked(unit)])
    [again] = await seller.doudian.tickets(token, SENDER, [asked(unit)])
    assert drawn == again
