"""A merchant reads how a platform shop goes: how far it is, what was looked at, what needs them."""

from datetime import timedelta
from itertools import count

from core.entities import PlatformLink
from core.platforms.facts import Quarantined
from core.platforms.linking import NAMED
from storage.store import SqlStore
from tests.stories.test_platforms import Market, arrived, links, market

__all__ = ["market"]


async def test_what_the_platform_opens_is_counted_and_its_end_for_today_is_shown(
    market: Market,
) -> None:
    merchant, factory = market.company.merchant, market.company.factory
    await links(market)
    orders = [await market.operator.order() for _ in range(2)]
    for order in orders:
        await arrived(market, order["id"])
    await shows(market, "以前的变动已全部同步")
    assert "解密" not in merchant.last.text
    numbers = " ".join(one["id"] for one in orders)
    await merchant.sends(f"/assign {numbers} {market.company.factory_number}")
    for order in orders:
        card = await factory.sees(order["id"], anywhere=True)
        await factory.taps("收件信息", card)
        await factory.sees(order["recipient"]["name"], anywhere=True)
    await shows(market, "今天已解密查看收件信息 2 次")
    await market.operator.fault("quota")
    refused = await factory.taps("收件信息", card)
    assert "平台今天的解密额度已用完，明天恢复" in (refused.text or "")
    await shows(market, "今天的收件信息解密额度已用完（共查看 2 次），明天恢复")
    market.stage.clock.ahead += timedelta(days=1)
    await shows(market, "以前的变动")
    assert "解密" not in merchant.last.text


async def test_what_is_late_or_needs_a_person_is_said_in_plain_words(market: Market) -> None:
    merchant = market.company.merchant
    await links(market)
    await shows(market, "以前的变动已全部同步")
    numbered = count(6_950_000_000_000_100_000)
    aside = [Quarantined(str(next(numbered)), "pay_time", "missing") for _ in range(NAMED + 1)]

    def stands(store: SqlStore) -> None:
        [link] = store.platforms.own(1)
        store.platforms.set_aside(link.id or 0, aside, [])
        unwell(store, link)

    await market.stage.running.database.write(stands)
    await shows(market, "起同步不上：平台限流")
    said = merchant.last.text
    assert "自动再试" in said
    assert "比平台慢 3 小时" in said
    assert "读不懂、没有进来的订单" in said
    assert said.count("（pay_time）") == NAMED
    assert "还有更多" in said
    await market.stage.running.database.write(lambda store: store.platforms.release())


def unwell(store: SqlStore, link: PlatformLink) -> None:
    """Nothing has come in for three hours: the platform wants us to be slower."""
    link.synced_to = store.now - timedelta(hours=3, minutes=1)
    link.failing_since = store.now - timedelta(minutes=9)
    link.why, link.due_at = "throttled", store.now + timedelta(minutes=9)


async def shows(market: Market, text: str) -> None:
    """The card of the shop, drawn anew until it says that."""
    merchant = market.company.merchant

    async def says() -> bool:
        await merchant.sends("/platform")
        await merchant.taps("🛒 抖店")
        return text in merchant.last.text

    await market.bell.until(says)
