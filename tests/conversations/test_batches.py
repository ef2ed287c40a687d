"""A factory's batch in chat: the digest with its packing list, ticks, answers to many at once."""

import asyncio
import io
import re
from collections import Counter
from typing import Any, TypeVar

from aiogram.filters.callback_data import CallbackData
from python_calamine import CalamineWorkbook
from sqlmodel import select

from bot.handlers.answering_job import answer_doers
from bot.handlers.batches_job import batch_doers
from bot.keyboards.data import AcceptMany, ConfirmAssign
from core.entities import Alert, AssignDraft, Assignment, Job
from core.ids import key
from playground.phone import Phone
from playground.seen import M
from tests.cast import Row, Stage, order_no
from tests.conftest import Company
from tests.conversations.at_work import group
from tests.conversations.helping import shop_id

E = TypeVar("E")


async def given(company: Company, n: int, *, first: int = 1) -> M:
    """Import and assign so many orders at once; returns the factory's digest."""
    rows = [
        Row(order_no(one), pieces=2, product="陶瓷马克杯" if one % 3 else "双层玻璃杯",
            hours=20 + one, buyer_note="送贺卡" if one == first else "-")
        for one in range(first, first + n)
    ]  # fmt: skip
    await company.stage.imports(company.merchant, rows)
    await company.merchant.sends("/assign")
    await company.merchant.taps("全部")
    await company.merchant.taps("确认分配")
    await company.merchant.sees("已分配给")
    return await company.factory.sees(f"分来 {n} 单")


def rows_of(content: bytes) -> list[list[str]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()]


async def test_a_batch_comes_as_one_message_with_its_packing_list_and_is_answered_in_one_tap(
    company: Company,
) -> None:
    digest = await given(company, 9)
    factory = company.factory
    assert "待接单 9" in digest.text
    assert "待发 18 件" in digest.text
    assert "陶瓷马克杯 奶白色 MUG-01 × 12" in digest.text
    assert "张" not in digest.text
    sheet = rows_of(await factory.downloads(digest))
    assert sheet[0] == [
        "短号", "订单号", "商品", "规格", "编码", "数量", "备注", "发货截止", "快递公司",
        "快递单号",
    ]  # fmt: skip
    assert [row[1] for row in sheet[1:]] == [order_no(n) for n in range(1, 10)]
    assert sheet[1][2:7] == ["陶瓷马克杯", "奶白色", "MUG-01", "2", "买家留言：送贺卡"]
    assert not any("张三丰" in cell or "1391234" in cell for row in sheet for cell in row)
    await factory.taps("全部接单（9）", digest)
    shown = await factory.sees("已接 9 单")
    # The merchant's own message of the batch follows, without another one.
    follows = await company.merchant.sees("已接单 9", anywhere=True)
    assert "已分配给" in follows.text
    assert shown.message_id == digest.message_id  # the digest itself, as it now stands
    assert "已接单 9" in shown.text
    assert not any("全部接单" in one for one in shown.labels)
    # The merchant is told nothing of it, and can no longer take it back.
    await company.merchant.taps("撤回")
    await company.merchant.taps("确定撤回")
    await company.merchant.sees("9 单撤不回")


async def test_the_list_of_a_batch_is_paged_and_ticks_lead_to_a_decline_with_a_reason(
    company: Company,
) -> None:
    digest = await given(company, 9)
    factory = company.factory
    await factory.taps("明细", digest)
    assert sum("🆕" in one for one in factory.last.labels) == 8
    await factory.taps("下一页")
    assert sum("🆕" in one for one in factory.last.labels) == 1
    await factory.taps("勾选")
    tag = factory.last.labels[1].split()[2]
    await factory.taps(tag)
    assert f"☑ 🆕 {tag}" in " ".join(factory.last.labels)
    await factory.taps(tag)
    assert "已勾选 0 单" in factory.last.text
    await factory.taps("勾选本页")
    assert "已勾选 8 单" in factory.last.text
    await factory.taps("拒单已勾选（8）")
    assert "要拒掉 8 单吗" in factory.last.text
    await factory.taps("其他原因")
    await factory.sends("模具坏了")
    await factory.sees("已拒 8 单")
    told = await company.merchant.sees("拒了 8 单")
    assert "模具坏了" in told.text
    assert order_no(2)[-6:] in told.text
    await factory.taps("返回批次")
    assert "待接单 1 · 已拒单 8" in factory.last.text


