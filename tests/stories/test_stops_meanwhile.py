"""What was offered or asked about a stopped order, and what happened before somebody pressed."""

import asyncio

from playground.phone import Phone
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports, tag_of
from tests.conversations.helping import counts

ONE, TWO, THREE, FOUR = (order_no(n) for n in range(1, 5))
NUMBER = "SF1234567890123"


async def test_orders_offered_for_one_parcel_are_looked_at_again_when_one_was_stopped(
    company: Company,
) -> None:
    cards = await assigned(company, Row(ONE), Row(TWO), Row(THREE))
    tags = [tag_of(card) for card in cards]
    await company.factory.replies(cards[0], NUMBER)
    offered = await company.factory.sees("✅ 已发货")
    await imports(company, Row(TWO, status="已关闭"))
    await company.factory.sees("停止发货", anywhere=True)
    await company.factory.taps("合并发货", offered)
    asked = await company.factory.sees("订单有变化")
    assert tags[2] in asked.text
    assert tags[1] not in asked.text
    assert await counts(company.stage, company.merchant_number) == {
        "to_ship": 1, "shipped": 1, "stopped": 1,
    }  # fmt: skip
    await company.factory.taps("合并发货", asked)
    assert tags[2] in (await company.factory.sees("已一起发货")).text


async def test_an_order_that_came_later_is_not_shipped_in_a_parcel_packed_before(
    company: Company,
) -> None:
    [card, _] = await assigned(company, Row(ONE), Row(TWO))
    await company.factory.replies(card, NUMBER)
    offered = await company.factory.sees("✅ 已发货")
    [later] = await assigned(company, Row(THREE))
    await company.factory.taps("合并发货", offered)
    asked = await company.factory.sees("订单有变化")
    assert tag_of(later) in asked.text
    assert await counts(company.stage, company.merchant_number) == {"to_ship": 2, "shipped": 1}
    await company.factory.taps("合并发货：同一收件人的另外 2 单", asked)
    await company.factory.sees("已一起发货")


async def test_a_refund_refused_while_its_parcel_is_under_way_lets_the_parcel_go(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, after_sale="退款中"))
    await factory.sees("停止发货", anywhere=True)
    await merchant.sends(f"/orders {ONE}")
    await merchant.taps("拒绝退款并发货")
    asked = merchant.last
    await factory.replies(card, NUMBER)
    await factory.taps("包裹已经寄出")
    await merchant.sees("这单停发前包裹就已寄出", anywhere=True)
    await merchant.taps("确认，照常发货", asked)
    told = await factory.sees("商家放行包裹", anywhere=True)
    assert "已放行" in told.text
    await merchant.sends(f"/orders {ONE}")
    assert "请决定" not in merchant.last.text
    assert not any("拦截" in label for label in merchant.last.labels)
    # No older card of the order asks for the decision any more.
    async with asyncio.timeout(10):
        while await asking(factory):  # noqa: ASYNC110 - cards are redrawn one after another
            await asyncio.sleep(0.05)


async def test_what_had_shipped_when_a_refund_opened_is_called_back_until_the_refund_closes(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card, _] = await assigned(company, Row(ONE), Row(TWO))
    await factory.replies(card, NUMBER)
    await merchant.sees(NUMBER, anywhere=True)
    await imports(company, Row(ONE, after_sale="退款中"))
    told = await factory.sees("包裹已经寄出。等商家决定", anywhere=True)
    assert "请勿发货" not in told.text
    alarm = await merchant.sees("这单停发前包裹就已寄出", anywhere=True)
    assert f"顺丰速运 {NUMBER}" in alarm.text
    assert "退款申请中，但包裹已经寄出" in alarm.text
    await merchant.taps("拦截", alarm)
    judged = await factory.sees("请拦截包裹", anywhere=True)
    assert NUMBER in judged.text

    await imports(company, Row(ONE, after_sale="售后关闭"))
    over = await factory.sees("不用拦截了", anywhere=True)
    assert "⛔" not in over.text, over.text
    await merchant.sends(f"/why {ONE}")
    history = await merchant.sees("历史")
    assert "停发时包裹已在路上：顺丰速运" in history.text
    assert "要求拦截包裹" in history.text
    assert "包裹不用再拦截" in history.text
    assert await counts(company.stage, company.merchant_number) == {"to_ship": 1, "shipped": 1}


async def asking(factory: Phone) -> bool:
    """Whether a card still says that the merchant is to decide."""
    cards = [one.text for one in await factory.chat() if "短号" in one.text or "🏷" in one.text]
    return any("等商家决定拦截还是放行" in one for one in cards)


async def test_a_refund_that_closes_lets_the_parcel_under_way_go(company: Company) -> None:
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, after_sale="退款中"))
    await company.factory.sees("停止发货", anywhere=True)
    await company.factory.replies(card, NUMBER)
    await company.factory.taps("包裹已经寄出")
    await company.merchant.sees("这单停发前包裹就已寄出", anywhere=True)
    await imports(company, Row(ONE, after_sale="售后关闭"))
    await company.factory.sees("商家放行包裹", anywhere=True)
    assert await counts(company.stage, company.merchant_number) == {"shipped": 1}


async def test_of_what_had_left_in_part_before_it_was_cancelled_both_sides_may_ask(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(ONE, pieces=2))
    await company.factory.replies(card, f"{NUMBER} 1件")
    await imports(company, Row(ONE, pieces=2, status="已关闭"))
    told = await company.factory.sees("其中一部分之前已寄出", anywhere=True)
    alarm = await company.merchant.sees("这单停发前包裹就已寄出", anywhere=True)
    assert NUMBER in alarm.text
    assert "停止发货" in told.text
    await company.factory.taps("问商家", told)
    await company.factory.sends("寄出的那件要拦吗？")
    await company.merchant.sees("寄出的那件要拦吗？", anywhere=True)
    await company.merchant.sends(f"/orders {ONE}")
    assert "厂家：大力日用百货厂" in company.merchant.last.text
    assert "待分配" not in company.merchant.last.text
    assert any("问厂家" in label for label in company.merchant.last.labels)


async def test_a_note_that_changes_on_a_stopped_order_is_told_as_a_difference_not_as_a_stop(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, after_sale="退款中"))
    await factory.sees("停止发货", anywhere=True)
    await imports(company, Row(ONE, after_sale="退款中", buyer_note="周末送"))
    told = await factory.sees("这单仍然停发：退款申请中", anywhere=True)
    assert told.text.startswith(f"⚠️ {tag_of(card)} 有变更")
    assert "周末送" in told.text
    assert "⛔" not in told.text
    await factory.taps("已知晓", told)
    await merchant.sees("已知晓", anywhere=True)
