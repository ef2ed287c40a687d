"""Doudian lets in who signs with the secret, in time, with a living token; nobody else."""

import dataclasses
import time
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

import sandbox
from sandbox import Config
from tests.sandbox.conftest import FACTORY, MERCHANT, Operator
from tests.sandbox.signed import DoudianCaller, DoudianSign, doudian_sign, refusal, sorted_json


async def test_both_signatures_open_the_gateway(merchant: DoudianCaller) -> None:
    for how in get_args(DoudianSign):
        answer = (await merchant.raw("iop.roleGet", {}, how=how)).json()
        assert (answer["code"], answer["data"]) == (10000, {"role_type": 1})


async def test_chinese_signs_and_an_ampersand_is_not_escaped(merchant: DoudianCaller) -> None:
    params = {"cipher_infos": [{"auth_id": "订单&<1>", "cipher_text": "密文 🧦"}]}
    answer = (await merchant.raw("order.batchDecrypt", params)).json()
    assert answer["data"]["decrypt_infos"][0]["err_no"] != 0  # let in: only the text is unknown


@pytest.mark.parametrize(
    ("changed", "sub_code"),
    [
        ({"app_key": None}, "isv.app-id-missing"),
        ({"app_key": "7000000000000000002"}, "isv.app-id-invalid"),
        ({"sign": None}, "isv.signature-missing"),
        ({"sign": "0" * 64}, "isv.signature-invalid"),
        ({"sign_method": None}, "isv.signature-invalid"),
        ({"sign_method": "md5"}, "isv.signature-invalid"),
        ({"method": "iop.orderList"}, "isv.signature-invalid"),
        ({"v": "1"}, "isv.signature-invalid"),
        ({"timestamp": "today"}, "isv.timestamp-format-error"),
        ({"access_token": None}, "isv.access-token-missing"),
        ({"access_token": "f" * 32}, "isv.access-token-no-existed"),
    ],
)
async def test_a_call_that_proves_nothing_is_refused(
    merchant: DoudianCaller, changed: dict[str, str | None], sub_code: str
) -> None:
    answer = (await merchant.raw("iop.roleGet", {}, query=changed)).json()
    assert refusal(answer) == sub_code
    assert answer["data"] is None


@pytest.mark.parametrize(
    ("body", "sub_code"),
    [
        ('{"size":10,"page":0}', "isv.signature-invalid"),  # not sorted
        ('{"page": 0,"size":10}', "isv.signature-invalid"),  # not compact
        ('{"page":0,"size":10,"tracking_no":"\\u5706"}', "isv.signature-invalid"),  # escaped
        ('{"page":', "isv.parameter-format-invalid"),
        ("[]", "isv.signature-invalid"),
        ("", "isv.parameter-format-invalid"),
    ],
)
async def test_parameters_are_signed_sorted_compact_and_unescaped(
    merchant: DoudianCaller, body: str, sub_code: str
) -> None:
    answer = (await merchant.raw("order.searchList", {}, body=body)).json()
    assert refusal(answer) == sub_code


async def test_a_clock_that_is_wrong_is_not_let_in(merchant: DoudianCaller) -> None:
    now = time.time()
    for ago in (-700, 700):
        answer = (await merchant.raw("iop.roleGet", {}, at=now - ago)).json()
        assert refusal(answer) == "isv.timestamp-invalid"
    assert (await merchant.raw("iop.roleGet", {}, at=now - 500)).json()["code"] == 10000


async def test_what_the_platform_does_not_have_is_named_so(merchant: DoudianCaller) -> None:
    assert await merchant.refused("iop.sellerCancelDistribute") == "isp.api-service-off"


async def test_the_older_shape_says_the_same(operator: Operator, merchant: DoudianCaller) -> None:
    await operator.post("settings", doudian={"answers": "old"})
    answer = (await merchant.raw("iop.roleGet", {})).json()
    assert answer == {"err_no": 0, "message": "success", "data": {"role_type": 1}}
    answer = (await merchant.raw("iop.roleGet", {}, query={"sign": "0" * 64})).json()
    assert (answer["err_no"], answer["message"]) == (40003, "签名校验失败")


