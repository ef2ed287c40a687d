"""Kuaishou's gateway: signing, authorisation, the merchant's calls and the factory's."""

import time
from typing import Any

import httpx
import pytest

from sandbox.cast import KUAISHOU_APP
from tests.sandbox.conftest import KS_FACTORY, KS_MERCHANT, KS_OTHER, Operator, token_of
from tests.sandbox.signed import KuaishouCaller, kuaishou_sign

FACTORY_CODE, OTHER_CODE, USER_CODE = "90570101", "90570102", "90570001"
LINE = [{"name": "陶瓷马克杯", "code": "MUG-01", "price": 2_990, "count": 1}]
DAY = 86_400


def window(*, days: float = 1, **more: Any) -> dict[str, Any]:
    now = int(time.time() * 1000)
    begin = now - int(days * DAY * 1000) + 60_000
    return {"pageSize": 100, "beginTime": begin, "endTime": now + 60_000, **more}


async def allocated(operator: Operator, merchant: KuaishouCaller, **facts: Any) -> tuple[Any, str]:
    order = await operator.order(KS_MERCHANT, **{"lines": LINE, **facts})
    code = order["units"][0]["id"]
    said = await merchant(
        "order.batch.allocate", dropshippingOrderCodeList=[code], factoryCode=FACTORY_CODE
    )
    assert [one["success"] for one in said] == [True], said
    return order, code


def delivery(code: str, number: str = "YT1234567890123", company: str = "6") -> dict[str, Any]:
    return {
        "allocateOrderCode": code,
        "userCode": USER_CODE,
        "waybillCode": number,
        "expressCompanyCode": company,
    }


async def test_both_signatures_open_the_gateway(ks_merchant: KuaishouCaller) -> None:
    method = "open.dropshipping.role.query"
    assert (await ks_merchant.raw(method, {}, how="MD5"))["data"] == {"roleType": 1}
    assert (await ks_merchant.raw(method, {}))["data"] == {"roleType": 1}
    said = await ks_merchant.raw("open.dropshipping.order.merchant.detail",
                                 {"dropshippingOrderCode": "喵&=+ 1"})  # fmt: skip
    assert said["error_msg"] == "代发订单不存在"  # let in: only the order is unknown


@pytest.mark.parametrize(
    ("changed", "result"),
    [
        ({"sign": None}, 100200100),
        ({"sign": "0"}, 901),
        ({"signMethod": "MD5"}, 901),
        ({"signMethod": "SHA1"}, 901),
        ({"appkey": "ks1"}, 100200101),
        ({"param": '{"a":1}'}, 901),
        ({"version": "2"}, 901),
        ({"method": "open.order.list"}, 901),
        ({"access_token": None}, 100200100),
    ],
)
async def test_a_call_that_proves_nothing_is_refused(
    ks_merchant: KuaishouCaller, changed: dict[str, str | None], result: int
) -> None:
    answer = await ks_merchant.raw("open.dropshipping.role.query", {}, fields=changed)
    assert answer["result"] == result
    assert answer["error_msg"]
    assert "data" not in answer


async def test_times_are_milliseconds_and_near_ours(ks_merchant: KuaishouCaller) -> None:
    method = "open.dropshipping.role.query"
    for at in (time.time() - 700, time.time() / 1000):  # the second: seconds in place of ms
        assert (await ks_merchant.raw(method, {}, at=at))["result"] == 902
    answer = await ks_merchant.raw("open.order.everything", {})
    assert (answer["result"], "open.order.everything" in answer["error_msg"]) == (900, True)


