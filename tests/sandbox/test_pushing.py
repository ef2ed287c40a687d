"""What changes is pushed, signed or encrypted; repeated, late, shuffled or lost when told to."""

import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sandbox.cast import KUAISHOU_APP
from tests.sandbox.conftest import (
    FACTORY,
    KS_FACTORY,
    KS_MERCHANT,
    MASK,
    MERCHANT,
    OTHER_MERCHANT,
    Operator,
)
from tests.sandbox.receiving import Receiver, receiving
from tests.sandbox.signed import DoudianCaller, KuaishouCaller, event_sign

DOUDIAN_YES: dict[str, Any] = {"code": 0, "msg": "success"}
NEW_ADDRESS = {
    "name": "赵一鸣",
    "phone": "13800000002",
    "areas": ["江苏省", "苏州市", "吴中区", "长桥街道"],
    "detail": "枫叶苑 18 幢",
}


@pytest.fixture
async def receiver(operator: Operator, merchant: DoudianCaller) -> AsyncIterator[Receiver]:
    """Registered for Doudian's messages; the merchant has authorised the application."""
    async with receiving(**DOUDIAN_YES) as receiver:
        await operator.post("settings", doudian={"push": {"address": receiver.address}})
        yield receiver


def tags(receiver: Receiver) -> list[str]:
    return [one["tag"] for one in receiver.messages]


async def test_an_order_lives_and_every_step_is_told(
    operator: Operator, merchant: DoudianCaller, factory: DoudianCaller, receiver: Receiver
) -> None:
    order = await operator.order(paid=False)
    await operator.does("amount", order, by=-500)
    await operator.does("pay", order)
    unit = order["units"][0]["id"]
    asked = [{"supplier_shop_id": FACTORY, "distr_order_id": unit}]
    await merchant("iop.sellerDistribute", distribute_order_list=asked)
    await operator.does("address", order, **NEW_ADDRESS)
    await operator.does("remark", order, text="发顺丰", star=2)
    await operator.does("deadline", order, within=3600.0)
    await operator.does("refund", order, act="open")
    await operator.does("refund", order, act="refuse")
    for act in ("open", "close"):
        await operator.does("refund", order, act=act)
    pack = {
        "track_no": "YT1234567890123",
        "ship_num": order["lines"][0]["count"],
        "company_code": "yuantong",
    }
    sent = {"user_id": MASK, "distr_order_id": unit}
    done = await factory("iop.waybillReturn", **sent, pack_list=[pack])
    new = {"company_code": "jtexpress", "track_no": "JT3012345678901"}
    await factory("iop.waybillUpdate", **sent, **new, delivery_id=done["delivery_id"])
    await operator.does("finish", order)
    pushed = await operator.pushed()
    assert {one["state"] for one in pushed} == {"taken"}
    assert tags(receiver) == [
        "100", "109", "101", "501", "105", "111", "504", "113", "500", "126", "200", "204", "200",
        "207", "102", "505", "104", "103",
    ]  # fmt: skip
    for headers, body in zip(receiver.headers, receiver.bodies, strict=True):
        assert headers["event-sign"] == event_sign(body)
    told = {one["tag"]: json.loads(one["data"]) for one in receiver.messages}
    assert told["101"]["pay_amount"] == order["amount"] - 500
    assert told["100"]["p_id"] == order["id"]
    assert told["501"] == {"distr_order_id": unit, "shop_id": FACTORY, "user_id": MASK}
    assert told["113"]["remark"] == told["500"]["seller_remark"] == "发顺丰"
    assert told["105"]["receiver_msg"]["addr"]["city"]["name"] == "苏州市"
    assert told["102"]["logistics_msg"]["logistics_code"] == "YT1234567890123"
    assert "赵一鸣" not in str(told)
    assert "枫叶苑" not in str(told)
    assert pushed[0]["log"][0]["status"] == 200
    assert pushed[0]["log"][0]["ms"] >= 0


