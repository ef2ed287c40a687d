"""A change is told as what differs, seen by somebody by name, and shouted where it comes late."""

import asyncio

from core.changes.order_news import OrderNews
from core.values import Actor
from playground.seen import M
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports
from tests.stories.test_time import passes

NUMBER = "SF1234567890123"
ONE = order_no(1)


async def card_now(company: Company, card: M) -> M:
    """Return a message of the factory's chat as it stands now."""
    chat = await company.factory.chat()
    return next(one for one in chat if one.message_id == card.message_id)


async def redrawn(company: Company, card: M, text: str) -> None:
    """Return when a message of the factory's chat says `text`: it is edited after the alert."""
    async with asyncio.timeout(10):
        while text not in (await card_now(company, card)).text:
            continue


async def holds(company: Company, *, held: bool) -> None:
    """The merchant holds its first order, or lets it go on, as 修改 does."""

    def work(store: object) -> object:
        services = company.stage.running.house.services
        order = store.orders.of(1)  # type: ignore[attr-defined]
        shop = store.shops.of(order.merchant_id)  # type: ignore[attr-defined]
        owner = store.shops.everybody(shop.id)[0]  # type: ignore[attr-defined]
        news = [OrderNews(1, held=held)]
        return services.changing.change(store, Actor(owner, shop.id), news)  # type: ignore[arg-type]

    await company.stage.running.house.database.write(work)
    company.stage.running.house.owed.set()


async def test_the_factory_s_older_card_is_brought_up_to_date_and_the_merchant_sees_who_saw_it(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, buyer_note="周末送"))
    told = await factory.sees("有变更", anywhere=True)
    assert "买家留言：（无） → 周末送" in told.text
    await merchant.sends(f"/orders {ONE}")
    assert "尚未确认" in merchant.last.text
    assert card.message_id != told.message_id
    await redrawn(company, card, "周末送")
    await factory.taps("已知晓", told)
    heard = await merchant.sees("已知晓变更", anywhere=True)
    assert "（王大力）已知晓" in heard.text
    assert "尚未确认" not in heard.text
    # Two things at once are counted; shipped before anybody has pressed 已知晓, it says so.
    await imports(company, Row(ONE, pieces=2, buyer_note="改成工作日送"))
    told = await factory.sees("改成工作日送", anywhere=True)
    await merchant.sends(f"/orders {ONE}")
    assert "1 → 2，另有 1 处 · 大力日用百货厂 尚未确认" in merchant.last.text
    await factory.replies(told, "SF1234567890123")
    shipped = await merchant.sees("已发货：", anywhere=True)
    assert "大力日用百货厂 未确认就已发货" in shipped.text


async def test_many_changes_are_seen_in_one_press_and_the_merchant_hears_of_it_once(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    await assigned(company, Row(ONE))
    rest = range(2, 9)
    await imports(company, *(Row(order_no(n)) for n in rest))
    await merchant.sends(f"/assign {' '.join(map(order_no, rest))} {company.factory_number}")
    await factory.sees("分来 7 单", anywhere=True)
    await imports(company, *(Row(order_no(n), buyer_note="周末送") for n in rest))
    told = await factory.sees("变更了 7 单", anywhere=True)
    await imports(company, Row(ONE, buyer_note="送贺卡"), Row(order_no(2), buyer_note="急"))
    await factory.sees("送贺卡", anywhere=True)
    # What came after the message is not seen by it: of its seven the second has changed again.
    await factory.taps("全部已知晓", told)
    seen = await factory.sees("已知晓 6 单的变更", anywhere=True)
    assert "有变更 · 2 单" in seen.text
    assert "6 单的变更" in (await merchant.sees("大力日用百货厂 已知晓", anywhere=True)).text
    await merchant.sends(f"/orders {order_no(3)}")
    assert "（王大力）已知晓" in merchant.last.text
    await merchant.sends(f"/orders {order_no(2)}")
    assert "尚未确认" in merchant.last.text
    await factory.taps("全部已知晓", seen)
    await factory.sees("已知晓 2 单的变更", anywhere=True)
    await factory.sends("/orders")
    await factory.taps("有变更")
    assert not any("全部已知晓" in one for one in factory.last.labels)


async def test_an_address_that_was_looked_at_already_is_shouted_about(company: Company) -> None:
    factory = company.factory
    [card] = await assigned(company, Row(ONE))
    await factory.taps("查看收件信息", card)
    await factory.sees("稠江街道示例路 1 号")
    await imports(company, Row(ONE, address="新华路 7 号"))
    told = await factory.sees("已查看/打印过旧地址", anywhere=True)
    assert "请作废旧面单" in told.text
    assert "新华路" not in told.text
    await factory.taps("已知晓", told)
    await factory.sends("/orders")
    assert "旧地址" not in (await card_now(company, told)).text


async def test_a_new_address_after_the_parcel_left_is_told_to_both_at_once(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(ONE))
    await company.factory.replies(card, NUMBER)
    await company.factory.sees("✅ 已发货")
    await imports(company, Row(ONE, address="新华路 7 号"))
    told = await company.merchant.sees("包裹已按旧地址寄出", anywhere=True)
    assert NUMBER in told.text or "1 单" in told.text
    theirs = await company.factory.sees("包裹发出后收件地址有变", anywhere=True)
    assert "新华路" not in theirs.text
    await passes(company, minutes=31)
    again = await company.factory.sees("还有 1 单的变更没看", anywhere=True)
    assert "包裹已寄出" in again.text
    assert "打包前" not in again.text


async def test_held_the_factory_stops_and_released_it_ships(company: Company) -> None:
    factory = company.factory
    [card] = await assigned(company, Row(ONE))
    await holds(company, held=True)
    told = await factory.sees("停止发货", anywhere=True)
    assert "商家暂停发货" in told.text
    await factory.replies(card, NUMBER)
    assert "请勿发货" in factory.last.text
    await holds(company, held=False)
    freed = await factory.sees("恢复发货，可以发了", anywhere=True)
    assert "停止发货" not in freed.text
    await factory.replies(card, NUMBER)
    await factory.sees("✅ 已发货")