async def test_what_is_ticked_waits_for_goods_until_a_day_and_the_merchant_hears_of_it_once(
    company: Company,
) -> None:
    digest = await given(company, 9)
    factory = company.factory
    await factory.taps("勾选", digest)
    await factory.taps("勾选本页")
    await factory.taps("已勾选的缺货等待（8）")
    assert "这 8 单预计哪天到货" in factory.last.text
    await factory.taps("其他日期")
    asked = factory.last
    assert asked.labels
    await factory.sends("尽快吧")
    assert "开头不是日期" in factory.last.text
    await factory.sends("5天 釉料没到")
    await factory.sees("8 单缺货等待，预计", anywhere=True)
    # What was answered can be cancelled no more.
    [question] = [one for one in await factory.chat() if one.message_id == asked.message_id]
    assert question.labels == []
    told = await company.merchant.sees("8 单缺货等待")
    assert "釉料没到" in told.text
    assert order_no(2)[-6:] in told.text
    # The same day once more changes nothing; all of the batch waits from its digest.
    await factory.taps("已勾选的缺货等待（8）")
    await factory.taps("其他日期")
    await factory.sends("5天 釉料没到")
    await factory.sees("都已在等", anywhere=True)
    await factory.taps("返回批次")
    await factory.taps("全部缺货等待")
    await factory.taps("明天")
    await factory.sees("9 单缺货等待，预计", anywhere=True)
    assert "缺货等待 9" in factory.last.text
    await company.merchant.sees("9 单缺货等待")
    # The goods of all of them arrive.
    await factory.taps("已到货，继续（9）")
    await factory.sees("已到货，9 单继续", anywhere=True)
    assert "已接单 9" in factory.last.text
    assert not any("已到货" in label for label in factory.last.labels)
    await company.merchant.sees("的 9 单已到货，继续发货", anywhere=True)
    kinds = [alert.event for alert in await company.stage.read(lambda s: every(s, Alert))]
    assert (kinds.count("OrdersHeld"), kinds.count("OrderHeld")) == (2, 0)
    await factory.taps("全部拒单")
    await factory.taps("缺货")
    await factory.sees("已拒 9 单", anywhere=True)


async def test_what_is_open_is_ticked_from_the_list_too_and_packed_again(company: Company) -> None:
    await given(company, 6)
    factory = company.factory
    await factory.sends("/orders")
    await factory.taps("装箱单")
    again = await factory.sees("6 单，不含收件信息")
    assert len(rows_of(await factory.downloads(again))) == 7
    await factory.sends("/orders")
    await factory.taps("勾选")
    await factory.taps("☐")
    await factory.taps("接单已勾选（1）")
    await factory.sees("已接 1 单")
    assert "已勾选 1 单" in factory.last.text  # ticked still: to be printed
    await factory.taps("全部取消勾选")
    assert "已勾选 0 单" in factory.last.text
    await factory.taps("查看待发货")
    await factory.taps("批次")
    await factory.taps("剩 6/6")
    assert "待接单 5 · 已接单 1" in factory.last.text


async def test_a_batch_taken_back_is_told_once_and_its_digest_says_so(company: Company) -> None:
    digest = await given(company, 6)
    await company.merchant.taps("撤回")
    await company.merchant.taps("确定撤回")
    await company.merchant.sees("已撤回 6 单")
    told = await company.factory.sees("撤回了 6 单，请勿发货")
    assert len(re.findall(r"\b[2-9A-Z]{4}\b", told.text)) == 6
    await company.factory.taps("全部接单", digest)
    shown = await company.factory.sees("没有可接的订单", anywhere=True)
    assert "已撤回 6" in shown.text
    assert "未处理：商家已撤回（6）" in shown.text


