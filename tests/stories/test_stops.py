"""Stop-ship as people live it: refused loudly, sent before it was stopped, let go after all."""

from playground.seen import M
from tests.cast import ZHAO_MIN, Row, export, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports, tag_of
from tests.conversations.helping import counts, joins

ONE, TWO, THREE = order_no(1), order_no(2), order_no(3)
NUMBERS = ("SF1234567890123", "SF1234567890234", "SF1234567890345")


async def refused(company: Company, card: M, reason: str) -> M:
    """Reply with a number to a stopped order's card; return the refusal."""
    await company.factory.replies(card, NUMBERS[0])
    answer = await company.factory.sees(f"请勿发货：{reason}")
    assert "包裹已经寄出" in " ".join(answer.labels)
    return answer


async def test_a_printed_order_is_cancelled_and_the_stop_says_that_it_was_printed(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(ONE))
    await company.factory.taps("查看收件信息", card)
    await company.factory.sees("13912345678")
    await imports(company, Row(ONE, status="已关闭"))
    told = await company.factory.sees("停止发货", anywhere=True)
    assert told.text.startswith("⛔⛔")
    assert "面单已打印或已抄录，请勿寄出" in told.text


async def test_a_parcel_that_had_left_is_called_back_and_the_second_to_decide_hears_that(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, status="已关闭"))
    await factory.sees("停止发货", anywhere=True)
    answer = await refused(company, card, "已取消")
    assert await company.stage.read(lambda store: store.shipments.of_assignment(1)) == []

    await factory.taps("包裹已经寄出", answer)
    kept = await factory.sees("停发前就已寄出", anywhere=True)
    assert NUMBERS[0] in kept.text
    alarm = await merchant.sees("这单停发前包裹就已寄出", anywhere=True)
    assert "已取消，但包裹已经寄出" in alarm.text
    assert NUMBERS[0] in alarm.text
    assert await counts(company.stage, company.merchant_number) == {"stopped": 1}
    # Who said so has read the stop: nobody is told later that it was not looked at.
    assert "尚未确认" not in alarm.text
    assert "（王大力）已知晓" in alarm.text

    partner = await joins(company.stage, ZHAO_MIN, company.merchant_number)
    await partner.sends(f"/orders {ONE}")
    theirs = partner.last
    assert "已取消 · 已有包裹寄出" in theirs.text
    await merchant.taps("拦截", alarm)
    judged = await merchant.sees("正在通知厂家拦截", anywhere=True)
    assert "拦截退回" in judged.text
    told = await factory.sees("请拦截包裹", anywhere=True)
    assert NUMBERS[0] in told.text
    pressed = await partner.taps("放行", theirs)
    assert "已经处理过了" in pressed.text
    assert not any("放行" in label for label in partner.last.labels)
    await merchant.sends(f"/orders {ONE}")
    await merchant.taps("历史")
    assert "要求拦截包裹" in merchant.last.text
    assert "停发前已寄出：顺丰" in merchant.last.text


async def test_a_new_address_is_not_seen_by_saying_that_the_parcel_had_left(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, address="新华路 7 号"))
    await factory.sees("旧地址作废", anywhere=True)
    await imports(company, Row(ONE, address="新华路 7 号", after_sale="退款中"))
    await factory.sees("停止发货", anywhere=True)
    answer = await refused(company, card, "退款申请中")
    await factory.taps("包裹已经寄出", answer)
    alarm = await merchant.sees("这单停发前包裹就已寄出", anywhere=True)
    assert "已知晓" not in alarm.text
    [line] = [one for one in alarm.text.splitlines() if "收件信息变更" in one]
    assert line.startswith("⚠️ ")
    assert line.endswith("未确认就已发货")
    standing = await factory.sees("已告知商家", anywhere=True)
    assert "发货前收件信息改过" in standing.text


async def test_a_parcel_whose_carrier_is_in_doubt_is_asked_about_and_then_let_go(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, after_sale="退款成功"))
    await company.factory.sees("停止发货", anywhere=True)
    await company.factory.replies(card, "773300123456789")
    answer = await company.factory.sees("请勿发货：已退款")
    await company.factory.taps("包裹已经寄出", answer)
    if "哪家快递" in company.factory.last.text:
        await company.factory.taps("申通")
    alarm = await company.merchant.sees("这单停发前包裹就已寄出", anywhere=True)
    await company.merchant.taps("放行", alarm)
    told = await company.factory.sees("商家放行包裹", anywhere=True)
    assert "不用拦截" in told.text


