"""Doudian's calls, each as it should go and as it is refused: windows, pages, states, parts."""

import time
from pathlib import Path
from typing import Any

import httpx
import pytest

import sandbox
from sandbox import Config
from tests.sandbox.conftest import (
    FACTORY,
    MASK,
    MERCHANT,
    OTHER_FACTORY,
    OTHER_MERCHANT,
    Operator,
    token_of,
)
from tests.sandbox.signed import DoudianCaller

SENDER = {
    "contact": {"name": "王大力", "mobile": "13800002001"},
    "address": {
        "provinceName": "浙江省",
        "cityName": "金华市",
        "districtName": "义乌市",
        "detailAddress": "示例路 88 号",
    },
}
TWO_LINES = [
    {"name": "陶瓷马克杯", "code": "MUG-01", "price": 2_990, "count": 2},
    {"name": "棉麻收纳筐", "code": "BOX-40", "price": 3_980, "count": 1},
]


def around(seconds: int = 900) -> tuple[int, int]:
    now = int(time.time())
    return now - seconds, now + seconds


async def listed(merchant: DoudianCaller, **filters: Any) -> list[Any]:
    start, end = around()
    page = await merchant(
        "iop.sellerOrderList",
        page=0,
        size=100,
        start_update_time=start,
        end_update_time=end,
        **filters,
    )
    assert page["total"] == len(page["distr_order_list"])
    return list(page["distr_order_list"])


async def hand_out(merchant: DoudianCaller, *ids: str, to: int = FACTORY) -> list[int]:
    asked = [{"supplier_shop_id": to, "distr_order_id": one} for one in ids]
    answer = await merchant("iop.sellerDistribute", distribute_order_list=asked)
    return [one["err_no"] for one in answer["distribute_order_reuslts"]]


def returned(unit: str, pieces: int, number: str = "YT1234567890123", **more: Any) -> Any:
    pack = {"track_no": number, "ship_num": pieces, "company_code": "yuantong"}
    return {"user_id": MASK, "distr_order_id": unit, "pack_list": [pack], **more}


async def test_an_order_as_its_merchant_sees_it(
    operator: Operator, merchant: DoudianCaller
) -> None:
    order = await operator.order(lines=TWO_LINES, buyer_words="轻放 & 谢谢", seller_words="加急")
    seen = (await merchant("order.orderDetail", shop_order_id=order["id"]))["shop_order_detail"]
    assert (seen["order_status"], seen["order_status_desc"]) == (2, "备货中")
    assert (seen["pay_amount"], seen["buyer_words"], seen["seller_words"]) == (
        2 * 2_990 + 3_980,
        "轻放 & 谢谢",
        "加急",
    )
    assert seen["exp_ship_time"] - seen["pay_time"] == 48 * 3_600
    lines = seen["sku_order_list"]
    assert [(one["code"], one["item_num"]) for one in lines] == [("MUG-01", 2), ("BOX-40", 1)]
    assert lines[0]["after_sale_info"]["after_sale_status"] == 0
    recipient = order["recipient"]
    assert recipient["name"] not in str(seen)
    assert recipient["phone"] not in str(seen)
    assert recipient["detail"] not in str(seen)
    assert seen["mask_post_tel"] == recipient["phone"][:3] + "****" + recipient["phone"][7:]
    assert seen["post_addr"]["province"]["name"] == recipient["areas"][0]


async def test_pages_of_a_list_hold_every_order_once(
    operator: Operator, merchant: DoudianCaller
) -> None:
    made = (await operator.post("orders", shop=MERCHANT, count=7, over=60))["orders"]
    await operator.order(OTHER_MERCHANT)
    await operator.order(paid=False)
    start, end = around()
    asked: dict[str, Any] = {
        "size": 3,
        "update_time_start": start,
        "update_time_end": end,
        "order_asc": True,
    }
    asked |= {"order_by": "update_time", "combine_status": [{"order_status": "2,101"}]}
    found = []
    for page in range(3):
        answer = await merchant("order.searchList", page=page, **asked)
        assert (answer["total"], answer["page"], answer["size"]) == (7, page, 3)
        found += [one["order_id"] for one in answer["shop_order_list"]]
    assert found == made
    past = await merchant("order.searchList", page=0, size=1, create_time_end=start)
    assert past["total"] == 0


