"""Kuaishou as the house calls it, answered by the sandbox: what is Kuaishou's alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from core.platforms.facts import Leg, Parcel, Reuse
from core.platforms.ticket_facts import Sender, TicketAsked
from platforms.calling import open_client
from platforms.failures import Refused, Unsure
from platforms.kuaishou.calls import Kuaishou
from platforms.kuaishou.opening import KuaishouSettings, open_kuaishou, read_kuaishou_values
from platforms.kuaishou.signing import SignMethod
from platforms.port import Window
from tests.platforms.conftest import KUAISHOU, Letting
from tests.sandbox.conftest import KS_FACTORY, KS_MERCHANT

YTO = "YT8800000000001"


async def parcel_of(shop: Letting, order: Any, number: str = YTO, **said: Any) -> Parcel:
    """A parcel of ours with the whole order in it."""
    one = await shop.whole(order)
    pieces = {line.sub_order_no: line.quantity for line in one.order.lines}
    return Parcel(order["id"], "yto", number, pieces, handles=one.handles)._replace(**said)


async def shipped(shop: Letting, parcel: Parcel) -> list[Leg]:
    return await shop.platform.ship(shop.token, [parcel], "takes no id")


async def numbers(shop: Letting, order: Any) -> list[str]:
    """The numbers the platform has of an order."""
    return [one.tracking_number for one in (await shop.whole(order)).parcels]


async def calls(shop: Letting, part: str) -> list[Any]:
    heard = await shop.operator.get("calls?limit=200")
    return [one for one in heard["calls"] if part in one["method"]]


@pytest.mark.parametrize("how", ["HMAC_SHA256", "MD5"])
async def test_both_signatures_are_taken_and_a_wrong_secret_is_told(
    url: str, ks_seller: Letting, how: SignMethod
) -> None:
    async with open_client() as http:
        for secret, why in ((KUAISHOU.sign_secret, ""), ("another", "bad_signature")):
            app = replace(KUAISHOU, sign_secret=secret, method=how)
            settings = KuaishouSettings(app, f"{url}/kuaishou")
            other = open_kuaishou(settings, read_kuaishou_values(), http)
            if not why:
                assert await other.role(ks_seller.token) == "merchant"
                continue
            with pytest.raises(Refused) as refused:
                await other.role(ks_seller.token)
            assert refused.value.why == why


async def test_a_merchant_agrees_on_the_platforms_page_and_comes_back(
    ks_seller: Letting, client: httpx.AsyncClient
) -> None:
    address = ks_seller.platform.authorise_at("the word", "http://127.0.0.1:9/back")
    assert "授权应用访问店铺" in (await client.get(address)).text
    agreed = await client.post(address, data={"shop": str(KS_MERCHANT)})
    back = httpx.URL(agreed.headers["location"])
    assert (back.host, back.params["state"]) == ("127.0.0.1", "the word")
    grant = await ks_seller.platform.granted(back.params["code"])
    assert grant.shop_id == f"open{KS_MERCHANT}"


async def test_a_shop_that_may_not_tell_its_name_is_known_by_its_number(
    ks_seller: Letting, operator: Any
) -> None:
    code = (await operator.post("authorise", shop=KS_MERCHANT))["code"]
    await operator.fault("missing", method="open.user.seller.get", fields=["name"])
    assert (await ks_seller.platform.granted(code)).shop_name == f"open{KS_MERCHANT}"


async def test_a_factory_is_known_by_the_code_its_merchants_name_it_by(
    ks_seller: Letting, operator: Any
) -> None:
    code = (await operator.post("authorise", shop=KS_FACTORY))["code"]
    grant = await ks_seller.platform.granted(code)
    assert (grant.shop_id, grant.shop_name) == ("90570101", "大力日用百货厂")
    [partner] = await ks_seller.platform.partners(ks_seller.token, "merchant")
    assert (partner.outside_id, partner.name) == (grant.shop_id, grant.shop_name)
    [merchant] = await ks_seller.platform.partners(grant.access_token, "factory")
    assert (merchant.outside_id, merchant.name) == ("90570001", "小满优选")
    lonely = (await operator.post("authorise", shop=5_570_102))["code"]
    assert (await ks_seller.platform.granted(lonely)).shop_id == "open5570102"


async def test_a_week_is_asked_for_at_once_and_what_is_too_long_ago_is_passed_over(
    ks_seller: Letting,
) -> None:
    made = await ks_seller.operator.post(
        "orders", shop=KS_MERCHANT, count=5, over=6 * 86_400, quiet=True
    )
    now = datetime.now(UTC) + timedelta(seconds=1)
    week = timedelta(seconds=ks_seller.platform.bounds.window)
    page = await ks_seller.platform.changed(ks_seller.token, Window(now - week, now))
    assert [one.order.order_no for one in page.orders] == made["orders"]
    long_ago = now - timedelta(days=93)
    page = await ks_seller.platform.changed(ks_seller.token, Window(long_ago, long_ago + week))
    assert not page.orders
    page = await ks_seller.platform.changed(
        ks_seller.token, Window(now - timedelta(days=200), now - timedelta(days=194))
    )
    assert (list(page.orders), page.next) == ([], "")


async def test_an_order_with_a_factory_there_names_it_until_it_is_taken_back(
    ks_seller: Letting, operator: Any
) -> None:
    order = await operator.order(KS_MERCHANT)
    unit = order["units"][0]["id"]
    assert (await ks_seller.whole(order)).given_to == ""
    await operator.post("assign", unit=unit, factory=KS_FACTORY)
    given = await ks_seller.whole(order)
    assert given.given_to == "90570101"
    assert set(given.handles.values()) == {unit}
    await ks_seller.platform.unassign(ks_seller.token, [unit], "换厂家")
    assert (await ks_seller.whole(order)).given_to == ""


async def test_a_parcel_is_told_once_and_another_of_the_order_is_added(
    ks_seller: Letting, operator: Any
) -> None:
    order = await operator.order(KS_MERCHANT)
    parcel = await parcel_of(ks_seller, order)
    for _ in range(2):
        [leg] = await shipped(ks_seller, parcel)
        assert (leg.carrier, leg.tracking_number) == ("6", YTO)
    assert len(await calls(ks_seller, "goods.deliver")) == 1
    assert (await ks_seller.whole(order)).order.order_status == "shipped"
    second = parcel._replace(carrier="sf", tracking_number="SF1000000000001", siblings=[YTO])
    await shipped(ks_seller, second)
    assert await numbers(ks_seller, order) == [YTO, "SF1000000000001"]
    assert (await ks_seller.whole(order)).strange == ()
    assert (await ks_seller.whole(order)).order.order_status == "shipped"


async def test_a_number_is_corrected_whichever_of_several_it_is(
    ks_seller: Letting, operator: Any
) -> None:
    order = await operator.order(KS_MERCHANT)
    first = await parcel_of(ks_seller, order)
    await shipped(ks_seller, first)
    told = Leg("", "", {})
    first = first._replace(carrier="jt", tracking_number="JT3000000000009")
    await ks_seller.platform.correct(ks_seller.token, told, first)
    assert await numbers(ks_seller, order) == ["JT3000000000009"]
    second = first._replace(carrier="yto", tracking_number=YTO, siblings=["JT3000000000009"])
    await shipped(ks_seller, second)
    second = second._replace(tracking_number="YT8800000000002")
    for _ in range(2):  # the same again is told once
        await ks_seller.platform.correct(ks_seller.token, told, second)
    assert await numbers(ks_seller, order) == ["JT3000000000009", "YT8800000000002"]
    assert len(await calls(ks_seller, "logistics.update")) == 2
    stranger = second._replace(tracking_number="YT8800000000003", siblings=[])
    with pytest.raises(Refused) as refused:
        await ks_seller.platform.correct(ks_seller.token, told, stranger)
    assert refused.value.why == "not_here"


@pytest.mark.parametrize(
    ("act", "facts", "why"),
    [("refund", {"act": "open"}, "refund_open"), ("cancel", {}, "state_forbids")],
)
async def test_the_platform_refuses_a_parcel_of_an_order_that_is_stopped(
    ks_seller: Letting, operator: Any, act: str, facts: dict[str, Any], why: str
) -> None:
    order = await operator.order(KS_MERCHANT)
    parcel = await parcel_of(ks_seller, order)
    await operator.does(act, order, **facts)
    with pytest.raises(Refused) as refused:
        await shipped(ks_seller, parcel)
    assert refused.value.why == why
    assert refused.value.said


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"carrier": "uce"}, "carrier_unknown"),
        ({"carrier": "sf"}, "number_misfits"),
        ({"drawn": ["YT8800000000009"]}, "ticket_differs"),
        ({"reuses": [Reuse(datetime.now(UTC), own=False, same=True)]}, "number_elsewhere"),
    ],
)
async def test_what_the_platform_would_refuse_is_refused_before_it_is_asked(
    ks_seller: Letting, operator: Any, said: dict[str, Any], why: str
) -> None:
    order = await operator.order(KS_MERCHANT)
    parcel = await parcel_of(ks_seller, order, **said)
    await operator.post("calls/clear")
    for refusing in (
        shipped(ks_seller, parcel),
        ks_seller.platform.correct(ks_seller.token, Leg("", "", {}), parcel),
    ):
        with pytest.raises(Refused) as refused:
            await refusing
        assert refused.value.why == why
    assert await calls(ks_seller, "") == []


async def test_what_only_the_platform_knows_of_a_number_is_refused_in_our_words(
    ks_seller: Letting, operator: Any
) -> None:
    order = await operator.order(KS_MERCHANT)
    parcel = await parcel_of(ks_seller, order)
    await operator.post("pickups", number=YTO, ago=3600.0)
    with pytest.raises(Refused) as refused:
        await shipped(ks_seller, parcel)
    assert (refused.value.code, refused.value.why) == ("11", "number_early")
    unknown = parcel._replace(handles={"1": "812"})
    with pytest.raises(Refused) as refused:
        await shipped(ks_seller, unknown)
    assert refused.value.why == "unknown_order"


async def test_a_parcel_whose_answer_was_cut_is_found_told(
    ks_seller: Letting, operator: Any
) -> None:
    order = await operator.order(KS_MERCHANT)
    parcel = await parcel_of(ks_seller, order)
    await operator.fault("cut_after", method="open.seller.order.goods.deliver", times=1)
    with pytest.raises(Unsure):
        await shipped(ks_seller, parcel)
    await shipped(ks_seller, parcel)
    assert await numbers(ks_seller, order) == [YTO]


async def test_the_factory_that_has_the_order_there_tells_its_parcel_once_and_corrects_it(
    ks_seller: Letting, operator: Any
) -> None:
    code = (await operator.post("authorise", shop=KS_FACTORY))["code"]
    token = (await ks_seller.platform.granted(code)).access_token
    order = await operator.order(KS_MERCHANT)
    await operator.post("assign", unit=order["units"][0]["id"], factory=KS_FACTORY)
    given_at = datetime.now(UTC)
    parcel = await parcel_of(ks_seller, order)
    kuaishou = ks_seller.platform
    assert isinstance(kuaishou, Kuaishou)
    handle = order["units"][0]["id"]
    merchant = await kuaishou.merchant_of(token, handle, given_at)
    assert merchant == "90570001"

    async def tells(one: Parcel, *, again: bool = False) -> Leg:
        return await kuaishou.ship_as_factory(token, merchant, one.handles, one, again=again)

    for wrong in (parcel._replace(carrier="sf"), parcel._replace(handles={"1": "8", "2": "9"})):
        with pytest.raises(Refused) as refused:
            await tells(wrong)
        assert refused.value.why in ("number_misfits", "pieces_differ")
    assert await calls(ks_seller, "order.deliver") == []
    await operator.fault("cut_after", method="open.dropshipping.order.deliver", times=1)
    with pytest.raises(Unsure):
        await tells(parcel)
    assert (await tells(parcel, again=True)).tracking_number == YTO
    assert len(await calls(ks_seller, "order.deliver")) == 1
    with pytest.raises(Refused) as refused:
        await tells(parcel._replace(tracking_number="YT8800000000003", siblings=[YTO]))
    assert refused.value.why == "state_forbids"
    after = parcel._replace(tracking_number="YT8800000000002")
    await kuaishou.correct_as_factory(token, merchant, Leg("", "", {}), after)
    assert await numbers(ks_seller, order) == ["YT8800000000002"]
    with pytest.raises(Refused) as refused:
        await kuaishou.correct_as_factory(
            token, merchant, Leg("", "", {}), after._replace(siblings=[YTO])
        )
    assert refused.value.why == "not_here"


async def test_a_factory_draws_numbers_and_gives_one_back(
    ks_seller: Letting, operator: Any
) -> None:
    code = (await operator.post("authorise", shop=KS_FACTORY))["code"]
    token = (await ks_seller.platform.granted(code)).access_token
    assert await ks_seller.platform.role(token) == "factory"
    order = await operator.order(KS_MERCHANT)
    unit = order["units"][0]["id"]
    await operator.post("assign", unit=unit, factory=KS_FACTORY)
    sender = Sender("王大力", "13800009999", "浙江省", "金华市", "义乌市", "稠江街道88号")

    def asked(handle: str, carrier: str = "yto") -> TicketAsked:
        return TicketAsked(handle, "90570001", carrier, "1", [("陶瓷马克杯", 2)])

    wanted = [asked(unit), asked("812"), asked("813", "uce")]
    told = {one.handle: one for one in await ks_seller.platform.tickets(token, sender, wanted)}
    assert told[unit].number.startswith("YT")
    assert all(told[unit].sorting)
    assert (told["812"].why, told["813"].why) == ("unknown_order", "carrier_unknown")
    [again] = await ks_seller.platform.tickets(token, sender, [asked(unit)])
    assert again.number == told[unit].number
    await ks_seller.platform.unticket(token, "90570001", "yto", again.number)
    with pytest.raises(Refused):
        await ks_seller.platform.unticket(token, "90570001", "yto", again.number)
    await operator.post("stock", factory=KS_FACTORY, company="109", left=0)
    [none] = await ks_seller.platform.tickets(token, sender, [asked(unit, "jt")])
    assert none.why == "no_stock"


async def test_every_carrier_of_the_table_has_a_name(ks_seller: Letting) -> None:
    named = await ks_seller.platform.carriers(ks_seller.token)
    assert (named["4"], named["109"]) == ("顺丰速运", "极兔速递")
