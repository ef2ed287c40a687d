"""Time: reminders, a factory that does nothing, what is late, quiet hours; over a moved clock."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from bot.keyboards.data import Nudge, SetQuiet, SetReminder
from core.entities import Alert
from core.text.periods import CHINA as CHINA_TIME
from playground.phone import Phone
from playground.seen import M
from tests.cast import CHEN_XIN, CHINA, Row, export, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, group, imports, tag_of, ticks
from tests.conversations.helping import joins, shop_id

SOON, GONE = "快到发货截止了", "已逾期，请优先发出"
LATE, SILENT = "过了截止时间还没发货", "厂家没动静"


async def passes(company: Company, **by: float) -> None:
    """Let time pass, and the clock look; what is due has been told when this returns.

    What is due before arrives before: on a clock that leaps, it would arrive when it has leapt.
    """
    await all_told(company)
    company.stage.clock.ahead += timedelta(**by)
    await ticks(company)
    await all_told(company)


async def at_noon(company: Company) -> None:
    """Let it be the next noon in China; from then on each shop has its daily digest."""
    clock = company.stage.clock
    here = clock().astimezone(CHINA_TIME)
    clock.ahead += (here.replace(hour=12, minute=0, second=0) - here) % timedelta(days=1)
    house = company.stage.running.house
    await house.database.write(house.services.digests.adopt)
    await ticks(company)
    await all_told(company)


async def all_told(company: Company) -> None:
    """Wait until no alert is due: one that comes while a person acts is taken for the answer."""
    async with asyncio.timeout(10):
        while await company.stage.read(on_its_way):
            continue


def on_its_way(store: Any) -> int | None:
    """Return an alert that is due, if there is any."""
    due = select(Alert.id).where(col(Alert.state) == "owed", col(Alert.due_at) <= store.now)
    found: int | None = store.session.scalars(due).first()
    return found


async def told(phone: Phone, words: str, chat_id: int | None = None) -> list[M]:
    """Return the messages in the chat that say so."""
    return [one for one in await phone.chat(chat_id) if one.from_bot and words in one.text]


async def quiet_now(company: Company, phone: Phone) -> None:
    """Ask for quiet from an hour ago until in three hours, as it is typed."""
    now = datetime.now(UTC) + company.stage.clock.ahead + CHINA
    starts, ends = now - timedelta(hours=1), now + timedelta(hours=3)
    await phone.sends("设置")
    await phone.taps("其他时段")
    await phone.sends(f"{starts:%H:%M} 到 {ends:%H:%M}")
    assert f"本聊天免打扰：{starts:%H:%M}–{ends:%H:%M}" in phone.last.text


async def test_a_factory_is_reminded_in_time_and_both_sides_hear_what_is_late(
    company: Company,
) -> None:
    factory, merchant = company.factory, company.merchant
    rows = [Row(order_no(1), hours=30), Row(order_no(2), hours=31), Row(order_no(3), hours=90)]
    first, second, third = [tag_of(card) for card in await assigned(company, *rows)]
    await passes(company, hours=7.5)
    reminder = await factory.sees(SOON, anywhere=True)
    assert "24 小时内到期：2 单" in reminder.text
    assert first in reminder.text
    assert second in reminder.text
    assert third not in reminder.text
    await factory.taps("待发货", reminder)
    assert "待发货" in factory.last.text
    await passes(company, hours=17.2)
    assert "6 小时内到期：1 单" in (await factory.sees("6 小时内", anywhere=True)).text
    await passes(company, hours=5.6)
    late = await factory.sees("已逾期：1 单", anywhere=True)
    assert "1 小时内到期：1 单" in late.text
    await merchant.sees(LATE, anywhere=True)
    [message] = await told(merchant, LATE)
    assert "大力日用百货厂：1 单" in message.text
    await merchant.taps("逾期订单", message)
    assert "逾期 · 1" in merchant.last.text
    assert any("100001" in label for label in merchant.last.labels)
    await factory.sends("/overdue")
    assert "逾期 · 1" in factory.last.text
    await factory.taps(first)
    assert order_no(1) in factory.last.text
    await company.other_factory.sends("逾期")
    assert "没有逾期订单" in company.other_factory.last.text


async def test_after_a_day_without_the_bot_each_chat_gets_one_message_and_no_second(
    company: Company,
) -> None:
    factory, merchant = company.factory, company.merchant
    await at_noon(company)
    cards = await assigned(company, *(Row(order_no(n), hours=30 + n) for n in range(1, 6)))
    await factory.taps("缺货等待", cards[0])
    await factory.taps("明天")
    await merchant.sees("缺货，需要等待", anywhere=True)
    before = len(await factory.chat()), len(await merchant.chat())
    await passes(company, hours=48)
    summary = await factory.sees("已逾期：5 单", anywhere=True)
    assert "预计今天到货" in summary.text
    assert "昨日日报" in summary.text
    assert "之前有 1 天的日报没有发" in summary.text, summary.text
    summary = await merchant.sees(LATE, anywhere=True)
    for words in (SILENT, "厂家预计今天到货", "昨日日报", "的日报没有发"):
        assert words in summary.text
    await passes(company)
    await passes(company, minutes=1)
    assert (len(await factory.chat()), len(await merchant.chat())) == (before[0] + 1, before[1] + 1)
    await factory.sends("/overdue")
    await merchant.sends("/overdue")
    assert len(await told(factory, GONE)) == 1
    assert not await told(factory, SOON)  # nothing of it is still to come
    assert len(await told(merchant, LATE)) == 1
    assert len(await told(merchant, SILENT)) == 1
    [summary] = await told(factory, GONE)
    await factory.taps("的货已到，继续（1）", summary)
    await factory.sees("已到货，1 单继续", anywhere=True)
    await merchant.sees("已到货，继续发货", anywhere=True)


async def test_a_silent_factory_is_nudged_and_what_it_has_taken_back(company: Company) -> None:
    factory, merchant = company.factory, company.merchant
    tag = tag_of((await assigned(company, Row(order_no(1), hours=90)))[0])
    await passes(company, hours=12.1)
    message = await merchant.sees(SILENT, anywhere=True)
    assert "大力日用百货厂：1 单" in message.text
    await merchant.taps("催一下", message)
    assert "已催 大力日用百货厂（1 单）" in merchant.last.text
    nudge = await factory.sees("小满优选 在等你回话", anywhere=True)
    assert tag in nudge.text
    again = await merchant.taps("催一下", message)
    assert "刚刚催过" in again.text
    assert len(await told(factory, "在等你回话")) == 1
    mine = await shop_id(company.stage, company.merchant_number)
    await company.other_factory.sends("/orders")
    forged = Nudge(shop=mine, binding=1).pack()
    await company.other_factory.forges(forged, company.other_factory.last)
    assert len(await told(factory, "在等你回话")) == 1
    await merchant.taps("撤回", message)
    assert "撤回 1 单" in merchant.last.text
    await merchant.taps("撤回（1）")
    assert "已撤回 1 单" in merchant.last.text
    await factory.sees("撤回", anywhere=True)
    again = await merchant.taps("撤回", message)
    assert "已经动起来了" in again.text


async def test_what_no_factory_has_yet_is_the_merchants_to_be_reminded_of(
    company: Company,
) -> None:
    merchant = company.merchant
    await passes(company)
    await imports(
        company, *(Row(order_no(n), hours=30) for n in (1, 2)), Row(order_no(3), hours=90)
    )
    await passes(company, hours=7)
    reminder = await merchant.sees("还没分配给厂家", anywhere=True)
    assert "24 小时内到期：2 单" in reminder.text
    assert order_no(1)[-6:] in reminder.text
    await merchant.taps("分配", reminder)
    await merchant.sees("待分配")
    await passes(company, hours=24)
    late = await merchant.sees("已逾期：2 单", anywhere=True)
    await merchant.taps("逾期订单", late)
    assert "逾期 · 2" in merchant.last.text
    await merchant.sends(f"/why {order_no(1)}")
    assert "已提醒商家" in (await merchant.sees("历史")).text
    await merchant.sends("设置")
    assert "待分配的订单：截止前 24、6、1 小时提醒" in merchant.last.text
    await merchant.taps("6 小时")
    assert "待分配的订单：截止前 24、1 小时提醒" in merchant.last.text


async def test_a_factory_that_does_not_answer_a_recall_is_asked_again_or_no_more(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    cards = await assigned(company, Row(order_no(1), hours=90), Row(order_no(2), hours=90))
    for card in cards:
        await factory.taps("接单", card)
    for n in (1, 2):
        await merchant.sends(f"/orders {order_no(n)}")
        await merchant.taps("撤回")
    await passes(company, hours=12.1)
    told = await merchant.sees("厂家还没答复", anywhere=True)
    assert "大力日用百货厂：2 单" in told.text
    await merchant.taps("催一下", told)
    await merchant.sees("已再催 大力日用百货厂")
    asked = await factory.sees("还在等你答复撤回申请", anywhere=True)
    await factory.taps(tag_of(cards[0]), asked)
    await factory.taps("已打包")
    await merchant.sees("已打包，拒绝撤回", anywhere=True)
    assert "刚刚催过" in (await merchant.taps("催一下", told)).text
    await merchant.taps("取消撤回申请", told)
    asking = await merchant.sees("申请撤回的 1 单")
    await merchant.taps("取消撤回申请（1）", asking)
    await merchant.sees("继续处理这 1 单")
    assert "已经答复" in (await merchant.taps("取消撤回申请", told)).text


async def test_a_chat_in_its_quiet_hours_hears_a_stop_at_once_and_the_rest_afterwards(
    company: Company,
) -> None:
    factory, merchant = company.factory, company.merchant
    await assigned(company, Row(order_no(1), hours=90), Row(order_no(3), hours=90))
    await quiet_now(company, factory)
    await company.stage.imports(merchant, [Row(order_no(2), hours=90)])
    await company.stage.imports(merchant, [Row(order_no(3), hours=90, status="已关闭")])
    await factory.sees("已取消", anywhere=True)
    await merchant.sends(f"/assign {order_no(2)} {company.factory_number}")
    await merchant.sends(f"/orders {order_no(1)}")
    await merchant.taps("撤回")
    await factory.sees("请勿发货", anywhere=True)
    assert not await told(factory, order_no(2))
    await passes(company, hours=2)
    await factory.sends("/overdue")
    assert not await told(factory, order_no(2))
    await passes(company, hours=1.1)
    assert "新订单" in (await factory.sees(order_no(2), anywhere=True)).text


async def test_a_change_in_quiet_hours_is_told_at_their_end_before_it_is_called_unseen(
    company: Company,
) -> None:
    factory, merchant = company.factory, company.merchant
    [card] = await assigned(company, Row(order_no(1), hours=90))
    await quiet_now(company, factory)
    await imports(company, Row(order_no(2), hours=90))
    await merchant.sends(f"/assign {order_no(2)} {company.factory_number}")
    await imports(company, Row(order_no(1), hours=90, buyer_note="要红色"))
    await imports(company, Row(order_no(2), hours=90, status="已关闭"))
    await factory.sees("已取消", anywhere=True)
    await passes(company, minutes=61)
    await factory.sees("有 1 单已停止发货", anywhere=True)  # what must not ship does not wait
    assert not await told(factory, "要红色")
    await passes(company, minutes=31)  # the stop was told, so that it goes unseen is
    ignored = await merchant.sees("厂家一直没看的停发通知", anywhere=True)
    assert order_no(2)[-6:] in ignored.text
    assert order_no(1)[-6:] not in ignored.text
    await passes(company, minutes=89)
    await factory.sees("要红色", anywhere=True)
    await passes(company, minutes=31)
    repeated = await factory.sees(f"还有 1 单的变更没看\n{tag_of(card)}", anywhere=True)
    [change] = [one for one in await told(factory, "要红色") if "有变更" in one.text]
    assert change.message_id < repeated.message_id
    assert not await told(merchant, "厂家一直没看的变更")
    stopped = await told(factory, "有 1 单已停止发货")
    assert len(stopped) == 1, "the stop was repeated as a stop, not as a change to look at"
    await passes(company, minutes=31)
    await merchant.sees(f"1 单（…{order_no(1)[-6:]}）", anywhere=True)
    # What was stopped before it was told of as a new order is told once.
    assert len([one for one in await told(factory, order_no(2)) if "已取消" in one.text]) == 1


async def test_ending_quiet_hours_lets_go_what_waited(company: Company) -> None:
    factory, merchant = company.factory, company.merchant
    await quiet_now(company, factory)
    await company.stage.imports(merchant, [Row(order_no(1), hours=90)])
    await merchant.sends(f"/assign {order_no(1)} {company.factory_number}")
    await factory.sends("设置")
    assert not await told(factory, order_no(1))
    await factory.taps("🌙 关闭")
    await factory.sees("免打扰：未开启", anywhere=True)
    company.stage.running.house.owed.set()
    await factory.sees(order_no(1), anywhere=True)


async def test_hours_that_cannot_be_read_are_asked_for_again(company: Company) -> None:
    await company.factory.sends("/settings")
    await company.factory.taps("其他时段")
    await company.factory.sends("晚上别吵")
    assert "没能从“晚上别吵”里读出两个时间" in company.factory.last.text
    await company.factory.sends("晚上9点半到次日7点")
    assert "本聊天免打扰：21:30–07:00" in company.factory.last.text


async def test_settings_are_the_owners_and_of_the_role(company: Company) -> None:
    factory, merchant = company.factory, company.merchant
    await factory.sends("/shop")
    await factory.taps("设置")
    assert "截止前 24、6、1 小时" in factory.last.text
    await factory.taps("⏰ 24 小时")
    assert "24" not in factory.last.text
    await factory.taps("⏰ 12 小时")
    assert "✅ ⏰ 12 小时" in factory.last.labels
    await assigned(company, Row(order_no(1), hours=30))
    await passes(company, hours=7)
    await factory.taps("⏰ 3 小时")
    assert not await told(factory, SOON)
    await passes(company, hours=11.5)
    assert "12 小时内到期：1 单" in (await factory.sees(SOON, anywhere=True)).text
    await merchant.sends("设置")
    await merchant.sees("撤回申请：12 小时后告诉我", anywhere=True)
    await merchant.taps("🔕 6 小时")
    await merchant.taps("👀 60 分钟")
    await merchant.sees("撤回申请：6 小时后告诉我", anywhere=True)
    await merchant.sees("60 分钟后再提醒厂家", anywhere=True)
    await merchant.taps("🔕 不提醒")
    await merchant.sees("撤回申请：不提醒我", anywhere=True)
    packer = await joins(company.stage, CHEN_XIN, company.factory_number)
    await packer.sends("设置")
    assert "以上由店主来改" in packer.last.text
    assert not any("⏰" in label for label in packer.last.labels)
    mine = await shop_id(company.stage, company.factory_number)
    refused = await packer.forges(SetReminder(shop=mine, hours=24, on=1).pack(), packer.last)
    assert "只有店主" in refused.text
    await factory.sends("设置")
    refused = await factory.forges(SetReminder(shop=mine, hours=23, on=1).pack(), factory.last)
    assert "请重新打开 /settings" in refused.text


async def test_a_groups_quiet_hours_are_its_own_shops(company: Company) -> None:
    factory, other = company.factory, company.other_factory
    chat = await group(company, other)
    await factory.sends("/settings", chat_id=chat)
    assert "接收通知的群" in factory.last_in[chat].text
    await factory.sends("/here", chat_id=chat)
    await factory.sends("/settings", chat_id=chat)
    await factory.taps("23:00–07:00", factory.last_in[chat], chat_id=chat)
    assert "本聊天免打扰：23:00–07:00" in factory.last_in[chat].text
    theirs = await shop_id(company.stage, company.other_number)
    pressed = SetQuiet(shop=theirs, starts=0, ends=0).pack()
    await other.forges(pressed, factory.last_in[chat])
    kept = await company.stage.read(lambda store: store.clock.quiet_of(chat))
    assert kept is not None


async def test_the_clock_speaks_english_too(company: Company) -> None:
    factory, merchant = company.factory, company.merchant
    for phone in (factory, merchant):
        await phone.sends("/lang")
        await phone.taps("English")
    await company.merchant.sends("/settings")
    assert "Settings" in merchant.last.text
    assert "after 12 h" in merchant.last.text
    await merchant.uploads("orders.xlsx", export([Row(order_no(1), hours=20)]))
    await merchant.sees("Nothing is kept until")
    await merchant.taps("Import")
    await merchant.sends(f"/assign {order_no(1)} {company.factory_number}")
    await factory.sees(order_no(1), anywhere=True)
    await passes(company, hours=21)
    assert "late: 1 order" in (await factory.sees("Past the deadline", anywhere=True)).text
    message = await merchant.sees("Not shipped by the deadline", anywhere=True)
    assert "Nothing done yet" in message.text