@pytest.mark.parametrize(
    ("asked", "sub_code"),
    [
        ({"page": 0}, "isv.missing-parameter:10000"),
        ({"page": 0, "size": 101}, "isv.parameter-invalid:10000"),
        ({"page": -1, "size": 10}, "isv.parameter-invalid:10000"),
        ({"page": "0", "size": 10}, "isv.parameter-invalid:10000"),
        ({"page": 0, "size": 10, "colour": "red"}, "isv.parameter-invalid:10000"),
        ({"page": 0, "size": 10}, "isv.parameter-invalid:10000"),  # no window at all
        ({"start_update_time": 100, "end_update_time": 99}, "isv.parameter-invalid:10000"),
        ({"start_update_time": 100, "end_update_time": 1_901}, "isv.parameter-invalid:10000"),
        ({"start_deal_time": 100, "end_deal_time": 1_901}, "isv.parameter-invalid:10000"),
        ({"start_update_time": 100}, "isv.parameter-invalid:10000"),
    ],
)
async def test_lists_refuse_what_is_missing_mistyped_or_too_wide(
    merchant: DoudianCaller, asked: dict[str, Any], sub_code: str
) -> None:
    whole = asked if "page" in asked else {"page": 0, "size": 10, **asked}
    assert await merchant.refused("iop.sellerOrderList", **whole) == sub_code
    fine = {"page": 0, "size": 100, "start_update_time": 100, "end_update_time": 1_900}
    assert (await merchant("iop.sellerOrderList", **fine))["total"] == 0


async def test_each_side_knows_the_other_by_its_binding(
    merchant: DoudianCaller, factory: DoudianCaller, operator: Operator
) -> None:
    bound = await merchant("iop.sellerSupplierList", page=0, page_size=100)
    stands = {one["supplier_shop_id"]: one["bind_status"] for one in bound["supplier_shop_list"]}
    assert stands == {FACTORY: 2, OTHER_FACTORY: 1}
    await operator.post("bindings", merchant=MERCHANT, factory=OTHER_FACTORY, status=3)
    refused = await merchant("iop.sellerSupplierList", page=0, page_size=10, bind_status=[3])
    assert [one["refuse_time"] > 0 for one in refused["supplier_shop_list"]] == [True]
    sellers = (await factory("iop.getSellerList", page=0, page_size=10))["seller_shop_list"]
    assert [(one["seller_shop_id"], one["seller_shop_name"]) for one in sellers] == [
        (MASK, "小满优选")
    ]
    assert await factory.refused("iop.sellerSupplierList", page=0, page_size=10) == (
        "isv.app-permissions-insufficient"
    )
    assert await merchant.refused("iop.getSellerList", page=0, page_size=10) == (
        "isv.app-permissions-insufficient"
    )


async def test_handing_out_succeeds_in_part(operator: Operator, merchant: DoudianCaller) -> None:
    order = await operator.order(lines=TWO_LINES)
    unpaid = await operator.order(paid=False)
    other = await operator.order(OTHER_MERCHANT)
    first, second = (one["id"] for one in order["units"])
    assert await hand_out(merchant, first, to=OTHER_FACTORY) == [40002]  # that binding waits
    codes = await hand_out(
        merchant, first, first, unpaid["units"][0]["id"], other["units"][0]["id"], second
    )
    assert codes == [0, 40001, 40001, 40000, 0]
    seen = {one["distr_order_id"]: one for one in await listed(merchant)}
    assert seen[first]["distr_status"] == 1
    assert seen[first]["supplier_shop_name"] == "大力日用百货厂"
    assert await listed(merchant, distr_status=0) == []
    taken = await merchant("iop.sellerCancleDistribute", distr_order_ids=[first, "1"])
    assert taken == {"succ_distr_order_ids": [first], "fail_distr_order_ids": ["1"]}
    await operator.post("settings", doudian={"failed": "map"})
    taken = await merchant("iop.sellerCancleDistribute", distr_order_ids=[first])
    assert list(taken["fail_distr_order_ids"]) == [first]
    info = await merchant("iop.sellerOrderInfo", distr_order_id=first)
    assert info["distr_order_detail"]["distr_cancel_reason"] == "商家取消分配"
    assert await hand_out(merchant, first) == [0]  # taken back is free again
    assert await merchant.refused("iop.sellerOrderInfo", distr_order_id="1") == (
        "isv.business-failed:40000"
    )
    many = {"distr_order_ids": [str(n) for n in range(101)]}
    assert await merchant.refused("iop.sellerCancleDistribute", **many) == (
        "isv.business-failed:10000"
    )