async def test_the_lines_of_a_paste_go_on_and_the_stopped_ones_are_kept_by_one_press(
    company: Company,
) -> None:
    cards = await assigned(company, Row(ONE), Row(TWO), Row(THREE))
    tags = [tag_of(card) for card in cards]
    await imports(company, Row(ONE, status="已关闭"), Row(TWO, after_sale="退款中"))
    await company.factory.sees("退款申请中", anywhere=True)
    lines = "\n".join(f"{tag} {one}" for tag, one in zip(tags, NUMBERS, strict=True))
    await company.factory.sends(lines)
    report = await company.factory.sees("已发货 1 单")
    assert "请勿发货：2 行" in report.text
    assert f"{NUMBERS[0]} · 已取消" in report.text
    assert f"{NUMBERS[1]} · 退款申请中" in report.text
    await company.merchant.sees(NUMBERS[2], anywhere=True)

    await company.factory.taps("停发的 2 单包裹已经寄出", report)
    report = await company.factory.sees("等商家决定", anywhere=True)
    assert report.text.count("停发前已寄出，等商家决定") == 3
    assert "停发前已寄出，等商家决定：2 单" in report.text
    assert "已发货 1 单" in report.text
    alarm = await company.merchant.sees("有 2 单停发前包裹就已寄出", anywhere=True)
    assert NUMBERS[0] in alarm.text
    assert NUMBERS[1] in alarm.text
    await company.merchant.taps(ONE[-6:], alarm)
    await company.merchant.taps("拦截")
    await company.factory.sees("请拦截包裹", anywhere=True)
    assert await counts(company.stage, company.merchant_number) == {"stopped": 2, "shipped": 1}


async def test_the_merchant_refuses_the_refund_in_two_taps_and_the_factory_ships(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, after_sale="退款中"))
    await factory.sees("停止发货", anywhere=True)
    await merchant.sends(f"/orders {ONE}")
    mine = merchant.last
    await merchant.taps("拒绝退款并发货", mine)
    assert "平台上的退款申请不会自动关闭" in merchant.last.text
    assert await counts(company.stage, company.merchant_number) == {"stopped": 1}
    await merchant.taps("确认，照常发货")
    assert "照常发货，正在通知厂家" in merchant.last.text
    told = await factory.sees("可以发货了", anywhere=True)
    assert "停止发货" not in told.text
    assert await counts(company.stage, company.merchant_number) == {"to_ship": 1}

    await merchant.uploads("订单.xlsx", export([Row(ONE, after_sale="退款中")]))
    await merchant.sees("没有需要导入的订单")
    await factory.replies(card, NUMBERS[0])
    await factory.sees("✅ 已发货")
    await merchant.sees(NUMBERS[0], anywhere=True)


async def test_a_new_refund_stops_again_what_was_let_go(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, after_sale="退款中"))
    await merchant.sends(f"/orders {ONE}")
    await merchant.taps("拒绝退款并发货")
    await merchant.taps("确认，照常发货")
    await factory.sees("可以发货了", anywhere=True)
    await imports(company, Row(ONE, after_sale="售后关闭"))
    await imports(company, Row(ONE, after_sale="退款中"))
    await refused(company, card, "退款申请中")


async def test_an_order_on_hold_is_refused_until_one_tap_on_its_card_lets_it_go_on(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    await merchant.sends(f"/orders {ONE}")
    await merchant.taps("修改")
    await merchant.taps("暂停发货")
    await factory.sees("停止发货", anywhere=True)
    await refused(company, card, "商家暂停发货")
    await merchant.sends(f"/orders {ONE}")
    assert "商家暂停发货" in merchant.last.text
    await merchant.taps("恢复发货")
    told = await factory.sees("恢复发货，可以发了", anywhere=True)
    assert "有变更" not in told.text.splitlines()[0]
    await factory.replies(card, NUMBERS[0])
    await factory.sees("✅ 已发货")
