"""Doudian as the house calls it, answered by the sandbox: everything asked, and every fault."""

from typing import Any

import pytest

from core.platforms.facts import Leg, Parcel, PlatformOrder
from platforms.calling import open_client
from platforms.doudian.opening import DoudianSettings, open_doudian, read_doudian_values
from platforms.doudian.signing import App, SignMethod
from platforms.failures import (
    Refused,
)
from sandbox.cast import DOUDIAN_APP
from tests.platforms.conftest import Seller
from tests.sandbox.conftest import Operator


async def whole(seller: Seller, order_no: str) -> PlatformOrder:
    order = await seller.doudian.one(seller.token, order_no)
    assert isinstance(order, PlatformOrder), order
    return order


async def sent(seller: Seller, order: Any, number: str = "YT8800000000001") -> list[Leg]:
    one = await whole(seller, order["id"])
    pieces = {line.sub_order_no: line.quantity for line in one.order.lines}
    parcel = Parcel(order["id"], "yto", number, pieces)
    return await seller.doudian.ship(seller.token, [parcel], f"test-{order['id']}")


@pytest.mark.parametrize("how", ["hmac-sha256", "md5"])
async def test_both_signatures_are_taken_and_a_wrong_secret_is_told(
    url: str, seller: Seller, how: SignMethod
) -> None:
    async with open_client() as http:
        for secret, why in ((DOUDIAN_APP.secret, ""), ("another", "bad_signature")):
            app = App(DOUDIAN_APP.key, secret, how)
            other = open_doudian(
                DoudianSettings(app, "1", f"{url}/doudian"), read_doudian_values(), http
            )
            if not why:
                assert await other.role(seller.token) == "merchant"
                continue
            with pytest.raises(Refused) as refused:
                await other.role(seller.token)
            assert refused.value.why == why


async def test_parcels_are_told_once_in_part_and_whole_and_corrected(
    seller: Seller, operator: Operator
) -> None:
    order = await operator.order(
        lines=[{"name": "杯", "count": 3, "code": "A"}, {"name": "盖", "count": 1, "code": "B"}]
    )
    lines = (await whole(seller, order["id"])).order.lines
    first = Parcel(order["id"], "yto", "YT8800000000001", {lines[0].sub_order_no: 2})
    told = await seller.doudian.ship(seller.token, [first], "once")
    again = await seller.doudian.ship(seller.token, [first], "once")
    assert told == again
    assert told[0].handle
    part = await whole(seller, order["id"])
    assert (part.order.order_status, len(part.parcels)) == ("part_shipped", 1)
    rest = {lines[0].sub_order_no: 1, lines[1].sub_order_no: 1}
    second = Parcel(order["id"], "sf", "SF1000000000001", rest)  # a code asked for by its name
    await seller.doudian.ship(seller.token, [second], "twice")
    done = await whole(seller, order["id"])
    assert done.order.order_status == "shipped"
    assert [one.tracking_number for one in done.parcels] == ["YT8800000000001", "SF1000000000001"]


async def test_the_only_parcel_of_an_order_is_corrected(seller: Seller, operator: Operator) -> None:
    order = await operator.order()
    [leg] = await sent(seller, order)
    after = Parcel(order["id"], "jt", "JT3000000000009", leg.pieces)
    await seller.doudian.correct(seller.token, leg, after)
    [now] = (await whole(seller, order["id"])).parcels
    assert (now.carrier, now.tracking_number) == ("jtexpress", "JT3000000000009")


@pytest.mark.parametrize(
    ("act", "facts", "why"),
    [
        ("refund", {"act": "open"}, "refund_open"),
        ("cancel", {}, "state_forbids"),
    ],
)
async def test_the_platform_refuses_a_parcel_of_an_order_that_is_stopped(
    seller: Seller, operator: Operator, act: str, facts: dict[str, Any], why: str
) -> None:
    order = await operator.order()
    await operator.post(f"orders/{order['id']}/{act}", **facts)
    with pytest.raises(Refused) as refused:
        await sent(seller, order)
    assert refused.value.why == why
    assert refused.value.said


async def test_a_refund_that_the_merchant_refuses_lets_the_parcel_go(
    seller: Seller, operator: Operator
) -> None:
    order = await operator.order()
    await operator.post(f"orders/{order['id']}/refund", act="open")
    lines = (await whole(seller, order["id"])).order.lines
    pieces = {line.sub_order_no: line.quantity for line in lines}
    parcel = Parcel(order["id"], "yto", "YT8800000000002", pieces, refusing_refund=True)
    await seller.doudian.ship(seller.token, [parcel], "let go")
    assert (await whole(seller, order["id"])).order.order_status == "shipped"


@pytest.mark.parametrize(
    ("carrier", "number", "why"),
    [
        ("sf", "YT8800000000001", "number_misfits"),
        ("uce", "518000000001", "carrier_unknown"),
    ],
)
async def test_a_number_nobody_could_have_issued_is_refused_in_our_words(
    seller: Seller, operator: Operator, carrier: str, number: str, why: str
) -> None:
    order = await operator.order()
    lines = (await whole(seller, order["id"])).order.lines
    pieces = {line.sub_order_no: line.quantity for line in lines}
    with pytest.raises(Refused) as refused:
        await seller.doudian.ship(
            seller.token, [Parcel(order["id"], carrier, number, pieces)], "odd"
        )
    assert refused.value.why == why


async def test_orders_are_handed_to_a_factory_and_back_one_by_one(
    seller: Seller, operator: Operator
) -> None:
    order = await operator.order()
    handle = order["units"][0]["id"]
    told = await seller.doudian.assign(seller.token, [handle, "812"], "4463101")
    assert [(one.name, one.why) for one in told] == [(handle, ""), ("812", "unknown_order")]
    back = await seller.doudian.unassign(seller.token, [handle, "812"], "换厂家")
    assert [one.done for one in back] == [True, False]