async def test_filters_of_the_merchants_list(operator: Operator, merchant: DoudianCaller) -> None:
    order = await operator.order(lines=TWO_LINES)
    mug, box = order["units"]
    assert [one["distr_order_id"] for one in await listed(merchant, product_name="马克")] == [
        mug["id"]
    ]
    product = (await listed(merchant, distr_order_id=box["id"]))[0]["product_id"]
    assert [one["out_sku_id"] for one in await listed(merchant, product_id=product)] == ["BOX-40"]
    assert len(await listed(merchant, shop_order_id=order["id"])) == 2
    assert len(await listed(merchant, order_status=2)) == 2
    assert await listed(merchant, order_status=3) == []
    await operator.does("refund", order, act="open", line=order["lines"][0]["id"])
    assert [one["distr_order_id"] for one in await listed(merchant, after_sale_status=2)] == [
        mug["id"]
    ]
    province = (await listed(merchant))[0]["province_id"]
    assert len(await listed(merchant, province_id=province)) == 2
    assert await listed(merchant, province_id="1") == []
    assert await listed(merchant, supplier_shop_id=FACTORY) == []


async def test_a_factory_sees_its_own_and_returns_the_number(
    operator: Operator, merchant: DoudianCaller, factory: DoudianCaller
) -> None:
    order = await operator.order(lines=TWO_LINES, seller_words="送小样")
    mug, box = (one["id"] for one in order["units"])
    await hand_out(merchant, mug)
    start, end = around()
    page = {"page": 0, "size": 10, "start_distr_time": start, "end_distr_time": end}
    mine = (await factory("iop.orderList", **page, distr_status=1))["order_list"]
    assert [(one["distr_order_id"], one["user_id"], one["seller_words"]) for one in mine] == [
        (mug, MASK, "送小样")
    ]
    assert order["recipient"]["name"] not in str(mine)
    assert mine[0]["receiver_id"] == order["recipient"]["receiver_id"]
    refused = "isv.business-failed:4100"
    assert await factory.refused("iop.waybillReturn", **returned(box, 1)) == f"{refused}2"
    assert await factory.refused("iop.waybillReturn", **returned(mug, 1)) == f"{refused}7"
    assert (
        await factory.refused("iop.waybillReturn", **{**returned(mug, 2), "user_id": MERCHANT})
        == f"{refused}2"
    )
    pieces = [{**returned(mug, 1, f"YT123456789012{n}")["pack_list"][0]} for n in (3, 4)]
    done = await factory("iop.waybillReturn", **{**returned(mug, 2), "pack_list": pieces})
    assert done["return_result"] is True
    assert [one["track_no"] for one in done["pack_list"]] == ["YT1234567890123", "YT1234567890124"]
    assert done["delivery_id"] == done["pack_list"][0]["deliver_id"]
    assert await factory.refused("iop.waybillReturn", **returned(mug, 2)) == f"{refused}1"
    seen = (await merchant("order.orderDetail", shop_order_id=order["id"]))["shop_order_detail"]
    assert seen["order_status"] == 101
    assert [one["order_status"] for one in seen["sku_order_list"]] == [3, 2]
    assert seen["logistics_info"][0]["tracking_no"] == "YT1234567890123"
    after = await factory("iop.orderInfo", user_id=MASK, distr_order_id=mug)
    assert (after["distr_status"], len(after["pack_list"])) == (2, 2)
    new = {"user_id": MASK, "distr_order_id": mug, "company_code": "jtexpress"}
    parcel = done["delivery_id"]
    changed = {**new, "track_no": "JT3012345678901", "delivery_id": parcel}
    assert (await factory("iop.waybillUpdate", **changed))["delivery_id"] == parcel
    assert (
        await factory.refused("iop.waybillUpdate", **{**changed, "delivery_id": "1"})
        == f"{refused}5"
    )
    kept = (await factory("iop.orderInfo", user_id=MASK, distr_order_id=mug))["pack_list"]
    assert {one["track_no"] for one in kept} == {"JT3012345678901", "YT1234567890124"}


