"""Whatever can go wrong on the way is made to happen, once or often, here or there."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import KS_MERCHANT, MERCHANT, Operator, token_of
from tests.sandbox.signed import DoudianCaller, KuaishouCaller, refusal


async def test_the_platform_is_busy_for_a_while(
    operator: Operator, merchant: DoudianCaller
) -> None:
    await operator.fault("throttle", times=2, method="iop.roleGet")
    await operator.fault("service", times=1)
    assert await merchant.refused("iop.roleGet") == "isv.app-call-limited"
    assert await merchant.refused("order.logisticsCompanyList") == "isp.service-error:88888"
    assert await merchant.refused("iop.roleGet") == "isv.app-call-limited"
    assert await merchant("iop.roleGet") == {"role_type": 1}


async def test_a_token_expires_in_the_middle(operator: Operator, merchant: DoudianCaller) -> None:
    await operator.fault("token_expired", after=2, times=1, shop=MERCHANT)
    answers = [(await merchant.raw("iop.roleGet", {})).json() for _ in range(4)]
    assert [one["code"] == 10000 for one in answers] == [True, True, False, True]
    assert refusal(answers[2]) == "isv.access-token-expired"


async def test_the_line_is_cut_before_or_after_the_effect(
    operator: Operator, merchant: DoudianCaller
) -> None:
    order = await operator.order()
    number = {"order_id": order["id"], "company_code": "yuantong"}
    number |= {"logistics_code": "YT1234567890123"}
    await operator.fault("cut_before", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await merchant.raw("order.logisticsAdd", number)
    assert (await operator.get(f"orders/{order['id']}"))["status"] == "paid"
    await operator.fault("cut_after", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await merchant.raw("order.logisticsAdd", number)
    assert (await operator.get(f"orders/{order['id']}"))["status"] == "shipped"
    assert await merchant.refused("order.logisticsAdd", **number) == "isv.business-failed:60110"
    calls = (await operator.get("calls?method=order.logisticsAdd"))["calls"]
    assert [(one["code"], one["said"]) for one in calls[:2]] == [
        ("cut", "before the effect"),
        ("cut", "after the effect"),
    ]


async def test_answers_that_are_none(operator: Operator, merchant: DoudianCaller) -> None:
    await operator.fault("5xx", times=1)
    await operator.fault("html", times=1)
    assert (await merchant.raw("iop.roleGet", {})).status_code == 502
    page = await merchant.raw("iop.roleGet", {})
    assert page.text.startswith("<html>")
    await operator.fault("slow", seconds=0.05, times=1)
    assert (await merchant.raw("iop.roleGet", {})).json()["code"] == 10000
    assert (await operator.get("calls?method=iop.roleGet"))["calls"][-1]["ms"] >= 50


async def test_answers_that_are_not_as_agreed(operator: Operator, merchant: DoudianCaller) -> None:
    order = await operator.order()

    async def seen() -> Any:
        answer = await merchant("order.orderDetail", shop_order_id=order["id"])
        return answer["shop_order_detail"]

    await operator.fault("numbers_as_text", times=1)
    assert (await seen())["order_status"] == "2"
    await operator.fault("text_as_numbers", times=1)
    assert (await seen())["order_id"] == int(order["id"])
    await operator.fault("missing", fields=["pay_time", "code"], times=1)
    without = await seen()
    assert "pay_time" not in without
    assert "code" not in without["sku_order_list"][0]
    await operator.fault("unknown", times=1)
    assert (await seen())["field_of_next_year"]
    assert (await seen())["order_status"] == 2


async def test_faults_are_listed_counted_and_cleared(
    operator: Operator, merchant: DoudianCaller
) -> None:
    await operator.fault("throttle", times=2, platform="kuaishou")
    await operator.fault("slow", seconds=0.0)
    await merchant("iop.roleGet")
    faults = (await operator.get("faults"))["faults"]
    assert [(one["kind"], one["times"]) for one in faults] == [("throttle", 2), ("slow", None)]
    ks = KuaishouCaller(operator.url, operator.client, await token_of(operator, KS_MERCHANT))
    assert (await ks.refused("role.query"))[1].startswith("Exceed qps limit")
    assert (await operator.raw("DELETE", "faults")).json() == {"faults": []}
    assert await ks("role.query") == {"roleType": 1}
    for wrong in ({"kind": "flood"}, {"kind": "slow", "colour": "red"}):
        answer = await operator.raw("POST", "faults", {"faults": [wrong]})
        assert answer.status_code == 400


async def test_the_log_of_calls_holds_no_secret(
    operator: Operator, merchant: DoudianCaller
) -> None:
    order = await operator.order()
    seen = (await merchant("order.orderDetail", shop_order_id=order["id"]))["shop_order_detail"]
    cipher = {"auth_id": order["id"], "cipher_text": seen["encrypt_post_tel"]}
    await merchant("order.batchDecrypt", cipher_infos=[cipher])
    log = await operator.get("calls")
    assert merchant.token not in str(log)
    assert order["recipient"]["phone"] not in str(log)
    methods = [one["method"] for one in log["calls"]]
    assert methods == ["token.create", "order.orderDetail", "order.batchDecrypt"]
    await operator.post("calls/clear")
    assert await operator.get("calls") == {"calls": []}