async def test_a_code_works_once_and_not_for_long(operator: Operator) -> None:
    caller = DoudianCaller(operator.url, operator.client)
    code = (await operator.post("authorise", shop=MERCHANT))["code"]
    asked = {"grant_type": "authorization_code", "code": code}
    assert (await caller("token.create", **asked))["shop_name"] == "小满优选"
    assert await caller.refused("token.create", **asked) == "dop.token-generate-failed:code-invalid"
    late = (await operator.post("authorise", shop=MERCHANT))["code"]
    now = (await operator.post("clock", advance=601))["now"]
    answer = await caller.raw(
        "token.create", {"grant_type": "authorization_code", "code": late}, at=now
    )
    assert refusal(answer.json()) == "dop.token-generate-failed:code-expired"


async def test_a_token_ends_and_a_refreshed_pair_is_dead(
    operator: Operator, merchant: DoudianCaller
) -> None:
    caller = DoudianCaller(operator.url, operator.client)
    own = {"grant_type": "authorization_self", "shop_id": FACTORY}
    pair = await caller("token.create", **own)
    factory = DoudianCaller(operator.url, operator.client, pair["access_token"])
    assert await operator.post("tokens/expire", platform="doudian", shop=FACTORY) == {"expired": 1}
    assert await factory.refused("iop.roleGet") == "isv.access-token-expired"
    assert await merchant("iop.roleGet") == {"role_type": 1}  # the other shop's lives on
    again = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    new = await caller("token.refresh", **again)
    assert (new["expires_in"], new["shop_id"]) == (7 * 86_400, FACTORY)
    renewed = DoudianCaller(operator.url, operator.client, new["access_token"])
    assert await renewed("iop.roleGet") == {"role_type": 2}
    assert await factory.refused("iop.roleGet") == "isv.access-token-no-existed"
    assert await caller.refused("token.refresh", **again) == (
        "dop.token-generate-failed:token-invalid"
    )
    for nobody in (1, 5_570_001, None):
        asked = {"grant_type": "authorization_self", "shop_id": nobody}
        assert await caller.refused("token.create", **asked) == (
            "dop.token-generate-failed:no-authorization"
        )
    now = (await operator.post("clock", advance=181 * 86_400))["now"]
    asked = {"grant_type": "refresh_token", "refresh_token": new["refresh_token"]}
    late = await caller.raw("token.refresh", asked, at=now)
    assert refusal(late.json()) == "dop.token-generate-failed:token-expired"
    await operator.post("clock", advance=-181 * 86_400)
    await operator.post("tokens/revoke", shop=FACTORY)
    assert await renewed.refused("iop.roleGet") == "isv.access-token-no-existed"


async def test_a_shop_agrees_on_the_page_and_goes_back_with_a_code(
    url: str, client: httpx.AsyncClient, operator: Operator
) -> None:
    query = {
        "service_id": "24070",
        "redirect_uri": "http://127.0.0.1:9/back?x=1",
        "state": "a state",
    }
    page = await client.get(f"{url}/doudian/authorize", params=query)
    assert "小满优选" in page.text
    assert "同意授权" in page.text
    agreed = await client.post(
        f"{url}/doudian/authorize", params=query, data={"shop": str(MERCHANT)}
    )
    back = httpx.URL(agreed.headers["location"])
    assert str(back).startswith("http://127.0.0.1:9/back?x=1&code=")
    assert back.params["state"] == "a state"
    caller = DoudianCaller(url, client)
    code = back.params["code"]
    data = await caller("token.create", grant_type="authorization_code", code=code)
    assert data["shop_id"] == MERCHANT
    await operator.post("settings", doudian={"redirect": "https://shop.example/back"})
    registered = await client.post(
        f"{url}/doudian/authorize", params={"service_id": "24070"}, data={"shop": str(MERCHANT)}
    )
    assert registered.headers["location"].startswith("https://shop.example/back?code=")
    for wrong in (
        {"service_id": "1"},
        {"response_type": "token"},
        {"redirect_uri": "javascript:alert(1)"},
    ):
        answer = await client.get(f"{url}/doudian/authorize", params={**query, **wrong})
        assert answer.status_code == 400
    nobody = await client.post(f"{url}/doudian/authorize", params=query, data={"shop": "1"})
    assert nobody.status_code == 400


async def test_what_no_platform_could_keep_is_refused(merchant: DoudianCaller) -> None:
    """Numbers beyond 64 bits, half a surrogate pair, a nest without end."""
    item = {"supplier_shop_id": 2**70, "distr_order_id": "1"}
    page = {"page": 2**63, "size": 1, "update_time_start": 0}
    assert await merchant.refused("order.searchList", **page) == "isv.parameter-invalid:10000"
    answer = await merchant("iop.sellerDistribute", distribute_order_list=[item])
    assert answer["distribute_order_reuslts"][0]["err_no"] == 40000
    for body in ('{"shop_order_id":"\\ud800"}', '{"a":NaN}', "[" * 5_000):
        said = refusal((await merchant.raw("order.orderDetail", {}, body=body)).json())
        assert said in ("isv.signature-invalid", "isv.parameter-format-invalid")