async def test_no_number_is_taken_for_what_may_not_leave(
    operator: Operator, merchant: DoudianCaller, factory: DoudianCaller
) -> None:
    refused = "isv.business-failed:4100"
    orders = [await operator.order(lines=TWO_LINES[1:]) for _ in range(4)]
    taken, refunding, cancelled, fine = (one["units"][0]["id"] for one in orders)
    assert await hand_out(merchant, taken, refunding, cancelled, fine) == [0, 0, 0, 0]
    await merchant("iop.sellerCancleDistribute", distr_order_ids=[taken])
    assert await factory.refused("iop.waybillReturn", **returned(taken, 1)) == f"{refused}0"
    await operator.does("cancel", orders[2], reason="不想要了")
    assert await factory.refused("iop.waybillReturn", **returned(cancelled, 1)) == f"{refused}0"
    info = await factory("iop.orderInfo", user_id=MASK, distr_order_id=cancelled)
    assert (info["distr_status"], info["distr_cancel_reason"]) == (3, "不想要了")
    await operator.does("refund", orders[1], act="open")
    assert await factory.refused("iop.waybillReturn", **returned(refunding, 1)) == f"{refused}4"
    overruled = returned(refunding, 1, is_refund_reject=True)
    assert (await factory("iop.waybillReturn", **overruled))["return_result"] is True
    shown = await operator.get(f"orders/{orders[1]['id']}")
    assert (shown["status"], shown["lines"][0]["after_sale"]) == ("shipped", "refused")
    nowhere = returned(fine, 1)
    nowhere["pack_list"][0]["company_code"] = "pigeon"
    assert await factory.refused("iop.waybillReturn", **nowhere) == "isv.parameter-invalid:10000"
    nothing = {"user_id": MASK, "distr_order_id": fine}
    assert await factory.refused("iop.waybillReturn", **nothing) == "isv.missing-parameter:10000"
    old = {**nothing, "company_code": "yuantong", "track_no": "YT1234567890129"}
    assert (await factory("iop.waybillReturn", **old))["pack_list"][0]["ship_num"] == 1


async def test_a_factory_without_an_address_must_give_one(
    tmp_path: Path, client: httpx.AsyncClient
) -> None:
    homeless = [
        shop if shop.id != FACTORY else type(shop)(**{**vars(shop), "ships_from": False})
        for shop in Config(state=tmp_path / "x").shops
    ]
    config = Config(state=tmp_path / "homeless.sqlite3", shops=tuple(homeless))
    async with sandbox.start(config) as url:
        operator = Operator(url, client)
        merchant = DoudianCaller(url, client, await token_of(operator, MERCHANT))
        factory = DoudianCaller(url, client, await token_of(operator, FACTORY))
        unit = (await operator.order(lines=TWO_LINES[1:]))["units"][0]["id"]
        await hand_out(merchant, unit)
        assert await factory.refused("iop.waybillReturn", **returned(unit, 1)) == (
            "isv.business-failed:41003"
        )
        place = {"id": "330000", "name": "浙江省"}
        there = dict.fromkeys(("province", "city", "town", "street"), place)
        address = {**there, "detail": "示例路 88 号", "landmark": ""}
        done = await factory("iop.waybillReturn", **returned(unit, 1, send_addr=address))
        assert done["return_result"] is True