async def test_in_a_group_the_reason_for_many_is_a_reply_and_ticks_are_the_pressers_own(
    company: Company,
) -> None:
    await given(company, 6)
    factory, chat = company.factory, await group(company, company.other_factory)
    await factory.sends("/orders", chat_id=chat)
    await factory.taps("勾选", chat_id=chat)
    await factory.taps("勾选本页", chat_id=chat)
    assert "已勾选 6 单" in factory.last_in[chat].text
    list_ = factory.last_in[chat]
    # Somebody else in the group is no member: nothing of the list is theirs to press.
    answer = await company.other_factory.taps("接单已勾选", list_, chat_id=chat)
    assert answer.text
    await factory.taps("缺货等待（6）", list_, chat_id=chat)
    await factory.taps("其他日期", chat_id=chat)
    waits = factory.last_in[chat]
    await factory.replies(waits, "3 天")
    assert "6 单缺货等待" in factory.last_in[chat].text
    await factory.taps("拒单已勾选（6）", factory.last_in[chat], chat_id=chat)
    await factory.taps("其他原因", chat_id=chat)
    asked = factory.last_in[chat]
    assert "拒单原因" in asked.raw["force_reply"]["placeholder"]
    await factory.replies(asked, "机器坏了")
    assert "已拒 6 单" in factory.last_in[chat].text
    await factory.replies(waits, "12 天")
    assert "还没有勾选订单" in factory.last_in[chat].text  # what was declined is ticked no more
    assert "机器坏了" in (await company.merchant.sees("拒了 6 单")).text


async def test_five_orders_keep_a_card_each(company: Company) -> None:
    rows = [Row(order_no(n)) for n in range(1, 6)]
    await company.stage.imports(company.merchant, rows)
    await company.merchant.sends("/assign")
    await company.merchant.taps("全部")
    await company.merchant.taps("确认分配")
    await company.factory.sees("新订单")
    cards = [m for m in await company.factory.chat() if "新订单" in m.text]
    while len(cards) < 5:
        await company.factory.sees("新订单", anywhere=True)
        cards = [m for m in await company.factory.chat() if "新订单" in m.text]
    assert not any("分来" in m.text for m in await company.factory.chat())


async def test_very_many_are_worked_on_beside_and_a_repeated_press_or_job_does_nothing_twice(
    company: Company,
) -> None:
    stage, factory, merchant = company.stage, company.factory, company.merchant
    await stage.imports(merchant, [Row(order_no(n)) for n in range(1, 502)])
    await merchant.sends("/assign")
    await merchant.taps("全部")
    preview = next(m for m in await merchant.chat() if any("确认分配" in one for one in m.labels))
    shops = [await shop_id(stage, no) for no in (company.merchant_number, company.factory_number)]
    draft = max(key(one) for one in await stage.read(lambda store: every(store, AssignDraft)))
    await taps_twice(merchant, ConfirmAssign(shop=shops[0], draft=draft), preview)
    digest = await factory.sees("分来 501 单", 30)
    await merchant.sees("订单 501 单")
    assert any("全部接单（501）" in label for label in digest.labels)
    await taps_twice(factory, AcceptMany(shop=shops[1], of="batch", ref=draft), digest)
    before = (await factory.sees("已接 501 单", 30)).text
    await again(stage)  # as after a crash between the commit and the answer
    shown = await factory.sees("已接 501 单", anywhere=True)
    assert shown.text == before
    await factory.taps("拒单", shown)
    await factory.taps("停产")
    told = await merchant.sees("拒了 501 单", 30)
    assert "停产" in told.text
    assert "已拒 501 单" in (await factory.sees("已拒 501 单", 30)).text
    kinds = Counter([alert.event for alert in await stage.read(lambda s: every(s, Alert))])
    assert (kinds["OrdersAssigned"], kinds["OrdersDeclined"]) == (1, 1)
    states = Counter([one.status for one in await stage.read(lambda s: every(s, Assignment))])
    assert states == {"declined": 501}
    owed = Counter([one.kind for one in await stage.read(lambda store: every(store, Job))])
    assert owed["answer_batch"] == 2  # two presses, one piece of work


async def taps_twice(phone: Phone, decision: CallbackData, message: M) -> None:
    """Tap so fast that the button cannot have gone in between."""
    await asyncio.gather(*(phone.forges(decision.pack(), message) for _ in range(2)))


async def again(stage: Stage) -> None:
    """Do every batch's job once more."""
    house, bot = stage.running.house, stage.running.bot
    doers = {**batch_doers(house, bot), **answer_doers(house, bot)}
    for job in await stage.read(lambda store: every(store, Job)):
        if job.kind in doers:
            await doers[job.kind](job)


def every(store: Any, entity: type[E]) -> list[E]:
    """Return every row of a table."""
    return list(store.session.scalars(select(entity)).all())