async def test_a_refund_agreed_a_cancellation_and_a_part(
    operator: Operator, merchant: DoudianCaller, factory: DoudianCaller, receiver: Receiver
) -> None:
    await operator.post("settings", doudian={"unassigned_tag": "503"})
    line = {"count": 1}
    order, cancelled = [await operator.order(lines=[line, line]) for _ in range(2)]
    units = [one["id"] for one in cancelled["units"]]
    asked = [{"supplier_shop_id": FACTORY, "distr_order_id": one} for one in units]
    await merchant("iop.sellerDistribute", distribute_order_list=asked)
    await operator.does("cancel", cancelled, reason="拍错了")
    info = [{"shipped_order_id": order["lines"][0]["id"], "shipped_num": 1}]
    pack = {"logistics_code": "YT1234567890123", "company_code": "yuantong"}
    await merchant(
        "order.logisticsAddMultiPack",
        order_id=order["id"],
        request_id="r1",
        pack_list=[{**pack, "shipped_order_info": info}],
    )
    await operator.does("refund", order, act="open", line=order["lines"][1]["id"])
    after = await operator.does("refund", order, act="agree", line=order["lines"][1]["id"])
    assert after["status"] == "shipped"  # nothing is left to ship
    after = await operator.does("refund", order, act="open")
    after = await operator.does("refund", order, act="agree")
    assert (after["status"], after["cancel_reason"]) == ("closed", "退款成功")
    await operator.pushed()
    assert tags(receiver) == [
        "100", "101", "100", "101", "501", "501", "106", "503", "503", "108", "200", "201", "206",
        "200", "201", "206",
    ]  # fmt: skip
    told = {one["tag"]: json.loads(one["data"]) for one in receiver.messages}
    assert told["106"]["cancel_reason"] == "拍错了"
    assert told["206"]["refund_amount"] == order["lines"][0]["price"]


async def test_only_shops_that_authorised_are_spoken_of(
    operator: Operator, receiver: Receiver
) -> None:
    await operator.order(OTHER_MERCHANT)
    await operator.post("tokens/revoke", shop=MERCHANT)
    await operator.order()
    assert await operator.pushed() == []
    assert receiver.bodies == []


async def test_both_shapes_of_a_message(operator: Operator, receiver: Receiver) -> None:
    shape = {"tag": "number", "msg_id": "msgId", "data": "object"}
    await operator.post("settings", doudian={"push": shape})
    order = await operator.order(paid=False)
    await operator.pushed()
    [message] = receiver.messages
    assert (message["tag"], message["data"]["p_id"]) == (100, order["id"])
    assert message["msgId"]


async def test_messages_are_repeated_shuffled_late_and_lost(
    operator: Operator, receiver: Receiver
) -> None:
    await operator.post("settings", doudian={"push": {"mode": "held", "shuffle": True}})
    for _ in range(6):
        await operator.order()
    held = await operator.pushed()
    assert {one["state"] for one in held} == {"held"}
    assert receiver.bodies == []
    await operator.post("settings", doudian={"push": {"mode": "on", "repeat": 1}})
    assert await operator.post("pushes/send", platform="doudian") == {"sent": 12}
    await operator.pushed()
    came = [one["msg_id"] for one in receiver.messages]
    assert len(came) == 24
    assert sorted(set(came)) == [one["id"] for one in held]
    assert came[:12] != sorted(came[:12])
    await operator.post("settings", doudian={"push": {"repeat": 0, "shuffle": False, "lose": 1}})
    await operator.order()
    newest = await operator.pushed(after=held[-1]["n"])
    assert [one["state"] for one in newest] == ["lost", "taken"]
    await operator.post("settings", doudian={"push": {"delay": 60.0}})
    order = await operator.order(paid=False)
    before = len(receiver.messages)
    late = await operator.pushed(after=newest[-1]["n"])
    assert [one["state"] for one in late] == ["due"]
    await operator.post("clock", advance=61)
    await operator.pushed()
    assert [json.loads(one["data"])["p_id"] for one in receiver.messages[before:]] == [order["id"]]
    assert await operator.post("pushes/send", pushes=[held[0]["n"]]) == {"sent": 1}
    await operator.pushed()
    assert receiver.messages[-1]["msg_id"] == held[0]["id"]
    missing = await operator.raw("POST", "pushes/send", {"pushes": [10_000]})
    assert missing.status_code == 404


async def test_what_is_not_taken_comes_again_until_it_is_given_up(
    operator: Operator, receiver: Receiver
) -> None:
    receiver.busy = 1
    await operator.order(paid=False)
    [message] = await operator.pushed()
    assert (message["state"], message["tries"], message["log"][0]["status"]) == ("due", 1, 503)
    await operator.post("clock", advance=60)
    [message] = await operator.pushed()
    assert (message["state"], [one["status"] for one in message["log"]]) == ("taken", [503, 200])
    receiver.says = {"code": 1, "msg": "fail"}
    await operator.order(paid=False)
    for pause in (0, 60, 300, 900, 1800):
        await operator.post("clock", advance=pause)
        [message] = await operator.pushed(after=message["n"] - (pause > 0))
    assert (message["state"], message["tries"]) == ("given_up", 5)
    assert message["log"][-1]["said"] == '{"code": 1, "msg": "fail"}'