async def test_numbers_are_drawn_ten_at_a_time_until_the_stock_ends(
    operator: Operator, merchant: DoudianCaller, factory: DoudianCaller
) -> None:
    made = (await operator.post("orders", shop=MERCHANT, count=3, lines=TWO_LINES[1:]))["orders"]
    ids = [(await operator.get(f"orders/{one}"))["units"][0]["id"] for one in made]
    await hand_out(merchant, *ids)
    await operator.post("stock", factory=FACTORY, company="yuantong", left=2)
    good = [{"item_name": "收纳筐", "item_count": 1}]
    infos = [{"distr_order_id": one, "items": good} for one in ids]

    def asked(some: list[Any]) -> dict[str, Any]:
        trade = {"user_id": MASK, "company_code": "yuantong", "order_infos": some}
        return {"sender": SENDER, "trade_order_list": [trade]}

    drawn = await factory("iop.waybillGet", **asked(infos))
    assert [one["err_code"] for one in drawn["err_infos"]] == ["10701"]
    numbers = [one["track_no"] for one in drawn["ebill_infos"]]
    assert len(set(numbers)) == 2
    assert all(number.startswith("YT") and len(number) == 15 for number in numbers)
    again = await factory("iop.waybillGet", **asked(infos[:1]))
    assert again["ebill_infos"][0]["track_no"] == numbers[0]
    assert await factory.refused("iop.waybillGet", **asked(infos * 4)) == (
        "isv.parameter-invalid:10000"
    )
    give_back = {"user_id": MASK, "company_code": "yuantong", "track_no": numbers[0]}
    assert await factory("iop.waybillCancel", **give_back) == {"return_result": True}
    assert await factory.refused("iop.waybillCancel", **give_back) == "isv.business-failed:41002"
    assert (await factory("iop.waybillGet", **asked(infos[2:])))["err_infos"] == []
    await factory("iop.waybillReturn", **returned(ids[1], 1, numbers[1]))
    used = {**give_back, "track_no": numbers[1]}
    assert await factory.refused("iop.waybillCancel", **used) == "isv.business-failed:41002"
    stranger = await factory("iop.waybillGet", **asked([{"distr_order_id": "1", "items": good}]))
    assert [one["err_code"] for one in stranger["err_infos"]] == ["41002"]


async def test_a_merchant_ships_whole_or_in_parcels(
    operator: Operator, merchant: DoudianCaller
) -> None:
    carriers = await merchant("order.logisticsCompanyList")
    assert {"yuantong", "jtexpress"} <= {one["code"] for one in carriers}
    order = await operator.order(lines=TWO_LINES)
    mug, box = (line["id"] for line in order["lines"])
    pack = {"logistics_code": "YT1234567890123", "company_code": "yuantong"}
    parcels = {"order_id": order["id"], "request_id": "r1"}
    some = [{**pack, "shipped_order_info": [{"shipped_order_id": mug, "shipped_num": 1}]}]
    first = await merchant("order.logisticsAddMultiPack", **parcels, pack_list=some)
    repeated = await merchant("order.logisticsAddMultiPack", **parcels, pack_list=some)
    assert repeated == first  # told twice, done once
    shown = await operator.get(f"orders/{order['id']}")
    assert (shown["status"], [one["shipped"] for one in shown["lines"]]) == ("part_shipped", [1, 0])
    parcels["request_id"] = "r2"
    too_many = [{**pack, "shipped_order_info": [{"shipped_order_id": mug, "shipped_num": 2}]}]
    assert (
        await merchant.refused("order.logisticsAddMultiPack", **parcels, pack_list=too_many)
        == "isv.business-failed:70023"
    )
    left = [{"shipped_order_id": line, "shipped_num": 1} for line in (mug, box)]
    rest = [{**pack, "shipped_order_info": left}]
    await merchant("order.logisticsAddMultiPack", **parcels, pack_list=rest)
    edited = {**pack, "order_id": order["id"], "logistics_code": "YT1234567890199"}
    assert await merchant.refused("order.logisticsEdit", **edited) == "isv.business-failed:70011"
    by_pack = {**edited, "pack_id": first["pack_list"][0]["pack_id"]}
    await merchant("order.logisticsEditByPack", **by_pack)
    assert await merchant.refused("order.logisticsEditByPack", **{**by_pack, "pack_id": "1"}) == (
        "isv.business-failed:70011"
    )
    shown = await operator.get(f"orders/{order['id']}")
    assert shown["status"] == "shipped"
    assert sorted(one["number"][-2:] for one in shown["parcels"]) == ["23", "99"]
    whole = await operator.order(lines=TWO_LINES)
    add = {"order_id": whole["id"], "company_code": "jtexpress"}
    await merchant("order.logisticsAdd", **add, logistics_code="JT3012345678901")
    await merchant("order.logisticsEdit", **add, logistics_code="JT3012345678902")
    shown = await operator.get(f"orders/{whole['id']}")
    assert [one["number"] for one in shown["parcels"]] == ["JT3012345678902"]


