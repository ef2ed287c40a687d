"""The factory answers: it declines, waits for goods, is asked back; both sides ask each other."""

from datetime import timedelta

from bot.keyboards.data import (
    AgreeHold,
    AnswerQuestion,
    AnswerRecall,
    AskBatchBack,
    AskQuestion,
    Hold,
    Reassign,
    TakeNumber,
)
from playground.seen import M
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports, tag_of, ticks
from tests.conversations.helping import shop_id
from tests.conversations.test_scanning import sends_photo, shot


async def status(company: Company, assignment_id: int = 1) -> str:
    return await company.stage.read(lambda store: store.assignments.of(assignment_id).status)


async def bind_the_other(company: Company) -> None:
    await company.stage.binds(company.merchant, company.other_factory, company.other_number)


async def order_card(company: Company, number: int = 1) -> M:
    await company.merchant.sends(f"/orders {order_no(number)}")
    return company.merchant.last


async def test_a_declined_order_goes_to_another_factory_in_two_taps(company: Company) -> None:
    await bind_the_other(company)
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("拒单", card)
    await company.factory.taps("停产")
    news = await company.merchant.sees("拒单：")
    await company.merchant.sends("待分配")
    assert any("❌" in one for one in company.merchant.last.labels)
    # The one that declined is passed over: the other is meant.
    await company.merchant.taps("改派", news)
    assert "敏记食品厂" in (await company.merchant.sees("分配给")).text
    await company.merchant.taps("确认分配")
    await company.other_factory.sees(order_no(1), anywhere=True)
    assert [await status(company, n) for n in (1, 2)] == ["declined", "assigned"]
    # Whoever asks about it by an old button hears why there is nobody to ask.
    for phone, number, words in (
        (company.factory, company.factory_number, "这单已不归你发（已拒单），不用再问了"),
        (company.merchant, company.merchant_number, "这单已不在这家厂家手里（已拒单），没法问它了"),
    ):
        asks = AskQuestion(shop=await shop_id(company.stage, number), assignment=1)
        assert words in (await phone.forges(asks.pack(), phone.last)).text