async def test_the_addresses_given_at_start_replace_those_kept(
    tmp_path: Path, client: httpx.AsyncClient
) -> None:
    config = Config(state=tmp_path / "s.sqlite3", push_to={"doudian": "http://127.0.0.1:9/one"})
    async with sandbox.start(config) as url:
        await Operator(url, client).post("settings", doudian={"push": {"delay": 5.0}})
    moved = dataclasses.replace(
        config,
        push_to={"doudian": "http://127.0.0.1:9/two"},
        back_to={"kuaishou": "http://127.0.0.1:9/back"},
    )
    async with sandbox.start(moved) as url:
        kept = await Operator(url, client).get("settings")
    assert kept["doudian"]["push"]["address"] == "http://127.0.0.1:9/two"
    assert kept["doudian"]["push"]["delay"] == 5.0
    assert kept["kuaishou"]["redirect"] == "http://127.0.0.1:9/back"


async def test_the_operator_is_told_what_cannot_be(operator: Operator) -> None:
    order = await operator.order()
    for path, body, status in (
        ("orders", {"shop": FACTORY}, 400),
        ("orders", {"shop": 1}, 404),
        ("orders", {"shop": MERCHANT, "count": 0}, 400),
        ("orders/1/pay", {}, 404),
        (f"orders/{order['id']}/pay", {}, 400),
        (f"orders/{order['id']}/finish", {}, 400),
        (f"orders/{order['id']}/explode", {}, 404),
        (f"orders/{order['id']}/refund", {"act": "agree"}, 400),
        (f"orders/{order['id']}/address", {"name": "赵一鸣"}, 400),
        (f"orders/{order['id']}/amount", {"by": 1}, 400),
        ("acts/pay", {"orders": [order["id"]]}, 400),
        ("acts/explode", {"orders": []}, 404),
        ("assign", {"unit": "1", "factory": FACTORY}, 404),
        ("assign", {"unit": order["units"][0]["id"], "factory": MERCHANT}, 400),
        ("bindings", {"merchant": FACTORY, "factory": MERCHANT, "status": 2}, 400),
        ("bindings", {"merchant": MERCHANT, "factory": 5_570_101, "status": 2}, 400),
        ("settings", {"doudian": {"push": {"mode": "loud"}}}, 400),
    ):
        answer = await operator.raw("POST", path, body)
        assert (path, answer.status_code) == (path, status)
        assert answer.json()["error"]
    assert await operator.get(f"orders/{order['id']}") == order  # nothing has changed


async def test_tokens_outlive_the_sandbox(tmp_path: Path, client: httpx.AsyncClient) -> None:
    config = Config(state=tmp_path / "deep" / "state.sqlite3")
    async with sandbox.start(config) as url:
        operator = Operator(url, client)
        code = (await operator.post("authorise", shop=MERCHANT))["code"]
        asked = {"grant_type": "authorization_code", "code": code}
        token = (await DoudianCaller(url, client)("token.create", **asked))["access_token"]
        order = await operator.order()
        await operator.post("clock", advance=5)
    longer = dataclasses.replace(config, skew=60.0)
    async with sandbox.start(longer) as url:
        merchant = DoudianCaller(url, client, token)
        found = await merchant("order.orderDetail", shop_order_id=order["id"])
        assert found["shop_order_detail"]["order_id"] == order["id"]
        after = (await Operator(url, client).order())["id"]
        assert int(after) > int(order["id"])


def test_the_tests_sign_as_the_page_says() -> None:
    """Values worked out with md5sum and openssl, so that both sides cannot err together."""
    params: dict[str, Any] = {"b": 1, "a": {"d": "喵&", "c": [True, None]}}
    assert sorted_json(params) == '{"a":{"c":[true,null],"d":"喵&"},"b":1}'
    signed = ("iop.roleGet", sorted_json(params), "1700000000")
    assert doudian_sign(*signed, "md5") == "766be55ea2a44fc61efb5676f6c3e873"
    assert doudian_sign(*signed) == (
        "a203c5a12667a59890d16f5f3cfce82f8a03010b8285e072cc277b5fd33da070"
    )
