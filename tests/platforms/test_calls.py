"""What is asked of every platform alike, answered by the sandbox: and every fault of a call."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from platforms.calling import open_client
from platforms.failures import (
    Busy,
    Garbled,
    Refused,
    Throttled,
    TokenStale,
    Unreachable,
    Unsure,
)
from platforms.kuaishou.opening import KuaishouSettings, open_kuaishou, read_kuaishou_values
from platforms.port import Window
from tests.platforms.conftest import KUAISHOU, Letting


def last_minutes(minutes: float = 29) -> Window:
    now = datetime.now(UTC)
    return Window(now - timedelta(minutes=minutes), now + timedelta(seconds=1))


async def test_a_shop_lets_us_in_and_its_token_is_renewed(each: Letting) -> None:
    assert each.grant.shop_id.endswith(str(each.shop))  # Kuaishou's begins with open
    assert each.grant.shop_name == "小满优选"
    assert each.grant.until > datetime.now(UTC) + timedelta(days=1)
    assert await each.platform.role(each.token) == "merchant"
    renewed = await each.platform.refreshed(each.grant.refresh_token)
    assert renewed.access_token != each.token
    with pytest.raises(TokenStale):
        await each.platform.role(each.token)
    assert await each.platform.role(renewed.access_token) == "merchant"
    for used in (each.grant.refresh_token, "no-such-token"):
        with pytest.raises(Refused) as refused:
            await each.platform.refreshed(used)
        assert refused.value.why == "grant_ended"
    with pytest.raises(Refused) as refused:
        await each.platform.granted("no-such-code")
    assert refused.value.why == "grant_ended"
    assert each.token not in repr(each.grant)


async def test_a_grant_taken_back_says_so(each: Letting) -> None:
    await each.operator.post("tokens/revoke", shop=each.shop)
    with pytest.raises((Refused, TokenStale)):
        await each.platform.role(each.token)
    with pytest.raises(Refused) as refused:
        await each.platform.refreshed(each.grant.refresh_token)
    assert refused.value.why == "grant_ended"


async def test_orders_that_changed_come_page_by_page_with_their_recipients_concealed(
    each: Letting,
) -> None:
    made = await each.operator.post("orders", shop=each.shop, count=130)
    await each.operator.post("orders", shop=each.other, count=3)
    window = last_minutes()
    first = await each.platform.changed(each.token, window)
    second = await each.platform.changed(each.token, window, first.next)
    assert (len(first.orders), len(second.orders), second.next) == (100, 30, "")
    numbers = [one.order.order_no for one in [*first.orders, *second.orders]]
    assert sorted(numbers) == sorted(made["orders"])
    assert [one.changed_at for one in first.orders] == sorted(
        one.changed_at for one in first.orders
    )
    one = first.orders[0].order
    shown = await each.operator.get(f"orders/{one.order_no}")
    assert one.recipient.concealed is not None
    for secret in (shown["recipient"][part] for part in ("name", "phone", "detail")):
        assert secret not in repr(one)
    assert (one.order_status, one.after_sale, one.platform) == (
        "to_ship", "none", each.platform.name,
    )  # fmt: skip
    assert one.paid_at is not None
    assert one.ship_by == one.paid_at + timedelta(hours=48)


async def test_one_recipient_is_opened_for_a_person_until_the_quota_is_spent(
    each: Letting,
) -> None:
    order = await each.operator.order(each.shop)
    concealed = (await each.whole(order)).order.recipient.concealed
    assert concealed is not None
    plain = await each.platform.decrypted(each.token, order["id"], concealed)
    buyer = order["recipient"]
    assert (plain.name, plain.phone) == (buyer["name"], buyer["phone"])
    assert plain.address == f"{' '.join(buyer['areas'])} {buyer['detail']}"
    for broken in (replace(concealed, name="##x"), replace(concealed, phone="")):
        with pytest.raises((Refused, Garbled)):
            await each.platform.decrypted(each.token, order["id"], broken)
    await each.operator.fault("quota")
    with pytest.raises(Refused) as refused:
        await each.platform.decrypted(each.token, order["id"], concealed)
    assert refused.value.why == "quota_spent"


async def test_a_refund_a_change_and_an_end_are_seen_as_they_stand(each: Letting) -> None:
    order = await each.operator.order(each.shop)
    before = await each.whole(order)
    await each.operator.does("refund", order, act="open")
    assert (await each.whole(order)).order.after_sale == "open"
    await each.operator.does("refund", order, act="close")
    assert (await each.whole(order)).order.after_sale == "none"
    await each.operator.does("remark", order, text="加急")
    assert (await each.whole(order)).order.seller_note == "加急"
    await each.operator.does(
        "address", order, name="周小雨", phone="13800000077",
        areas=["浙江省", "金华市", "义乌市", "福田街道"], detail="示例二路 7 号",
    )  # fmt: skip
    moved = await each.whole(order)
    assert moved.order.recipient.concealed is not None
    assert before.order.recipient.concealed is not None
    assert moved.order.recipient.concealed.same != before.order.recipient.concealed.same
    assert moved.strange == ()  # every field's name is known
    await each.operator.fault("unknown", times=1)
    assert (await each.whole(order)).strange == ("field_of_next_year",)
    await each.operator.does("cancel", order)
    assert (await each.whole(order)).order.order_status == "closed"
    assert await each.platform.one(each.token, "6900000000000000000") is None


async def test_two_orders_of_one_recipient_are_known_as_that(each: Letting) -> None:
    buyer = {"name": "林小满", "phone": "13800000001", "detail": "桂花里 6 号",
             "areas": ["浙江省", "杭州市", "西湖区", "北山街道"]}  # fmt: skip
    marks = []
    for detail in ("桂花里 6 号", "桂花里 6 号", "桂花里 7 号"):
        order = await each.operator.order(each.shop, buyer={**buyer, "detail": detail})
        concealed = (await each.whole(order)).order.recipient.concealed
        assert concealed is not None
        marks.append(concealed.same)
    assert marks[0] == marks[1] != marks[2]


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
    each: Letting, fault: str, failure: type[Exception]
) -> None:
    await each.operator.fault(fault, times=1)
    with pytest.raises(failure):
        await each.platform.role(each.token)
    assert await each.platform.role(each.token) == "merchant"


@pytest.mark.parametrize("fault", ["numbers_as_text", "text_as_numbers", "unknown"])
async def test_an_answer_in_odd_types_says_the_same(each: Letting, fault: str) -> None:
    order = await each.operator.order(each.shop)
    plain = await each.whole(order)
    await each.operator.fault(fault)
    odd = await each.whole(order)
    assert replace(odd, strange=()) == plain
    assert bool(odd.strange) == (fault == "unknown")
    assert len((await each.platform.changed(each.token, last_minutes())).orders) == 1


async def test_an_order_with_a_field_missing_stands_aside_and_the_others_come(
    each: Letting,
) -> None:
    made = await each.operator.post("orders", shop=each.shop, count=3)
    field = "update_time" if each.platform.name == "doudian" else "updateTime"
    await each.operator.fault("missing", times=1, fields=[field])
    page = await each.platform.changed(each.token, last_minutes())
    assert len(page.orders) + len(page.quarantined) == 3
    assert {one.field for one in page.quarantined} == {field}
    assert {one.order_no for one in page.quarantined} <= set(made["orders"])


async def test_orders_are_handed_to_a_factory_and_back_one_by_one(each: Letting) -> None:
    order = await each.operator.order(each.shop)
    handle = order["units"][0]["id"]
    code = "4463101" if each.platform.name == "doudian" else "90570101"
    told = await each.platform.assign(each.token, [handle, "812"], code)
    assert [(one.name, one.why) for one in told] == [(handle, ""), ("812", "unknown_order")]
    back = await each.platform.unassign(each.token, [handle, "812"], "换厂家")
    assert [one.done for one in back] == [True, False]


async def test_a_platform_that_is_not_there_was_told_nothing() -> None:
    nowhere = KuaishouSettings(KUAISHOU, "http://127.0.0.1:9/kuaishou")
    async with open_client() as http:
        kuaishou = open_kuaishou(nowhere, read_kuaishou_values(), http)
        with pytest.raises(Unreachable):
            await kuaishou.role("token")
