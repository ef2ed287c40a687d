"""An order changes after it was assigned: the factory is told the difference, or told to stop.

Every change comes as people bring it: the platform's export, sent once more.
"""

from bot.keyboards.data import Acknowledge
from playground.seen import M
from tests.cast import Row, export, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports
from tests.conversations.helping import counts, shop_id

NUMBER = "SF1234567890123"
ONE = order_no(1)


async def card_of(company: Company, card: M) -> M:
    """Return the card as it stands in the chat now, reopened from the list."""
    await company.factory.sends("/orders")
    return next(one for one in await company.factory.chat() if one.message_id == card.message_id)


async def test_address_note_and_quantity_are_previewed_told_and_acknowledged(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    await assigned(company, Row(ONE))
    new = Row(ONE, pieces=3, address="新华路 7 号", buyer_note="周末送")
    await merchant.uploads("订单.xlsx", export([new]))
    preview = await merchant.sees("有变更：1 单")
    for words in (
        "买家留言：（无） → 周末送",
        "1 → 3",
        "详细地址（浙江省 金华市 义乌市 ****）已更换",
        "确认后会通知厂家",
    ):
        assert words in preview.text
    await merchant.taps("确认导入")

    told = await factory.sees("周末送", anywhere=True)
    assert "有变更" in told.text
    assert "1 → 3" in told.text
    assert "收件信息变更：详细地址" in told.text
    assert "新华路" not in told.text  # the street is the recipient's: only by 查看收件信息
    assert "共 3 件" in told.text
    await factory.sends("有变更")
    assert "有变更 1" in " ".join(factory.last.labels)

    await factory.taps("已知晓", told)
    await merchant.sees("已知晓变更", anywhere=True)
    await factory.sends("有变更")
    assert "有变更 0" in " ".join(factory.last.labels)
    await factory.taps("查看收件信息", told)
    assert "新华路 7 号" in (await factory.sees("新华路")).text


async def test_acknowledged_twice_tells_the_merchant_once(company: Company) -> None:
    await assigned(company, Row(ONE))
    await imports(company, Row(ONE, buyer_note="周末送"))
    told = await company.factory.sees("周末送", anywhere=True)
    await company.factory.taps("已知晓", told)
    await company.merchant.sees("已知晓变更", anywhere=True)
    shop = await shop_id(company.stage, company.factory_number)
    data = Acknowledge(shop=shop, assignment=1).pack()
    assert (await company.factory.forges(data, told)).answered
    await company.factory.sends("/orders")
    heard = [one for one in await company.merchant.chat() if "已知晓变更" in one.text]
    assert len(heard) == 1


async def test_the_same_change_brought_twice_is_one_change(company: Company) -> None:
    await assigned(company, Row(ONE))
    previews = []
    for _ in range(2):
        await company.merchant.uploads("订单.xlsx", export([Row(ONE, buyer_note="周末送")]))
        previews.append(await company.merchant.sees("有变更：1 单"))
    for preview in previews:
        await company.merchant.taps("确认导入", preview)
    await company.merchant.sends("/orders")
    await company.factory.sees("周末送", anywhere=True)
    # The older card says it too by now: only the message is headed so.
    heard = [one for one in await company.factory.chat() if one.text.startswith("⚠️ ")]
    assert len(heard) == 1


async def test_cancelled_the_factory_must_stop_and_shipping_is_refused(company: Company) -> None:
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, status="已关闭"))
    told = await company.factory.sees("停止发货", anywhere=True)
    assert "⛔" in told.text
    assert "已取消" in told.text
    assert not any(label in " ".join(told.labels) for label in ("填写单号", "接单", "查看收件信息"))
    assert told.labels[0] == "👌 已知晓"
    assert "早已寄出？直接回复单号告诉商家" in told.text
    await company.factory.replies(card, NUMBER)
    assert "请勿发货" in company.factory.last.text
    assert await counts(company.stage, company.merchant_number) == {"stopped": 1}
    await company.merchant.sends(f"/orders {ONE}")
    assert "已取消" in company.merchant.last.text


