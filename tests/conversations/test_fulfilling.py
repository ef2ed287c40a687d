"""The factory's day: its tabs, 接单, 拒单 with a reason, 已知晓, and buttons that came too late."""

from bot.keyboards.data import Accept, Acknowledge, AskNumber, Decline, ListOrders, Peek
from tests.cast import Row, order_no, replace
from tests.conftest import Company
from tests.conversations.at_work import assigned, card_in, group, imports, tag_of
from tests.conversations.helping import counts

SF = "SF1234567890123"


async def status(company: Company, assignment_id: int = 1) -> str:
    return await company.stage.read(lambda store: store.assignments.of(assignment_id).status)


async def test_the_list_opens_cards_and_goes_back(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.sends("待发货")
    assert "• 待发货 1 •" in company.factory.last.labels
    await company.factory.taps(tag_of(card))
    assert order_no(1) in company.factory.last.text
    await company.factory.taps("返回列表")
    assert "• 待发货 1 •" in company.factory.last.labels
    # The message shows the list now: a reply to it ships nothing.
    await company.factory.replies(company.factory.last, SF)
    assert await status(company) == "assigned"


async def test_what_must_ship_first_stands_first(company: Company) -> None:
    rows = [Row(order_no(n), product=f"杯{n}", hours=50 - 10 * n) for n in (1, 2, 3)]
    await assigned(company, *rows)
    await company.factory.sends("/orders")
    shown = [label for label in company.factory.last.labels if "×" in label]
    assert [label.split()[1] for label in shown] == ["杯3", "杯2", "杯1"]


async def test_accepting_is_one_tap_and_ends_recalling(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    answer = await company.factory.taps("接单", card)
    assert "已接单" in answer.text
    assert await status(company) == "accepted"
    await company.merchant.sends(f"/orders {order_no(1)}")
    assert "↩️ 申请撤回" in company.merchant.last.labels


async def test_declining_with_a_known_reason_gives_the_order_back(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("拒单", card)
    await company.factory.taps("缺货")
    shown = company.factory.last
    [now] = [m for m in await company.factory.chat() if m.message_id == card.message_id]
    assert "缺货" in now.text
    assert "张**" not in now.text
    assert shown.message_id == card.message_id
    news = await company.merchant.sees("拒单")
    assert "大力日用百货厂 拒单：缺货" in news.text.replace("<b>", "")
    assert "🔁 改派" in news.labels
    assert (await counts(company.stage, company.merchant_number))["unassigned"] == 1


async def test_another_reason_is_written(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("拒单", card)
    await company.factory.taps("其他原因")
    await company.factory.sends("模具坏了，下周才有")
    assert "模具坏了，下周才有" in company.factory.last.text
    assert "模具坏了，下周才有" in (await company.merchant.sees("拒单")).text
    # The question is closed: the next message is none any more.
    await company.factory.sends("谢谢")
    assert await status(company) == "declined"
    assert "模具" not in company.factory.last.text


async def test_a_reason_too_long_is_asked_for_again(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("拒单", card)
    await company.factory.taps("其他原因")
    await company.factory.sends("坏" * 61)
    assert "60" in company.factory.last.text
    await company.factory.sends("机器坏了")
    assert await status(company) == "declined"


async def test_a_number_in_reply_to_a_card_is_no_reason(company: Company) -> None:
    first, second = await assigned(company, Row(order_no(1)), Row(order_no(2)))
    await company.factory.taps("拒单", first)
    await company.factory.taps("其他原因")
    await company.factory.replies(second, SF)
    assert "已发货" in company.factory.last.text
    assert await status(company) == "assigned"
    assert await status(company, 2) == "shipped"


async def test_changing_ones_mind_declines_nothing(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("拒单", card)
    await company.factory.taps("不拒单了")
    assert "📦 填写单号" in company.factory.last.labels
    assert await status(company) == "assigned"


async def test_in_a_group_the_reason_is_a_reply(company: Company) -> None:
    await assigned(company, Row(order_no(1)))
    chat = await group(company)
    await card_in(company, chat)
    await company.factory.taps("拒单", chat_id=chat)
    await company.factory.taps("其他原因", chat_id=chat)
    asked = company.factory.last_in[chat]
    assert "拒单原因" in asked.raw["force_reply"]["placeholder"]
    await company.factory.replies(asked, "机器坏了")
    assert await status(company) == "declined"
    assert "机器坏了" in company.factory.last_in[chat].text


async def test_a_change_is_told_seen_and_the_merchant_hears_it(company: Company) -> None:
    row = Row(order_no(1), seller_note="易碎")
    [card] = await assigned(company, row)
    await imports(company, replace(row, seller_note="送贺卡"))
    news = await company.factory.sees("有变更", anywhere=True)
    assert "易碎 → 送贺卡" in news.text
    await company.factory.sends("有变更")
    assert "• 有变更 1 •" in company.factory.last.labels
    assert any(label.startswith(f"⚠️ {tag_of(card)}") for label in company.factory.last.labels)
    await company.factory.taps(tag_of(card))
    await company.factory.taps("已知晓")
    await company.merchant.sees("大力日用百货厂 已知晓变更")
    await company.factory.sends("有变更")
    assert "没有变更的订单" in company.factory.last.text


async def test_buttons_of_a_recalled_order_come_too_late_and_the_card_is_redrawn(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.merchant.sends(f"/orders {order_no(1)}")
    await company.merchant.taps("撤回")
    news = await company.factory.sees("商家已撤回，请勿发货", anywhere=True)
    assert tag_of(card) in news.text
    assert "陶瓷马克杯" in news.text
    for late in (Accept, AskNumber, Peek, Decline):
        answer = await company.factory.forges(late(shop=2, assignment=1).pack(), card)
        assert answer.show_alert
    [now] = [m for m in await company.factory.chat() if m.message_id == card.message_id]
    assert now.labels == ["⬅️ 返回列表", "📜 历史"]
    await company.factory.replies(card, SF)
    assert await status(company) == "recalled"


async def test_pressed_twice_is_done_once(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    for _ in range(2):  # the second press left before the first one's answer was there
        await company.factory.forges(Accept(shop=2, assignment=1).pack(), card)
    assert await status(company) == "accepted"
    history = await company.stage.read(lambda store: store.history(1))
    assert sum(one.act == "accepted" for one in history) == 1


async def test_a_stranger_decides_nothing(company: Company) -> None:
    await assigned(company, Row(order_no(1)))
    await company.other_factory.sends("/start")
    mine = company.other_factory.last
    for shop in (2, 3):
        for forged in (
            Accept(shop=shop, assignment=1),
            Acknowledge(shop=shop, assignment=1),
            Decline(shop=shop, assignment=1),
            Decline(shop=shop, assignment=1, why="price"),
            Decline(shop=shop, assignment=1, why="other"),
        ):
            answer = await company.other_factory.forges(forged.pack(), mine)
            assert answer.show_alert
    answer = await company.other_factory.forges(ListOrders(shop=2, tab="to_ship").pack(), mine)
    assert answer.show_alert
    assert await status(company) == "assigned"
    assert not any("陶瓷马克杯" in str(m.raw) for m in await company.other_factory.chat())