async def test_a_shop_agrees_a_code_becomes_a_token_and_is_refreshed(
    url: str, client: httpx.AsyncClient, operator: Operator
) -> None:
    asked = {"app_id": KUAISHOU_APP.key, "redirect_uri": "http://127.0.0.1:9/", "state": "s"}
    agreed = await client.post(
        f"{url}/kuaishou/oauth/authorize", params=asked, data={"shop": str(KS_MERCHANT)}
    )
    code = httpx.URL(agreed.headers["location"]).params["code"]
    app = {"app_id": KUAISHOU_APP.key, "app_secret": KUAISHOU_APP.secret}
    exchange = {**app, "grant_type": "code", "code": code}

    async def access(**changed: str) -> Any:
        answer = await client.get(
            f"{url}/kuaishou/oauth2/access_token", params={**exchange, **changed}
        )
        return answer.json()

    assert (await access(app_secret="x"))["error"] == "unauthorized_client"
    assert (await access(grant_type="password"))["error"] == "unsupported_grant_type"
    assert (await access(code=""))["error"] == "invalid_request"
    pair = await access()
    assert (pair["result"], pair["expires_in"]) == (1, 2 * DAY)
    assert (await access())["error"] == "invalid_grant"  # it works once
    merchant = KuaishouCaller(url, client, pair["access_token"])
    assert await merchant("role.query") == {"roleType": 1}
    now = (await operator.post("clock", advance=2 * DAY + 1))["now"]
    late = await merchant.raw("open.dropshipping.role.query", {}, at=now)
    assert (late["result"], late["error"]) == (100200102, "access_denied")
    fields = {**app, "grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    new = (await client.post(f"{url}/kuaishou/oauth2/refresh_token", data=fields)).json()
    renewed = KuaishouCaller(url, client, new["access_token"])
    assert (await renewed.raw("open.dropshipping.role.query", {}, at=now))["result"] == 1
    again = (await client.post(f"{url}/kuaishou/oauth2/refresh_token", data=fields)).json()
    assert (again["result"], again["error_msg"]) == (100200102, "refreshToken.discarded")
    await operator.post("tokens/revoke", shop=KS_MERCHANT)
    gone = await renewed.raw("open.dropshipping.role.query", {}, at=now)
    assert (gone["result"], gone["error_msg"]) == (24, "AUTHORIZATION_REVOKED")


async def test_relations_are_applied_for_and_ended_one_by_one(
    ks_merchant: KuaishouCaller, ks_factory: KuaishouCaller
) -> None:
    asked = [
        {"requestId": "1", "factoryCode": OTHER_CODE, "applyContent": "请通过"},
        {"requestId": "2", "factoryCode": FACTORY_CODE},
        {"requestId": "3", "factoryCode": "1"},
    ]
    said = await ks_merchant("relation.merchant.batch.apply", applyRequestList=asked)
    assert [one["success"] for one in said] == [True, False, False]
    seen = await ks_merchant("relation.list", pageIndex=1, pageSize=10)
    assert {one["factoryCode"]: one["relationStatus"] for one in seen["relationList"]} == {
        FACTORY_CODE: 2, OTHER_CODE: 1,
    }  # fmt: skip
    ends = [{"requestId": "4", "factoryCode": one} for one in (FACTORY_CODE, OTHER_CODE)]
    said = await ks_merchant("relation.merchant.batch.unbind", unbindRequestList=ends)
    assert [one["success"] for one in said] == [True, False]
    merchants = (await ks_factory("relation.list"))["relationList"]
    assert [(one["userCode"], one["relationStatus"]) for one in merchants] == [(USER_CODE, 4)]
    assert (await ks_factory.refused("relation.merchant.batch.apply", applyRequestList=asked))[
        0
    ] == 21


async def test_a_cursor_walks_over_every_order_once(
    operator: Operator, ks_merchant: KuaishouCaller
) -> None:
    made = (await operator.post("orders", shop=KS_MERCHANT, count=7, over=60))["orders"]
    await operator.order(KS_MERCHANT, paid=False)
    for sort, expected in ((2, made), (1, made[::-1])):
        found, cursor, pages = [], "", 0
        while cursor != "nomore":
            page = await ks_merchant(
                "order.merchant.list", **window(pageSize=3, cursor=cursor, sort=sort, queryType=2)
            )
            found += [str(one["oid"]) for one in page["dropshippingOrderList"]]
            cursor, pages = page["cursor"], pages + 1
        assert (found, pages) == (expected, 3)
    assert (await ks_merchant.refused("order.merchant.list", **window(cursor="x")))[0] == 903


@pytest.mark.parametrize(
    ("asked", "result"),
    [
        (window(days=7.1), 300004),
        (window(days=91, endTime=int((time.time() - 90 * DAY) * 1000)), 300005),
        (window(endTime=1), 300003),
        (window(pageSize=101), 903),
        (window(pageSize="3"), 903),
        ({"pageSize": 3}, 903),
    ],
)
async def test_lists_refuse_windows_and_pages(
    ks_merchant: KuaishouCaller, asked: dict[str, Any], result: int
) -> None:
    assert (await ks_merchant.refused("order.merchant.list", **asked))[0] == result


async def test_orders_are_allocated_and_taken_back_in_part(
    operator: Operator, ks_merchant: KuaishouCaller, ks_factory: KuaishouCaller
) -> None:
    order, code = await allocated(operator, ks_merchant, seller_words="加急")
    again = await ks_merchant(
        "order.batch.allocate", dropshippingOrderCodeList=[code, "1"], factoryCode=FACTORY_CODE
    )
    assert [one["success"] for one in again] == [False, False]
    assert (await ks_merchant.refused(
        "order.batch.allocate", dropshippingOrderCodeList=[code], factoryCode=OTHER_CODE
    ))[1] == "与该厂家没有绑定关系"  # fmt: skip
    seen = await ks_merchant("order.merchant.detail", dropshippingOrderCode=code)
    assert (seen["dropshippingStatus"], seen["factoryCode"]) == (1, FACTORY_CODE)
    assert order["recipient"]["name"] not in str(seen)
    filters: dict[str, Any] = {
        "factoryCode": FACTORY_CODE,
        "dropshippingStatus": 1,
        "orderStatus": 30,
    }
    listed = await ks_merchant("order.merchant.list", **window(**filters))
    assert [one["dropshippingOrderCode"] for one in listed["dropshippingOrderList"]] == [code]
    nothings: list[dict[str, Any]] = [{"refundStatus": 1}, {"orderType": 2}, {"orderStatus": 99}]
    for nothing in nothings:
        page = await ks_merchant("order.merchant.list", **window(**nothing))
        assert page == {"cursor": "nomore", "dropshippingOrderList": []}
    mine = (await ks_factory("order.list", **window(allocateStatus=1)))["allocateOrderList"]
    assert [(one["allocateOrderCode"], one["sellerNote"]) for one in mine] == [(code, "加急")]
    assert "receiverContact" not in mine[0]
    back = {"dropshippingOrderCodeList": [code, "1"], "cancelAllocateReason": "换厂家"}
    taken = await ks_merchant("order.batch.allocate.cancel", **back)
    assert [one["success"] for one in taken] == [True, False]
    told = await ks_factory("order.detail.query", allocateOrderCode=code, userCode=USER_CODE)
    assert (told["allocateStatus"], told["cancelAllocateReason"]) == (3, "换厂家")
    assert await ks_factory.refused("order.deliver", **delivery(code)) == (
        21, "order operation reject",
    )  # fmt: skip


async def test_a_factory_delivers_and_corrects(
    operator: Operator, ks_merchant: KuaishouCaller, ks_factory: KuaishouCaller
) -> None:
    order, code = await allocated(operator, ks_merchant)
    assert (await ks_factory.refused("order.logistics.update", **delivery(code)))[0] == 21
    assert await ks_factory("order.deliver", **delivery(code)) == {"success": True}
    assert (await ks_factory.refused("order.deliver", **delivery(code)))[0] == 21
    await ks_factory("order.logistics.update", **delivery(code, "JT3012345678901", "109"))
    seen = await ks_merchant("order.merchant.detail", dropshippingOrderCode=code)
    assert (seen["orderStatus"], seen["dropshippingStatus"]) == (40, 2)
    assert [one["waybillCode"] for one in seen["waybillList"]] == ["JT3012345678901"]
    refunding, second = await allocated(operator, ks_merchant)
    await operator.does("refund", refunding, act="open")
    assert (await ks_factory.refused("order.deliver", **delivery(second)))[0] == 21
    await operator.does("refund", refunding, act="close")
    await ks_factory("order.deliver", **delivery(second, "YT1234567890124"))
    assert (await operator.get(f"orders/{order['id']}"))["status"] == "shipped"


async def test_what_the_platform_refuses_at_shipping(
    operator: Operator, ks_merchant: KuaishouCaller, ks_factory: KuaishouCaller
) -> None:
    buyer = {
        "name": "林小满", "phone": "13800000001",
        "areas": ["浙江省", "杭州市", "西湖区", "北山街道"], "detail": "桂花里 6 号",
    }  # fmt: skip
    _, code = await allocated(operator, ks_merchant, buyer=buyer)

    async def said(number: str, company: str = "6", unit: str = code) -> str:
        result, sentence = await ks_factory.refused(
            "order.deliver", **delivery(unit, number, company)
        )
        assert result == 11
        return sentence

    assert await said("YT1234567890123", "777") == "快递公司不存在"
    assert await said("JT3012345678901") == "运单号和物流公司不匹配"
    await operator.post("pickups", number="YT1234567890001", ago=3600.0)
    assert await said("YT1234567890001") == "运单揽收时间早于支付时间"
    await ks_factory("order.deliver", **delivery(code))
    _, elsewhere = await allocated(operator, ks_merchant, buyer={**buyer, "name": "赵一鸣"})
    assert await said("YT1234567890123", unit=elsewhere) == "同一个运单号对应收件地址超过1个"
    _, same = await allocated(operator, ks_merchant, buyer=buyer)
    await ks_factory("order.deliver", **delivery(same))  # together with the first: fine
    _, stranger = await allocated(operator, ks_merchant, buyer=buyer)
    await operator.post("bindings", merchant=KS_OTHER, factory=KS_FACTORY, status=2)
    other = await operator.order(KS_OTHER, lines=LINE, buyer=buyer)
    await operator.post("assign", unit=other["units"][0]["id"], factory=KS_FACTORY)
    result, sentence = await ks_factory.refused(
        "order.deliver",
        **{**delivery(other["units"][0]["id"]), "userCode": "90570002"},
    )
    assert (result, sentence) == (11, "运单号已被其他商家使用")
    now = (await operator.post("clock", advance=31 * DAY))["now"]
    answer = await ks_factory.raw("open.dropshipping.order.deliver", delivery(stranger), at=now)
    assert answer["result"] == 100200102  # the token is old by now
    pair = await operator.post("authorise", shop=KS_FACTORY)
    app = {"app_id": KUAISHOU_APP.key, "app_secret": KUAISHOU_APP.secret, "grant_type": "code"}
    address = f"{operator.url}/kuaishou/oauth2/access_token"
    new = (await operator.client.get(address, params={**app, **pair})).json()
    renewed = KuaishouCaller(operator.url, operator.client, new["access_token"])
    answer = await renewed.raw("open.dropshipping.order.deliver", delivery(stranger), at=now)
    assert answer == {"result": 11, "error_msg": "运单发货间隔超过30天"}


async def test_numbers_are_drawn_and_must_then_be_used(
    operator: Operator, ks_merchant: KuaishouCaller, ks_factory: KuaishouCaller
) -> None:
    _, code = await allocated(operator, ks_merchant)
    asked = {
        "requestId": "1",
        "allocateOrderCode": code,
        "userCode": USER_CODE,
        "expressCompanyCode": "6",
        "senderContract": {"name": "王大力", "mobile": "13800002001"},
        "senderAddress": {
            "provinceName": "浙江省", "cityName": "金华市", "districtName": "义乌市",
            "detailAddress": "示例路 88 号",
        },
    }  # fmt: skip
    unknown = {**asked, "requestId": "2", "allocateOrderCode": "1"}
    drawn = await ks_factory("ebill.batch.get", dsOrderGetReq=[asked, unknown])
    assert [one["success"] for one in drawn] == [True, False]
    number = drawn[0]["waybillCode"]
    assert (await ks_factory.refused("order.deliver", **delivery(code)))[1] == (
        "回传运单号与电子面单不一致"
    )
    bill = {"waybillCode": number, "expressCompanyCode": "6", "userCode": USER_CODE}
    assert await ks_factory("ebill.cancel", **bill) == {"success": True}
    assert (await ks_factory.refused("ebill.cancel", **bill))[1] == "面单不存在"
    number = (await ks_factory("ebill.batch.get", dsOrderGetReq=[asked]))[0]["waybillCode"]
    await ks_factory("order.deliver", **delivery(code, number))
    used = {**bill, "waybillCode": number}
    assert (await ks_factory.refused("ebill.cancel", **used))[1] == "面单已发货，不允许取消"
    await operator.post("stock", factory=KS_FACTORY, company="109", left=0)
    _, second = await allocated(operator, ks_merchant)
    empty = {**asked, "allocateOrderCode": second, "expressCompanyCode": "109"}
    said = await ks_factory("ebill.batch.get", dsOrderGetReq=[empty])
    assert said[0]["errorMsg"] == "电子面单余量不足"
    many = await ks_factory.refused("ebill.batch.get", dsOrderGetReq=[asked] * 11)
    assert many == (903, "一次最多获取10个电子面单")


async def test_a_gift_is_appended_once_and_deleted(
    operator: Operator, ks_merchant: KuaishouCaller
) -> None:
    order = await operator.order(KS_MERCHANT, lines=LINE)
    code = order["units"][0]["id"]
    gift = {
        "requestId": "g1",
        "dropshippingOrderCode": code,
        "orderType": 2,
        "orderItemList": [{"itemName": "小样", "quantity": 1}],
        "sellerNote": "送小样",
    }
    moved = {
        **gift,
        "requestId": "g2",
        "orderType": 3,
        "receiverAddress": {
            "province": "江苏省", "city": "苏州市", "district": "吴中区", "detail": "枫叶苑 18 幢",
        },
        "receiverContact": {"name": "赵一鸣", "phone": "13800000002"},
    }  # fmt: skip
    unknown = {**gift, "requestId": "g3", "dropshippingOrderCode": "1"}
    asked = [gift, moved, unknown]
    said = await ks_merchant("order.batch.append", appendRequestList=asked)
    assert [one["success"] for one in said] == [True, True, False]
    again = await ks_merchant("order.batch.append", appendRequestList=asked[:1])
    assert again == said[:1]
    made = [one["dropshippingOrderCode"] for one in said[:2]]
    seen = [await ks_merchant("order.merchant.detail", dropshippingOrderCode=one) for one in made]
    assert [one["orderType"] for one in seen] == [2, 3]
    assert [one["totalFee"] for one in seen] == [0, 0]
    opened = [(await operator.get(f"orders/{one['oid']}"))["recipient"]["name"] for one in seen]
    assert opened == [order["recipient"]["name"], "赵一鸣"]
    gone = await ks_merchant("order.batch.delete", dropshippingOrderCodeList=[made[0], code])
    assert [one["success"] for one in gone] == [True, False]
    assert (await ks_merchant.refused("order.merchant.detail", dropshippingOrderCode=made[0]))[
        0
    ] == 21


async def test_one_field_is_decrypted_until_a_fortnight_after_the_end(
    operator: Operator, ks_merchant: KuaishouCaller, ks_factory: KuaishouCaller
) -> None:
    order, code = await allocated(operator, ks_merchant)
    seen = await ks_merchant("order.merchant.detail", dropshippingOrderCode=code)
    contact = seen["receiverContact"]
    method = "open.order.decrypt.batch"

    async def opened(*texts: str, at: float | None = None) -> Any:
        asked = [{"bizId": order["id"], "encryptedData": text} for text in texts]
        return await ks_merchant.raw(method, {"batchDecryptList": asked}, at=at)

    [name] = (await opened(contact["encryptedName"]))["data"]
    assert (name["decryptedData"], name["errorCode"]) == (order["recipient"]["name"], 0)
    both = await opened(contact["encryptedName"], contact["encryptedMobile"])
    assert both == {"result": 21, "error_msg": "一次只能解密一个字段"}
    assert (await opened("x"))["data"][0]["errorCode"] == 3
    await operator.fault("quota", times=1)
    assert (await opened(contact["encryptedName"]))["data"][0]["errorMsg"] == "当日解密额度已用完"
    await ks_factory("order.deliver", **delivery(code))
    await operator.does("finish", order)
    await operator.post("clock", advance=15 * DAY)
    now = (await operator.post("clock", advance=0))["now"]
    ks_merchant.token = await token_of(operator, KS_MERCHANT)
    [late] = (await opened(contact["encryptedName"], at=now))["data"]
    assert (late["decryptedData"], late["errorCode"]) == ("", 4)


def test_the_tests_sign_as_the_page_says() -> None:
    """Values worked out with md5sum and openssl, so that both sides cannot err together."""
    fields = {"timestamp": "1700000000000", "appkey": "ks1", "param": '{"a":"喵&"}', "none": None}
    assert kuaishou_sign(fields, "MD5") == "4da2a4b0bd7b1588cc3a87f7d2a9cdf8"
    assert kuaishou_sign(fields) == "79CZUKbxRCzm8/DRBJtiZS207K/O6xRoKpehWplQo9E="