async def test_a_refund_stops_shipping_while_it_is_open(company: Company) -> None:
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, after_sale="退款中"))
    told = await company.factory.sees("停止发货", anywhere=True)
    assert "退款申请中" in told.text
    await company.factory.replies(card, NUMBER)
    assert "请勿发货：退款申请中" in company.factory.last.text
    assert await counts(company.stage, company.merchant_number) == {"stopped": 1}

    await imports(company, Row(ONE, after_sale="售后关闭"))
    await company.factory.sees("售后：", anywhere=True)
    assert await counts(company.stage, company.merchant_number) == {"to_ship": 1}
    await company.factory.replies(card, NUMBER)
    await company.factory.sees("✅ 已发货")
    await company.merchant.sees(NUMBER, anywhere=True)


async def test_refunded_stays_refunded(company: Company) -> None:
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, after_sale="退款成功"))
    await company.factory.sees("停止发货", anywhere=True)
    await company.merchant.uploads("订单.xlsx", export([Row(ONE)]))
    await company.merchant.sees("没有需要导入的订单")
    await company.factory.replies(card, NUMBER)
    assert "请勿发货：已退款" in company.factory.last.text


async def test_closed_never_reopens(company: Company) -> None:
    await assigned(company, Row(ONE))
    await imports(company, Row(ONE, status="已关闭"))
    await company.factory.sees("停止发货", anywhere=True)
    await company.merchant.uploads("订单.xlsx", export([Row(ONE)]))
    await company.merchant.sees("没有需要导入的订单")
    assert await counts(company.stage, company.merchant_number) == {"stopped": 1}
    await company.merchant.sends(f"/assign {ONE} {company.factory_number}")
    assert "已取消" in company.merchant.last.text


async def test_a_masked_file_never_overwrites_a_complete_recipient(company: Company) -> None:
    [card] = await assigned(company, Row(ONE))
    masked = Row(ONE, name="张**", phone="139****5678", address="**********", buyer_note="周末送")
    await company.merchant.uploads("订单.xlsx", export([masked]))
    preview = await company.merchant.sees("有变更：1 单")
    assert "收件信息变更" not in preview.text
    assert "收件信息不全" not in preview.text
    await company.merchant.taps("确认导入")
    await company.factory.sees("周末送", anywhere=True)
    await company.factory.taps("查看收件信息", await card_of(company, card))
    shown = await company.factory.sees("13912345678")
    assert "张三丰" in shown.text
    assert "稠江街道示例路 1 号" in shown.text


async def test_a_complete_file_makes_a_masked_order_assignable(company: Company) -> None:
    await imports(company, Row(ONE, name="张**", phone="139****5678"))
    await company.merchant.sends(f"/assign {ONE} {company.factory_number}")
    assert "收件信息不全" in company.merchant.last.text
    await imports(company, Row(ONE))
    await company.merchant.sends(f"/assign {ONE} {company.factory_number}")
    assert "已分配给" in company.merchant.last.text


async def test_a_line_that_comes_and_one_that_goes_move_the_pieces(company: Company) -> None:
    mug, board = Row(ONE, pieces=2), Row(ONE, product="竹制砧板", pieces=1, sub=f"{ONE}2")
    await assigned(company, mug)
    await imports(company, mug, board)
    told = await company.factory.sees("新增商品：竹制砧板", anywhere=True)
    assert "共 3 件" in told.text
    await imports(company, board)
    told = await company.factory.sees("取消商品：陶瓷马克杯", anywhere=True)
    assert "共 1 件" in told.text
    await company.factory.replies(told, NUMBER)
    await company.factory.sees("✅ 已发货")
    assert await counts(company.stage, company.merchant_number) == {"shipped": 1}
    packed = await company.stage.read(
        lambda store: (store.assignments.pieces(1), store.shipments.shipped_pieces(1))
    )
    assert packed[0] == packed[1]
    assert sum(packed[0].values()) == 1