async def test_a_merchants_parcel_is_refused_for_its_order_or_its_number(
    operator: Operator, merchant: DoudianCaller
) -> None:
    unpaid, closed, refunding, fine = [
        await operator.order(paid=paid, lines=TWO_LINES[1:]) for paid in (False, True, True, True)
    ]
    other = await operator.order(OTHER_MERCHANT)
    await operator.does("cancel", closed)
    await operator.does("refund", refunding, act="open")
    number = {"company_code": "yuantong", "logistics_code": "YT1234567890123"}
    for order, code in ((unpaid, 60137), (closed, 60021), (refunding, 60040), (other, 60101)):
        said = await merchant.refused("order.logisticsAdd", order_id=order["id"], **number)
        assert said == f"isv.business-failed:{code}"
    missing = await merchant.refused("order.logisticsAdd", order_id="1", **number)
    assert missing == "isv.business-failed:60033"
    wrong = {**number, "company_code": "pigeon"}
    assert await merchant.refused("order.logisticsAdd", order_id=fine["id"], **wrong) == (
        "isv.business-failed:60018"
    )
    wrong = {**number, "company_code": "jtexpress"}
    assert await merchant.refused("order.logisticsAdd", order_id=fine["id"], **wrong) == (
        "isv.parameter-invalid:60017"
    )
    insisted = {**number, "is_refund_reject": True}
    await merchant("order.logisticsAdd", order_id=refunding["id"], **insisted)
    assert await merchant.refused("order.logisticsAdd", order_id=fine["id"], **number) == (
        "isv.business-failed:70022"  # that number goes to somebody else
    )
    assert await merchant.refused("order.logisticsAdd", order_id=refunding["id"], **number) == (
        "isv.business-failed:60110"
    )


async def test_a_field_is_decrypted_for_its_own_shop_while_the_quota_lasts(
    operator: Operator, merchant: DoudianCaller, config: Config
) -> None:
    order = await operator.order()
    virtual = await operator.order(virtual=True)
    seen = (await merchant("order.orderDetail", shop_order_id=order["id"]))["shop_order_detail"]
    ciphers = [
        seen["encrypt_post_receiver"], seen["encrypt_post_tel"],
        seen["post_addr"]["encrypt_detail"],
    ]  # fmt: skip

    async def opened(order_id: str, *texts: str) -> list[Any]:
        asked = [{"auth_id": order_id, "cipher_text": text} for text in texts]
        answer = await merchant("order.batchDecrypt", cipher_infos=asked)
        return list(answer["decrypt_infos"])

    plain = order["recipient"]
    assert [(one["decrypt_text"], one["data_type"], one["err_no"])
            for one in await opened(order["id"], *ciphers)] == [
        (plain["name"], 2, 0), (plain["phone"], 3, 0), (plain["detail"], 1, 0),
    ]  # fmt: skip
    other = (await merchant("order.orderDetail", shop_order_id=virtual["id"]))["shop_order_detail"]
    [phone] = await opened(virtual["id"], other["encrypt_post_tel"])
    assert phone["is_virtual_tel"] is True
    assert phone["decrypt_text"] == f"{phone['phone_no_a']}-{phone['phone_no_b']}"
    assert phone["expire_time"] > time.time()
    wrong = await opened(virtual["id"], *ciphers[:1])
    assert [(one["err_no"] > 0, one["decrypt_text"]) for one in wrong] == [(True, "")]
    assert (await opened("1", ciphers[0]))[0]["err_no"] > 0
    await operator.fault("quota", times=1)
    assert (await opened(order["id"], ciphers[0]))[0]["err_no"] == 300010
    left = config.decrypt_quota - 4
    for start in range(0, left, 50):
        await opened(order["id"], *([ciphers[0]] * min(50, left - start)))
    assert (await opened(order["id"], ciphers[0]))[0]["err_no"] == 300010
    assert (
        await merchant.refused(
            "order.batchDecrypt",
            cipher_infos=[{"auth_id": "1", "cipher_text": "x"}] * 51,
        )
        == "isv.parameter-invalid:10000"
    )


async def test_the_same_recipient_has_the_same_id(operator: Operator) -> None:
    buyer = {
        "name": "林小满", "phone": "13800000001",
        "areas": ["浙江省", "杭州市", "西湖区", "北山街道"], "detail": "桂花里 6 号",
    }  # fmt: skip
    one, two = [await operator.order(buyer=buyer) for _ in range(2)]
    three = await operator.order(buyer={**buyer, "phone": "13800000009"})
    ids = [order["recipient"]["receiver_id"] for order in (one, two, three)]
    assert ids[0] == ids[1] != ids[2]


