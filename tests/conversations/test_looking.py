"""查看收件信息: seen by who must ship, in private, ready to copy, recorded, and gone in time."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.keyboards.data import Peek
from bot.screens.looking import placeholder
from bot.sweeper import Sweeper
from bot.texts import translator
from core.entities import Member
from core.ids import key
from core.ports import Store
from playground.seen import M
from storage.store import SqlStore
from tests.cast import CHEN_XIN, LIN_XIAOMAN, WANG_DALI, Row, order_no, playing, replace
from tests.conftest import Company
from tests.conversations.at_work import assigned, card_in, group, imports, tag_of
from tests.conversations.helping import joins

NAME, PHONE, STREET = "张三丰", "13912345678", "稠江街道示例路 1 号"
SHOP = 2  # 大力日用百货厂 opens second


async def looks(company: Company) -> int:
    """Return how many looks the audit holds."""
    history = await company.stage.read(lambda store: store.history(1))
    return sum(row.act == "looked" for row in history)


def holds_recipient(messages: list[M]) -> bool:
    return any(PHONE in str(m.raw) or STREET in str(m.raw) for m in messages)


async def test_the_recipient_comes_protected_and_with_buttons_to_copy_it(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    assert not holds_recipient(await company.factory.chat())
    await company.factory.taps("查看收件信息", card)
    shown = await company.factory.sees(PHONE)
    assert NAME in shown.text
    assert STREET in shown.text
    assert "5 分钟" in shown.text
    assert shown.protected
    for label, value in (("姓名", NAME), ("电话", PHONE)):
        assert (await company.factory.taps(label, shown)).copied == value
    everything = (await company.factory.taps("复制全部", shown)).copied or ""
    assert NAME in everything
    assert PHONE in everything
    assert STREET in everything
    assert await looks(company) == 1


async def test_after_five_minutes_it_is_gone(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("查看收件信息", card)
    sweeper = Sweeper(company.stage.running.house, company.stage.running.bot)
    company.stage.clock.ahead = timedelta(minutes=4)
    await sweeper.sweep()
    assert holds_recipient(await company.factory.chat())
    company.stage.clock.ahead = timedelta(minutes=5, seconds=1)
    await sweeper.sweep()
    assert not holds_recipient(await company.factory.chat())


async def test_the_merchant_cannot_recall_what_the_factory_has_looked_at(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("查看收件信息", card)
    await company.merchant.sends(f"/orders {order_no(1)}")
    assert "↩️ 申请撤回" in company.merchant.last.labels


async def test_of_a_shipped_order_nobody_looks_any_more(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, "SF1234567890123")
    answer = await company.factory.forges(Peek(shop=SHOP, assignment=1).pack(), card)
    assert answer.show_alert
    assert "SF1234567890123" in answer.text
    assert not holds_recipient(await company.factory.chat())
    assert await looks(company) == 0


async def test_of_a_stopped_order_nobody_looks(company: Company) -> None:
    row = Row(order_no(1))
    [card] = await assigned(company, row)
    await imports(company, replace(row, after_sale="退款中"))
    answer = await company.factory.taps("查看收件信息", card)
    assert answer.show_alert
    assert "退款" in answer.text
    [now] = [m for m in await company.factory.chat() if m.message_id == card.message_id]
    assert "停止发货" in now.text
    assert not holds_recipient(await company.factory.chat())


async def test_a_stranger_sees_nothing_whichever_shop_they_claim(company: Company) -> None:
    await assigned(company, Row(order_no(1)))
    await company.other_factory.sends("/start")
    await company.merchant.sends("/start")
    for stranger in (company.other_factory, company.merchant):
        for shop in (1, 2, 3):
            pressed = Peek(shop=shop, assignment=1).pack()
            answer = await stranger.forges(pressed, stranger.last)
            assert answer.show_alert
        assert not holds_recipient([m for m in await stranger.chat() if m.from_bot])
    assert await looks(company) == 0


async def test_the_quota_ends_looking_for_today_but_not_at_what_was_seen(tmp_path: Path) -> None:
    """`max(1, 2 × open orders)` here: four were open, three are declined after a look."""
    async with playing(tmp_path, peek_quota_floor=1) as stage:
        merchant, factory = stage.phone(LIN_XIAOMAN), stage.phone(WANG_DALI)
        await stage.opens_shop(merchant, "商家", "小满优选")
        number = await stage.opens_shop(factory, "厂家", "大力日用百货厂")
        await stage.binds(merchant, factory, number)
        company = Company(stage, merchant, factory, factory, factory, "", number, "")
        cards = await assigned(company, *(Row(order_no(n)) for n in range(1, 5)))
        for card in cards[:3]:
            await factory.taps("查看收件信息", card)
            await factory.sees(PHONE)
        assert "今天还可以查看 5 单" in factory.last.text
        await factory.taps("查看收件信息", cards[0])
        assert "今天还可以查看 5 单" in factory.last.text
        for card in cards[:3]:
            await factory.taps("拒单", card)
            await factory.taps("缺货", await factory.sees("请选择原因", anywhere=True))
        answer = await factory.taps("查看收件信息", cards[3])
        assert answer.show_alert
        assert "2" in answer.text


async def test_in_a_group_the_recipient_goes_to_the_presser_alone(company: Company) -> None:
    await assigned(company, Row(order_no(1)))
    chat = await group(company, company.other_factory)
    card = await card_in(company, chat)
    answer = await company.factory.taps("查看收件信息", card, chat_id=chat)
    assert "私聊" in answer.text
    assert holds_recipient(await company.factory.chat())
    assert not holds_recipient(await company.factory.chat(chat))
    answer = await company.other_factory.taps("查看收件信息", card, chat_id=chat)
    assert answer.show_alert
    assert not holds_recipient(await company.other_factory.chat())


async def test_who_never_opened_the_bot_is_told_to_and_nothing_is_recorded(
    company: Company,
) -> None:
    await assigned(company, Row(order_no(1)))
    newcomer = company.newcomer
    chat = await group(company, newcomer)
    await newcomer.sends("/help", chat_id=chat)

    def join(store: Store) -> None:
        account = store.accounts.by_telegram(newcomer.person_id)
        assert account is not None
        assert isinstance(store, SqlStore)
        store.session.add(
            Member(shop_id=SHOP, account_id=key(account), rank="staff", joined_at=store.now)
        )

    await company.stage.running.house.database.write(join)
    card = await card_in(company, chat)
    await newcomer.taps("查看收件信息", card, chat_id=chat)
    said = newcomer.last_in[chat]
    assert "私聊" in said.text
    link = await newcomer.taps("打开私聊", said, chat_id=chat)
    assert link.url == "https://t.me/daifa_bot"
    assert not holds_recipient(await newcomer.chat(chat))
    assert await looks(company) == 0


async def test_a_colleague_may_look_too_and_both_looks_are_recorded(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    colleague = await joins(company.stage, CHEN_XIN, company.factory_number)
    await company.factory.taps("查看收件信息", card)
    await colleague.sends("/orders")
    await colleague.taps("陶瓷马克杯")
    await colleague.taps("查看收件信息")
    await colleague.sees(PHONE)
    assert await looks(company) == 2


async def test_a_press_that_comes_again_shows_no_second_recipient(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("查看收件信息", card)
    update = company.factory.update_id
    stage = company.stage
    await stage.client.post(f"{stage.address}/api/updates/{update}/repeat")
    await stage.client.get(f"{stage.address}/api/updates/{update}?wait=5")
    shown = [m for m in await company.factory.chat() if PHONE in m.text]
    assert len(shown) == 1
    assert await looks(company) == 1


async def test_a_placeholder_is_taken_away_when_the_order_stopped_meanwhile(
    company: Company,
) -> None:
    """Between being allowed and being recorded the order may ship: then nothing stays behind."""
    [card] = await assigned(company, Row(order_no(1)))
    stage = company.stage
    fault = {"method": "sendMessage", "kind": "latency", "seconds": 1.0, "times": 1}
    await stage.client.post(f"{stage.address}/api/faults", json={"faults": [fault]})

    def stop(store: Store) -> None:
        store.orders.of(1).after_sale = "open"

    pressing = asyncio.create_task(company.factory.taps("查看收件信息", card))
    async with asyncio.timeout(10):
        while (await stage.client.get(f"{stage.address}/api/faults")).json()["faults"]:
            continue
    await stage.running.house.database.write(stop)
    answer = await pressing
    assert "退款" in answer.text
    assert not any("正在打开" in m.text for m in await company.factory.chat())
    assert await looks(company) == 0


async def test_less_than_a_minute_is_said_in_seconds(tmp_path: Path) -> None:
    async with playing(tmp_path, vanish_after_seconds=45) as stage:
        merchant, factory = stage.phone(LIN_XIAOMAN), stage.phone(WANG_DALI)
        await stage.opens_shop(merchant, "商家", "小满优选")
        number = await stage.opens_shop(factory, "厂家", "大力日用百货厂")
        await stage.binds(merchant, factory, number)
        company = Company(stage, merchant, factory, factory, factory, "", number, "")
        [card] = await assigned(company, Row(order_no(1)))
        await factory.taps("查看收件信息", card)
        shown = await factory.sees(PHONE)
        assert "45 秒后" in shown.text
        assert "分钟" not in shown.text


async def test_a_placeholder_left_behind_says_what_to_do(company: Company) -> None:
    """Should the work stop between it and the look, the placeholder is all there is."""
    held = placeholder(translator("zh_CN"), protect=True)
    assert "请再点一次「查看收件信息」" in held.text
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("查看收件信息", card)
    assert holds_recipient(await company.factory.chat())
    assert not any("正在打开" in m.text for m in await company.factory.chat())


async def test_a_new_address_asks_to_look_again(company: Company) -> None:
    row = Row(order_no(1))
    await assigned(company, row)
    await imports(company, replace(row, address="稠江街道示例路 2 号"))
    news = await company.factory.sees("有变更", anywhere=True)
    assert "请重新点「查看收件信息」，旧地址作废。" in news.text


async def test_a_refund_withdrawn_says_to_go_on(company: Company) -> None:
    row = Row(order_no(1))
    [card] = await assigned(company, row)
    await imports(company, replace(row, after_sale="退款中"))
    await company.factory.sees("停止发货", anywhere=True)
    await imports(company, row)
    await company.factory.sees("退款申请中 → 无", anywhere=True)
    await company.factory.sends(f"/orders {tag_of(card)}")
    assert "退款已取消，可以继续发货。" in company.factory.last.text