async def test_after_it_shipped_a_new_address_warns_that_the_parcel_left(company: Company) -> None:
    [card] = await assigned(company, Row(ONE))
    await company.factory.replies(card, NUMBER)
    await company.factory.sees("✅ 已发货")
    await company.merchant.uploads("订单.xlsx", export([Row(ONE, address="新华路 7 号")]))
    preview = await company.merchant.sees("有变更：1 单")
    assert "包裹已按旧地址寄出" in preview.text
    assert "会通知厂家" not in preview.text


async def test_shipped_on_the_platform_stops_the_factory_too(company: Company) -> None:
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, status="已发货"))
    told = await company.factory.sees("停止发货", anywhere=True)
    assert "平台显示已发货" in told.text
    await company.factory.replies(card, NUMBER)
    assert "请勿发货" in company.factory.last.text


async def test_the_platform_says_shipped_after_the_factory_did_and_nothing_changes(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(ONE))
    await company.factory.replies(card, NUMBER)
    await company.factory.sees("✅ 已发货")
    for status in ("已发货", "已完成"):
        await company.merchant.uploads("订单.xlsx", export([Row(ONE, status=status)]))
        await company.merchant.sees("没有需要导入的订单")
    assert await counts(company.stage, company.merchant_number) == {"shipped": 1}


async def test_a_file_that_changes_many_orders_is_one_message_that_begins_with_the_stops(
    company: Company,
) -> None:
    rows = [Row(order_no(n)) for n in range(1, 9)]
    await imports(company, *rows)
    await company.merchant.sends("/assign")
    await company.merchant.taps("全部")
    await company.merchant.taps("确认分配")
    await company.factory.sees("分来 8 单", anywhere=True)
    shop = await shop_id(company.stage, company.factory_number)
    tags = await company.stage.read(
        lambda store: {
            one: store.assignments.of(one).tag for one in store.assignments.open_ids(shop, 10)
        }
    )
    sent = len(await company.factory.chat())

    changed = [Row(order_no(n), status="已关闭", after_sale="退款成功") for n in (1, 2)]
    changed += [Row(order_no(n), buyer_note="周末送") for n in range(3, 8)]
    await imports(company, *changed)
    told = await company.factory.sees("变更了 7 单", anywhere=True)
    assert len(await company.factory.chat()) == sent + 1
    before, after = told.text.split("内容有变")
    stopped = [tag for one, tag in tags.items() if one <= 2]
    differing = [tag for one, tag in tags.items() if 3 <= one <= 7]
    assert "停止发货：以下 2 单" in before
    assert all(tag in before for tag in stopped)
    assert all(tag in after and tag not in before for tag in differing)
    await company.factory.taps("查看变更", told)
    assert "有变更 7" in " ".join(company.factory.last.labels)

    # One more is held back: the batch counts it out of what is to be packed.
    await imports(company, Row(order_no(8), after_sale="退款中"))
    await company.factory.sees("退款申请中", anywhere=True)
    await company.factory.sends("/orders")
    await company.factory.taps("批次")
    await company.factory.taps("小满优选")
    batch = company.factory.last.text
    assert "请勿发货：1 单已停发" in batch
    assert "待发 5 件" in batch


async def test_of_pieces_that_have_left_it_is_said_that_they_cannot_be_taken_back(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    board = Row(ONE, product="竹制砧板", pieces=2, sub=f"{ONE}2")
    [card] = await assigned(company, Row(ONE, pieces=2), board)
    await factory.replies(card, f"{NUMBER} 2件")
    await merchant.uploads("订单.xlsx", export([Row(ONE), board]))
    preview = await merchant.sees("2 → 1，但已寄出 2 件，按 2 件算")
    assert "通知厂家" not in preview.text, "nothing changes for it"
    await merchant.taps("确认导入")
    await merchant.sees("已导入")
    await imports(company, board)
    told = await merchant.sees("取消商品：陶瓷马克杯 × 2，但已寄出 2 件", anywhere=True)
    assert "通知厂家" not in told.text
    await merchant.sends(f"/why {ONE}")
    assert "2 → 1，但已寄出 2 件" in (await merchant.sees("历史")).text
    assert not any("有变更" in one.text for one in await factory.chat())