async def test_lists_and_details_are_asked_for_wrongly(
    operator: Operator, merchant: DoudianCaller, factory: DoudianCaller
) -> None:
    order = await operator.order(lines=TWO_LINES[1:])
    other = await operator.order(OTHER_MERCHANT)
    page = {"page": 0, "size": 10}
    invalid = "isv.parameter-invalid:10000"
    backwards = {**page, "create_time_start": 2, "create_time_end": 1}
    assert await merchant.refused("order.searchList", **backwards) == invalid
    nowhere = {**page, "combine_status": [{"order_status": "105,77"}]}
    assert await merchant.refused("order.searchList", **nowhere) == invalid
    assert await factory.refused("order.searchList", **page) == ("isv.app-permissions-insufficient")
    detail = "order.orderDetail"
    assert await merchant.refused(detail, shop_order_id="1") == "isv.parameter-invalid:20001"
    assert await merchant.refused(detail, shop_order_id=other["id"]) == "isv.business-failed:20015"
    number = {"company_code": "yuantong", "logistics_code": "YT1234567890123"}
    await merchant("order.logisticsAdd", order_id=order["id"], **number)
    found = await merchant("order.searchList", **page, tracking_no="YT1234567890123")
    assert [one["order_id"] for one in found["shop_order_list"]] == [order["id"]]
    late = {"start_distr_time": 1, "end_distr_time": 1_802}
    assert await factory.refused("iop.orderList", **page, **late) == invalid
    assert await factory.refused("iop.orderInfo", user_id=MASK, distr_order_id="1") == (
        "isv.business-failed:40000"
    )


async def test_parcels_and_numbers_are_asked_for_wrongly(
    operator: Operator, merchant: DoudianCaller, factory: DoudianCaller
) -> None:
    order = await operator.order(lines=TWO_LINES)
    mug, box = (line["id"] for line in order["lines"])
    number = {"company_code": "yuantong", "logistics_code": "YT1234567890123"}
    assert await merchant.refused("order.logisticsEdit", order_id=order["id"], **number) == (
        "isv.business-failed:60110"
    )

    async def parcels(line: str, pieces: int) -> str:
        info = [{"shipped_order_id": line, "shipped_num": pieces}]
        asked = {"order_id": order["id"], "request_id": f"{line}/{pieces}"}
        packs = [{**number, "shipped_order_info": info}]
        answer = await merchant.raw("order.logisticsAddMultiPack", {**asked, "pack_list": packs})
        return str(answer.json()["sub_code"])

    assert await parcels("1", 1) == "isv.business-failed:60102"
    assert await parcels(mug, 0) == "isv.business-failed:60080"
    await operator.does("refund", order, act="open", line=mug)
    assert await parcels(mug, 1) == "isv.business-failed:60040"
    assert await parcels(box, 1) == ""  # the other line has no after-sale
    whole = await merchant.refused("order.logisticsAdd", order_id=order["id"], **number)
    assert whole == "isv.business-failed:60110"  # part of it has left
    unit = (await operator.order(lines=TWO_LINES[1:]))["units"][0]["id"]
    await hand_out(merchant, unit)
    update = {"user_id": MASK, "distr_order_id": unit, "delivery_id": "1", "track_no": "YT1"}
    assert await factory.refused("iop.waybillUpdate", **update, company_code="yuantong") == (
        "isv.business-failed:41000"
    )
    info = {"distr_order_id": unit, "items": [{"item_name": "收纳筐", "item_count": 1}]}
    trade = {"user_id": MASK, "company_code": "pigeon", "order_infos": [info]}
    nobody = {**SENDER, "contact": {"name": "王大力"}}
    assert (
        await factory.refused("iop.waybillGet", sender=nobody, trade_order_list=[trade])
        == "isv.missing-parameter:10000"
    )
    asked = {"sender": SENDER, "trade_order_list": [trade]}
    assert (await factory("iop.waybillGet", **asked))["err_infos"][0]["err_code"] == "10000"
    await merchant("iop.sellerCancleDistribute", distr_order_ids=[unit])
    trade["company_code"] = "yuantong"
    assert (await factory("iop.waybillGet", **asked))["err_infos"][0]["err_code"] == "41000"
    give_back = {"company_code": "yuantong", "track_no": "YT1"}
    assert await factory.refused("iop.waybillCancel", user_id=1, **give_back) == (
        "isv.business-failed:41002"
    )
