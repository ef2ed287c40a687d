"""Doudian as the house calls it, answered by the sandbox: everything asked, and every fault."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.platforms.facts import Leg, Parcel, PlatformOrder
from platforms.calling import open_client
from platforms.doudian.calls import Doudian
from platforms.doudian.opening import DoudianSettings, open_doudian, read_doudian_values
from platforms.doudian.signing import App, SignMethod
from platforms.failures import (
    Busy,
    Garbled,
    Refused,
    Throttled,
    TokenStale,
    Unreachable,
    Unsure,
)
from platforms.port import Window
from sandbox.cast import DOUDIAN_APP
from tests.platforms.conftest import Seller
from tests.sandbox.conftest import MERCHANT, OTHER_MERCHANT, Operator


def last_minutes(minutes: float = 29) -> Window:
    now = datetime.now(UTC)
    return Window(now - timedelta(minutes=minutes), now + timedelta(seconds=1))


async def whole(seller: Seller, order_no: str) -> PlatformOrder:
    order = await seller.doudian.one(seller.token, order_no)
    assert isinstance(order, PlatformOrder), order
    return order


async def sent(seller: Seller, order: Any, number: str = "YT8800000000001") -> list[Leg]:
    one = await whole(seller, order["id"])
    pieces = {line.sub_order_no: line.quantity for line in one.order.lines}
    parcel = Parcel(order["id"], "yto", number, pieces)
    return await seller.doudian.ship(seller.token, [parcel], f"test-{order['id']}")


async def test_a_shop_lets_us_in_and_its_token_is_renewed(seller: Seller) -> None:
    assert (seller.grant.shop_id, seller.grant.shop_name) == (str(MERCHANT), "小满优选")
    assert seller.grant.until > datetime.now(UTC) + timedelta(days=1)
    assert await seller.doudian.role(seller.token) == "merchant"
    renewed = await seller.doudian.refreshed(seller.grant.refresh_token)
    assert renewed.access_token != seller.token
    with pytest.raises(TokenStale):
        await seller.doudian.role(seller.token)
    assert await seller.doudian.role(renewed.access_token) == "merchant"
    for used in (seller.grant.refresh_token, "no-such-token"):
        with pytest.raises(Refused) as refused:
            await seller.doudian.refreshed(used)
        assert refused.value.why == "grant_ended"
    assert seller.token not in repr(seller.grant)


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


async def test_orders_that_changed_come_page_by_page_with_their_recipients_concealed(
    seller: Seller, operator: Operator
) -> None:
    made = await operator.post("orders", shop=MERCHANT, count=130)
    await operator.post("orders", shop=OTHER_MERCHANT, count=3)
    first = await seller.doudian.changed(seller.token, last_minutes())
    second = await seller.doudian.changed(seller.token, last_minutes(), first.next)
    assert (len(first.orders), len(second.orders), second.next) == (100, 30, "")
    numbers = [one.order.order_no for one in [*first.orders, *second.orders]]
    assert sorted(numbers) == sorted(made["orders"])
    assert [one.changed_at for one in first.orders] == sorted(
        one.changed_at for one in first.orders
    )
    one = first.orders[0].order
    shown = await operator.get(f"orders/{one.order_no}")
    assert one.recipient.concealed is not None
    for secret in (shown["recipient"][part] for part in ("name", "phone", "detail")):
        assert secret not in repr(one)
    assert (one.order_status, one.after_sale, one.platform) == ("to_ship", "none", "doudian")
    assert one.paid_at is not None
    assert one.ship_by == one.paid_at + timedelta(hours=48)


async def test_one_recipient_is_opened_for_a_person_until_the_quota_is_spent(
    seller: Seller, operator: Operator
) -> None:
    order = await operator.order()
    concealed = (await whole(seller, order["id"])).order.recipient.concealed
    assert concealed is not None
    plain = await seller.doudian.decrypted(seller.token, order["id"], concealed)
    buyer = order["recipient"]
    assert (plain.name, plain.phone) == (buyer["name"], buyer["phone"])
    assert plain.address == f"{' '.join(buyer['areas'])} {buyer['detail']}"
    for broken in (replace(concealed, name="##x"), replace(concealed, phone="")):
        with pytest.raises((Refused, Garbled)):
            await seller.doudian.decrypted(seller.token, order["id"], broken)
    await operator.fault("quota")
    with pytest.raises(Refused) as refused:
        await seller.doudian.decrypted(seller.token, order["id"], concealed)
    assert refused.value.why == "quota_spent"


async def test_a_refund_a_change_and_an_end_are_seen_as_they_stand(
    seller: Seller, operator: Operator
) -> None:
    order = await operator.order()
    before = await whole(seller, order["id"])
    await operator.post(f"orders/{order['id']}/refund", act="open")
    assert (await whole(seller, order["id"])).order.after_sale == "open"
    await operator.post(f"orders/{order['id']}/refund", act="close")
    assert (await whole(seller, order["id"])).order.after_sale == "none"
    await operator.does("remark", order, text="加急")
    assert (await whole(seller, order["id"])).order.seller_note == "加急"
    await operator.does(
        "address", order, name="周小雨", phone="13800000077",
        areas=["浙江省", "金华市", "义乌市", "福田街道"], detail="示例二路 7 号",
    )  # fmt: skip
    moved = await whole(seller, order["id"])
    assert moved.order.recipient.concealed is not None
    assert before.order.recipient.concealed is not None
    assert moved.order.recipient.concealed.same != before.order.recipient.concealed.same
    await operator.does("cancel", order)
    assert (await whole(seller, order["id"])).order.order_status == "closed"
    assert await seller.doudian.one(seller.token, "6900000000000000000") is None


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


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        ("throttle", Throttled),
        ("5xx", Busy),
        ("html", Garbled),
        ("cut_before", Unsure),
        ("cut_after", Unsure),
        ("token_expired", TokenStale),
        ("service", Busy),
    ],
)
async def test_every_fault_of_a_call_is_sorted_by_what_it_may_have_done(
    seller: Seller, operator: Operator, fault: str, failure: type[Exception]
) -> None:
    await operator.fault(fault, times=1)
    with pytest.raises(failure):
        await seller.doudian.role(seller.token)
    assert await seller.doudian.role(seller.token) == "merchant"


@pytest.mark.parametrize("fault", ["numbers_as_text", "text_as_numbers", "unknown"])
async def test_an_answer_in_odd_types_says_the_same(
    seller: Seller, operator: Operator, fault: str
) -> None:
    order = await operator.order()
    plain = await whole(seller, order["id"])
    await operator.fault(fault)
    assert await whole(seller, order["id"]) == plain
    assert len((await seller.doudian.changed(seller.token, last_minutes())).orders) == 1


async def test_an_order_with_a_field_missing_stands_aside_and_the_others_come(
    seller: Seller, operator: Operator
) -> None:
    made = await operator.post("orders", shop=MERCHANT, count=3)
    await operator.fault("missing", times=1, fields=["update_time"])
    page = await seller.doudian.changed(seller.token, last_minutes())
    assert len(page.orders) + len(page.quarantined) == 3
    assert {one.field for one in page.quarantined} == {"update_time"}
    assert {one.order_no for one in page.quarantined} <= set(made["orders"])


async def test_a_platform_that_is_not_there_was_told_nothing() -> None:
    app = App(DOUDIAN_APP.key, DOUDIAN_APP.secret)
    nowhere = DoudianSettings(app, "1", "http://127.0.0.1:9/doudian")
    async with open_client() as http:
        doudian: Doudian = open_doudian(nowhere, read_doudian_values(), http)
        with pytest.raises(Unreachable):
            await doudian.role("token")
