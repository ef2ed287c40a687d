"""代打: merchant and factory have shops on one platform; what is done in chat is done there."""

import httpx

from playground.phone import Phone
from tests.sandbox.conftest import FACTORY, MERCHANT, OTHER_FACTORY
from tests.stories.test_platforms import Market, arrived, links, market, told

__all__ = ["market"]


async def factory_links(market: Market, shop: int = FACTORY) -> httpx.Response:
    """The factory's owner links a shop: presses, signs in on the platform's page, comes back."""
    factory = market.company.factory
    await factory.sends("/platform")
    listed = await factory.sees("订单由商家的店铺同步", anywhere=True)
    await factory.taps("连接抖店", listed)
    address = (await factory.taps("去抖店授权")).url
    assert address is not None
    async with httpx.AsyncClient(follow_redirects=False) as browser:
        agreed = await browser.post(address, data={"shop": str(shop)})
        return await browser.get(agreed.headers["location"])


async def known(market: Market) -> None:
    """Who is bound to whom on the platform is known of both."""

    async def asked() -> bool:
        links = await market.stage.read(
            lambda store: [*store.platforms.own(1), *store.platforms.own(2)]
        )
        return len(links) == 2 and all(one.partners_at is not None for one in links)

    await market.bell.until(asked)


async def card_of(phone: Phone, number: str, part: str) -> str:
    """The order's card, once it says so."""
    for _ in range(40):
        await phone.sends(number)
        text = (await phone.sees(number)).text
        if part in text:
            return text
    raise AssertionError(text)


async def test_assigned_shipped_and_recalled_in_chat_is_so_on_the_platform(market: Market) -> None:
    merchant, factory = market.company.merchant, market.company.factory
    await links(market)
    refused = await factory_links(market, MERCHANT)
    assert refused.status_code == 400
    assert "这家店铺的身份不对" in refused.text
    assert (await factory_links(market)).status_code == 200
    linked = await factory.sees("已连接抖店：大力日用百货厂", anywhere=True)
    assert "会同步分配到你的平台店铺" in linked.text
    await factory.taps("平台店铺", linked)
    await known(market)
    await factory.taps("立即查询", await factory.sees("抖店 · 大力日用百货厂", anywhere=True))
    card = await factory.sees("平台上已绑定的商家：小满优选", anywhere=True)
    assert "之前" not in card.text  # it has no orders of its own to be up to date with
    await merchant.sends("/platform")
    await merchant.taps("抖店 · 小满优选")
    await merchant.sees("会同步分配到平台：大力日用百货厂", anywhere=True)

    order = await market.operator.order(lines=[{"name": "示例保温杯", "code": "BWB", "count": 2}])
    await arrived(market, order["id"])
    await merchant.sends(f"/assign {order['id']} {market.company.factory_number}")
    await factory.sees("新订单", anywhere=True)
    assert "已分配到平台" in await card_of(merchant, order["id"], "✅ 已分配到平台")
    shown = await market.operator.get(f"orders/{order['id']}")
    assert [(one["status"], one["factory"]) for one in shown["units"]] == [(1, FACTORY)]
    await factory.replies(await factory.sees("新订单", anywhere=True), "YT8800000000001")
    await factory.sees("已发货", anywhere=True)
    await told(market, order["id"], ["YT8800000000001"])
    text = await card_of(merchant, order["id"], "✅ 已回传")
    assert "✅ 已分配到平台" in text


async def test_what_another_factory_has_there_is_said_and_tried_again(market: Market) -> None:
    merchant = market.company.merchant
    await links(market)
    await factory_links(market)
    await known(market)
    await market.operator.post("bindings", merchant=MERCHANT, factory=OTHER_FACTORY, status=2)
    order = await market.operator.order()
    unit = order["units"][0]["id"]
    await market.operator.post("assign", unit=unit, factory=OTHER_FACTORY)
    await arrived(market, order["id"])
    await merchant.sends(f"/assign {order['id']} {market.company.factory_number}")
    alert = await merchant.sees("没有同步分配", anywhere=True)
    assert "平台上已分配给别的厂家" in alert.text
    assert "❌ 未分配到平台" in await card_of(merchant, order["id"], "❌ 未分配到平台")