async def test_only_the_factory_that_declined_is_bound_and_says_so(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("拒单", card)
    await company.factory.taps("价格")
    await company.merchant.taps("改派", await company.merchant.sees("拒单："))
    assert "大力日用百货厂 · 未能发货" in company.merchant.last.labels


async def test_a_declined_batch_is_reassigned_at_once(company: Company) -> None:
    await bind_the_other(company)
    digest = await _batch(company)
    await company.factory.taps("全部拒单", digest)
    await company.factory.taps("缺货")
    news = await company.merchant.sees("拒了 7 单")
    await company.merchant.taps("改派", news)
    assert "敏记食品厂" in company.merchant.last.text
    await company.merchant.taps("确认分配（7 单）")
    await company.other_factory.sees("分来 7 单")
    # Pressed again, nothing is left of it to hand out.
    answer = await company.merchant.taps("改派", news)
    assert "现在都不能分配" in answer.text
    forged = Reassign(shop=await shop_id(company.stage, company.other_number), draft=1).pack()
    answer = await company.other_factory.forges(forged, company.other_factory.last)
    assert "商家" in answer.text


async def _batch(company: Company) -> M:
    await imports(company, *(Row(order_no(n)) for n in range(1, 8)))
    numbers = " ".join(order_no(n) for n in range(1, 8))
    await company.merchant.sends(f"/assign {numbers} {company.factory_number}")
    return await company.factory.sees("分来 7 单", anywhere=True)


async def test_waiting_for_goods_is_told_agreed_to_reminded_and_ended(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(order_no(1)))
    await factory.taps("缺货等待", card)
    await factory.taps("3 天后")
    assert "缺货等待，预计" in factory.last.text
    assert "晚于发货截止日" in factory.last.text
    news = await merchant.sees("缺货，需要等待", anywhere=True)
    await merchant.taps("同意等待", news)
    assert "你已同意等待" in merchant.last.text
    assert "↩️ 撤回改派" in merchant.last.labels
    await factory.sees("商家同意等待", anywhere=True)
    await merchant.sends("待发货")
    assert any("⏳ 等到" in one for one in merchant.last.labels)
    await factory.sends("待发货")
    assert any("⏳ 等到" in one for one in factory.last.labels)
    company.stage.clock.ahead += timedelta(days=4)
    await ticks(company)
    await factory.sees("预计今天到货", anywhere=True)
    await merchant.sees("预计今天到货", anywhere=True)
    await factory.taps("已到货，继续")
    await merchant.sees("已到货，继续发货", anywhere=True)
    assert await status(company) == "accepted"


async def test_a_typed_day_with_its_reason_and_one_that_will_not_do(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("缺货等待", card)
    await company.factory.taps("其他日期")
    await company.factory.sends("尽快吧")
    assert "开头不是日期" in company.factory.last.text
    await company.factory.sends("5天 釉料没到")
    assert "釉料没到" in company.factory.last.text
    assert "釉料没到" in (await company.merchant.sees("缺货，需要等待", anywhere=True)).text
    assert await status(company) == "held"
    await company.merchant.taps("撤回改派")
    assert "已撤回" in company.merchant.last.text
    await company.factory.sees("商家已撤回", anywhere=True)
    assert await status(company) == "recalled"


async def test_a_held_order_ships_by_a_reply_and_buttons_that_come_late_say_so(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("缺货等待", card)
    await company.factory.taps("明天")
    held = company.factory.last
    await company.factory.replies(held, "SF1234567890123")
    assert await status(company) == "shipped"
    shop = await shop_id(company.stage, company.factory_number)
    answer = await company.factory.forges(Hold(shop=shop, assignment=1, days=2).pack(), held)
    assert "已经发货" in answer.text
    mine = await shop_id(company.stage, company.other_number)
    forged = Hold(shop=mine, assignment=1, days=2).pack()
    await company.other_factory.sends("/orders")
    answer = await company.other_factory.forges(forged, company.other_factory.last)
    assert "没有" in answer.text
    await company.newcomer.sends("/start")
    forged = AgreeHold(shop=1, assignment=1).pack()
    answer = await company.newcomer.forges(forged, company.newcomer.last)
    assert "没有" in answer.text


async def test_what_is_accepted_is_asked_for_and_given_back(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(order_no(1)))
    await factory.taps("接单", card)
    await merchant.taps("申请撤回", await order_card(company))
    assert "已向厂家申请撤回" in merchant.last.text
    assert "取消撤回申请" in merchant.last.labels
    asked = await factory.sees("商家申请撤回", anywhere=True)
    await factory.taps("同意撤回", asked)
    news = await merchant.sees("同意撤回", anywhere=True)
    assert any("分配" in one for one in news.labels)
    assert await status(company) == "recalled"
    answer = await factory.forges(
        AnswerRecall(shop=await shop_id(company.stage, company.factory_number), assignment=1,
                     agree=0).pack(), factory.last,
    )  # fmt: skip
    assert "撤回" in answer.text


async def test_what_is_packed_is_kept_and_an_ask_can_be_withdrawn(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(order_no(1)))
    await factory.taps("接单", card)
    await merchant.taps("申请撤回", await order_card(company))
    await factory.taps("已打包", await factory.sees("申请撤回", anywhere=True))
    await merchant.sees("已打包，拒绝撤回", anywhere=True)
    assert await status(company) == "accepted"
    await merchant.taps("申请撤回", await order_card(company))
    await merchant.taps("取消撤回申请")
    await factory.sees("已取消撤回申请", anywhere=True)
    assert await status(company) == "accepted"


async def test_an_order_cancelled_while_it_is_asked_for_is_stopped(company: Company) -> None:
    row = Row(order_no(1))
    [card] = await assigned(company, row)
    await company.factory.taps("接单", card)
    await company.merchant.taps("申请撤回", await order_card(company))
    asked = await company.factory.sees("申请撤回", anywhere=True)
    await imports(company, Row(order_no(1), status="已关闭"))
    await company.factory.sees("停止发货", anywhere=True)
    agrees = AnswerRecall(
        shop=await shop_id(company.stage, company.factory_number), assignment=1, agree=1
    )
    answer = await company.factory.forges(agrees.pack(), asked)
    assert "已取消" in answer.text
    assert await status(company) == "cancelled"


async def test_a_batch_is_asked_for_in_one_message(company: Company) -> None:
    digest = await _batch(company)
    await company.factory.taps("全部接单", digest)
    await company.merchant.taps("撤回")
    await company.merchant.taps("确定撤回")
    await company.merchant.taps("申请撤回（7）")
    assert "已申请撤回 7 单" in company.merchant.last.text
    await company.factory.sees("申请撤回 7 单", anywhere=True)
    # Not asked for after all, then asked for again: the factory hears of each once.
    await company.merchant.taps("取消全部申请（7）")
    assert "已取消 7 单的撤回申请" in company.merchant.last.text
    goes_on = await company.factory.sees("取消了 7 单的撤回申请", anywhere=True)
    assert [await status(company, n) for n in range(1, 8)] == ["accepted"] * 7
    card = await order_card(company)
    await company.merchant.taps("申请撤回", card)
    await company.merchant.sends("/orders")
    await company.factory.sees("商家申请撤回", anywhere=True)
    await company.factory.taps("查看这批", goes_on)
    shown = await company.factory.sees("已接单 6", anywhere=True)
    assert "↩️ 全部同意撤回（1）" in shown.labels
    await company.factory.taps("都已打包", shown)
    await company.factory.sees("已拒绝撤回 1 单", anywhere=True)
    batch = await company.stage.read(lambda store: store.assignments.of(1).draft_id or 0)
    again = AskBatchBack(shop=await shop_id(company.stage, company.merchant_number), draft=batch)
    await company.merchant.forges(again.pack(), company.merchant.last)
    await company.merchant.sees("已申请撤回 7 单", anywhere=True)
    asked = await company.factory.sees("申请撤回 7 单")
    await company.factory.taps("全部同意撤回", asked)
    await company.factory.sees("已同意撤回 7 单", anywhere=True)
    news = await company.merchant.sees("同意撤回 7 单", anywhere=True)
    assert "🔁 改派" in news.labels


async def test_a_question_and_its_answer_travel_between_the_two_cards(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(order_no(1)))
    await factory.taps("问商家", card)
    await factory.sends("杯子要印字吗？")
    assert "已发出" in factory.last.text
    asked = await merchant.sees("杯子要印字吗？", anywhere=True)
    assert order_no(1) in asked.text
    await merchant.replies(asked, "要，印“福”字")
    assert "已回复" in merchant.last.text
    news = await factory.sees("对方已回复", anywhere=True)
    assert "印“福”字" in news.text
    assert "我方回复：要，印“福”字" in (await order_card(company)).text
    await factory.sends(f"/orders {tag_of(card)}")
    assert "我方提问" in factory.last.text
    assert "印“福”字" in factory.last.text
    again = AnswerQuestion(shop=await shop_id(company.stage, company.merchant_number), question=1)
    answer = await merchant.forges(again.pack(), merchant.last)
    assert "已有人回复" in answer.text


async def test_the_merchant_asks_by_a_button_and_the_factory_answers_by_one(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    await assigned(company, Row(order_no(1)))
    await merchant.taps("问厂家", await order_card(company))
    await merchant.sends("长" * 301)
    assert "300" in merchant.last.text
    await merchant.sends("什么时候能发？<b>急</b>")
    asked = await factory.sees("什么时候能发？<b>急</b>", anywhere=True)
    await factory.taps("回复", asked)
    await factory.sends("明天上午")
    assert "明天上午" in (await merchant.sees("对方已回复", anywhere=True)).text
    # Another shop sees none of it.
    other = await shop_id(company.stage, company.other_number)
    await company.other_factory.sends("/orders")
    last = company.other_factory.last
    for data in (AnswerQuestion(shop=other, question=1), AskQuestion(shop=other, assignment=1)):
        answer = await company.other_factory.forges(data.pack(), last)
        assert "没有" in answer.text


async def test_a_number_that_replies_to_a_question_ships_and_is_no_answer(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    await assigned(company, Row(order_no(1)), Row(order_no(2)))
    await merchant.taps("问厂家", await order_card(company))
    await merchant.sends("发了吗？")
    asked = await factory.sees("发了吗？", anywhere=True)
    # Words with a number in them are words: it is said that the number ships nothing.
    await factory.replies(asked, "是，昨天发的 SF1234567890123")
    answered = await factory.sees("单号只作为文字发出", anywhere=True)
    assert await status(company) == "assigned"
    assert "昨天发的" in (await merchant.sees("对方已回复", anywhere=True)).text
    await factory.taps("填写单号", answered)
    # By itself it ships, though the question has its answer already.
    await factory.replies(asked, "已发 SF1234567890123")
    done = await factory.sees("已按快递单号处理", anywhere=True)
    assert "已发货" in done.text
    assert "✏️ 更正" in done.labels
    assert await status(company) == "shipped"
    await merchant.sees("SF1234567890123", anywhere=True)
    # Asked for it again, the same number answers; another one would be a correction.
    await merchant.taps("问厂家", await order_card(company))
    await merchant.sends("单号是多少？")
    again = await factory.sees("单号是多少？", anywhere=True)
    await factory.taps("回复", again)
    await factory.sends("SF9999999999999")
    assert "已经发货，单号 SF1234567890123" in factory.last.text
    await factory.sends("SF1234567890123")
    assert "已回复" in factory.last.text
    # And what replies to the confirmation corrects it, whatever else is being asked.
    await merchant.taps("问厂家", await order_card(company, 2))
    await merchant.sends("第二单呢？")
    await factory.taps("回复", await factory.sees("第二单呢？", anywhere=True))
    await factory.replies(done, "SF7777777777777")
    assert "已更正" in factory.last.text
    assert [await status(company, n) for n in (1, 2)] == ["shipped", "assigned"]


async def test_a_number_typed_where_a_question_was_expected_ships_or_asks_its_carrier(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(order_no(1)))
    await factory.taps("问商家", card)
    await factory.sends("123456789012")
    assert "已按快递单号处理" in factory.last.text
    await factory.taps("顺丰")
    assert await status(company) == "shipped"
    # A merchant's number is words: it may ask about it.
    await merchant.taps("问厂家", await order_card(company))
    await merchant.sends("123456789012")
    assert "123456789012" in (await factory.sees("小满优选 提问", anywhere=True)).text


async def test_a_stopped_order_is_not_shipped_by_an_answer(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    await assigned(company, Row(order_no(1)))
    await merchant.taps("问厂家", await order_card(company))
    await merchant.sends("发了吗？")
    asked = await factory.sees("发了吗？", anywhere=True)
    await imports(company, Row(order_no(1), status="已关闭"))
    await factory.sees("停止发货", anywhere=True)
    await factory.replies(asked, "SF1234567890123")
    assert any("已经寄出" in one for one in factory.last.labels)
    assert await status(company) == "cancelled"


async def test_each_part_of_a_split_order_is_asked_for_by_its_factorys_name(
    company: Company,
) -> None:
    merchant, factory, other = company.merchant, company.factory, company.other_factory
    await bind_the_other(company)
    await imports(company, Row(order_no(1), pieces=3))
    await merchant.sends(f"/orders {order_no(1)}")
    await merchant.taps("拆单")
    await merchant.taps("➕")
    await merchant.taps("下一步")
    await merchant.taps("由敏记食品厂发出")
    theirs = await other.sees("新订单", anywhere=True)
    await merchant.sends(f"/assign {order_no(1)} {company.factory_number}")
    mine = await factory.sees("新订单", anywhere=True)
    await other.taps("缺货等待", theirs)
    await other.taps("明天")
    await factory.taps("接单", mine)
    card = await order_card(company)
    assert "↩️ 申请撤回 · 大力日用百货厂" in card.labels
    assert "👌 同意等待 · 敏记食品厂" in card.labels
    assert "缺货等待，预计" in card.text
    # Each is asked by its name, and answers for its own part.
    await merchant.taps("问厂家 · 敏记食品厂", card)
    await merchant.sends("明天几点到货？")
    asked = await other.sees("明天几点到货？", anywhere=True)
    await factory.taps("问商家", mine)
    await factory.sends("要礼盒吗？")
    await merchant.sees("要礼盒吗？", anywhere=True)
    card = await order_card(company)
    assert "❓ 大力日用百货厂 提问" in card.text
    assert "💬 回复 · 大力日用百货厂" in card.labels
    await merchant.taps("回复 · 大力日用百货厂", card)
    await merchant.sends("要")
    await other.replies(asked, "SF1234567890123")
    assert [await status(company, one) for one in (1, 2)] == ["shipped", "accepted"]
    card = await order_card(company)
    await merchant.taps("申请撤回 · 大力日用百货厂", card)
    await factory.taps("同意撤回", await factory.sees("商家申请撤回", anywhere=True))
    await merchant.sees("同意撤回", anywhere=True)
    assert [await status(company, one) for one in (1, 2)] == ["shipped", "recalled"]
    # Who shipped may be asked still, who gave the part back may not.
    asks = [one for one in (await order_card(company)).labels if "问厂家" in one]
    assert asks == ["❓ 问厂家 · 敏记食品厂"]
    await imports(company, Row(order_no(1), pieces=3, status="已关闭"))
    assert "❓ 问厂家" in (await order_card(company)).labels


async def test_a_number_typed_as_a_reason_declines_nothing_and_ships_by_one_press(
    company: Company,
) -> None:
    factory = company.factory
    [card] = await assigned(company, Row(order_no(1)))
    await factory.taps("拒单", card)
    await factory.taps("其他原因", card)
    await factory.sends("SF1234567890123")
    asked = await factory.sees("SF1234567890123 是快递单号，不是拒单原因")
    assert await status(company) == "assigned"
    assert {"📦 用它发货", "❌ 写原因拒单", "不是这个"} <= set(asked.labels)
    await factory.taps("用它发货", asked)
    await factory.sees("✅ 已发货", anywhere=True)
    # Once more, from a phone that hung.
    pressed = TakeNumber(shop=await shop_id(company.stage, company.factory_number), draft=1)
    await factory.forges(pressed.pack(), asked)
    assert await status(company) == "shipped"
    assert len(await company.stage.read(lambda store: store.shipments.of_assignment(1))) == 1


async def test_a_number_typed_as_the_reason_for_many_declines_none_of_them(
    company: Company,
) -> None:
    factory = company.factory
    await imports(company, *(Row(order_no(n)) for n in range(1, 9)))
    numbers = " ".join(order_no(n) for n in range(1, 9))
    await company.merchant.sends(f"/assign {numbers} {company.factory_number}")
    digest = await factory.sees("8 单")
    await factory.taps("全部拒单", digest)
    await factory.taps("其他原因")
    await factory.sends("SF1234567890123")
    assert "是快递单号，不是原因" in (await factory.sees("SF1234567890123”")).text
    assert await status(company) == "assigned"
    await factory.sends("缺货")
    await company.merchant.sees("拒了 8 单：缺货", anywhere=True)
    assert await status(company) == "declined"


async def test_a_picture_sent_where_words_were_expected_says_where_a_waybill_goes(
    company: Company,
) -> None:
    factory = company.factory
    [card] = await assigned(company, Row(order_no(1)))
    await factory.taps("拒单", card)
    await factory.taps("其他原因", card)
    await sends_photo(factory, shot())
    told = await factory.sees("这里请写文字")
    assert await status(company) == "assigned"
    await factory.taps("订单", told)
    await sends_photo(factory, shot(), factory.last)
    await factory.sees("读到 SF1234567890123", anywhere=True)

    # In reply to a question too; whoever sends no waybill writes on.
    await company.merchant.sends(f"/orders {order_no(1)}")
    await company.merchant.taps("问厂家")
    await company.merchant.sends("蓝色有吗？")
    asked = await factory.sees("蓝色有吗？", anywhere=True)
    await sends_photo(factory, shot(), asked)
    await factory.sees("这里请写文字")
    await factory.replies(asked, "有")
    await company.merchant.sees("有", anywhere=True)