async def test_messages_of_ones_own_wording_go_out_too(
    operator: Operator, receiver: Receiver
) -> None:
    order = await operator.order(quiet=True)
    await operator.post("pushes/make", order=order["id"], tag="999", data={"new": True})
    assert [one["state"] for one in await operator.pushed()] == ["taken"]
    assert [(one["tag"], one["data"]) for one in receiver.messages] == [("999", '{"new": true}')]


async def test_ten_thousand_orders_change_at_once_and_are_walked(
    operator: Operator, merchant: DoudianCaller, receiver: Receiver
) -> None:
    made = (await operator.post("orders", shop=MERCHANT, count=10_000, over=600, quiet=True))[
        "orders"
    ]
    told = await operator.post("acts/remark", orders=made[:50], facts={"text": "加急", "star": 1})
    assert told == {"orders": 50}
    await operator.pushed()
    assert [json.loads(one["data"])["p_id"] for one in receiver.messages] == made[:50]
    assert len(receiver.bodies) < 10  # together, not one by one
    seen = set()
    now = int(time.time())
    asked = {"update_time_start": now - 1_200, "update_time_end": now + 600, "size": 100}
    for page in range(0, 101, 20):
        answer = await merchant("order.searchList", page=page, order_by="update_time", **asked)
        assert answer["total"] == 10_000
        seen |= {one["order_id"] for one in answer["shop_order_list"]}
    assert len(seen) == 500  # five of the hundred pages, and nothing behind the last
    calls = (await operator.get("calls?method=order.searchList"))["calls"]
    assert sorted(one["ms"] for one in calls)[len(calls) // 2] < 250


async def test_an_unreachable_receiver_is_noted(operator: Operator, merchant: object) -> None:
    await operator.post("settings", doudian={"push": {"address": "http://127.0.0.1:9/"}})
    await operator.order(paid=False)
    [message] = await operator.pushed()
    assert (message["state"], message["log"][0]["status"]) == ("due", 0)


def opened(body: bytes) -> Any:
    key = base64.b64decode(KUAISHOU_APP.message_key)
    opener = Cipher(algorithms.AES(key), modes.CBC(b"\0" * 16)).decryptor()
    plain = opener.update(base64.b64decode(body)) + opener.finalize()
    return json.loads(plain[: -plain[-1]])


async def test_kuaishou_encrypts_one_message_at_a_time(
    operator: Operator, ks_merchant: KuaishouCaller, ks_factory: KuaishouCaller
) -> None:
    async with receiving(result=1) as receiver:
        await operator.post("settings", kuaishou={"push": {"address": receiver.address}})
        await operator.post("pushes/heartbeat")
        assert opened(receiver.bodies[0])["test"] is True
        order = await operator.order(KS_MERCHANT)
        await ks_merchant(
            "order.batch.allocate",
            dropshippingOrderCodeList=[order["units"][0]["id"]],
            factoryCode="90570101",
        )
        await operator.pushed()
        receiver.says = {"result": 0}
        await operator.does("remark", order, text="发顺丰")
        pushed = await operator.pushed()
        assert [one["state"] for one in pushed] == ["taken"] * 3 + ["due"] * 2
        messages = [opened(body) for body in receiver.bodies[1:]]
        assert [(one["event"], one["userId"]) for one in messages] == [
            ("kwaishop_order_addOrder", KS_MERCHANT),
            ("kwaishop_order_paySuccess", KS_MERCHANT),
            ("kwaishop_dropshipping_allocate", KS_FACTORY),
            ("kwaishop_order_updateRemark", KS_MERCHANT),
            ("kwaishop_dropshipping_noteUpdate", KS_FACTORY),
        ]
        assert messages[0]["bizId"] == json.loads(messages[0]["info"])["oid"] == int(order["id"])
        assert messages[0]["appKey"] == KUAISHOU_APP.key
        assert messages[0]["createTime"] > 1_700_000_000_000
        receiver.says = {"result": 1}
        await operator.post("clock", advance=299)
        assert len(receiver.bodies) == 6
        await operator.post("clock", advance=2)
        assert {one["state"] for one in await operator.pushed()} == {"taken"}
