"""赠品, 补发, 换货 in chat: from the order's card to a parcel of its own."""

import io

from python_calamine import CalamineWorkbook

from bot.keyboards.data import AddExtra, SendExtra
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned
from tests.conversations.helping import shop_id


async def test_a_lost_parcel_is_sent_again_and_a_gift_goes_along(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(order_no(1), pieces=2))
    await factory.replies(card, "SF1234567890123")
    await merchant.sees("已发货", anywhere=True)

    await merchant.sends(f"/orders {order_no(1)}")
    await merchant.taps("赠品 / 补发 / 换货")
    await merchant.taps("补发")
    assert "发什么" in merchant.last.text
    await merchant.taps("与原订单相同")
    assert "陶瓷马克杯 × 2" in merchant.last.text
    await merchant.taps("由大力日用百货厂发出")
    assert "已安排 🔁 补发" in merchant.last.text

    told = await factory.sees("🔁 补发", anywhere=True)
    assert "陶瓷马克杯 × 2" in told.text
    await factory.replies(told, "SF1234567890124")
    await merchant.sees("SF1234567890124", anywhere=True)

    await merchant.sends(f"/orders {order_no(1)}")
    assert "已发货" in merchant.last.text
    await merchant.taps("赠品 / 补发 / 换货")
    await merchant.taps("赠品")
    await merchant.sends("杯刷 ×1000")
    assert "没看懂" in merchant.last.text
    await merchant.sends("杯刷 ×2\n感谢卡")
    assert "• 杯刷 × 2\n• 感谢卡 × 1" in merchant.last.text
    await merchant.taps("由大力日用百货厂发出")
    await factory.sees("🎁 赠品", anywhere=True)
    await merchant.taps("撤回 🎁 赠品")
    assert "已撤回 🎁 赠品" in merchant.last.text
    await factory.sees("商家已撤回", anywhere=True)


async def test_a_declined_gift_says_so_and_an_old_button_sends_nothing_twice(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    await assigned(company, Row(order_no(1)))
    await merchant.sends(f"/orders {order_no(1)}")
    await merchant.taps("赠品 / 补发 / 换货")
    await merchant.taps("赠品")
    await merchant.sends("感谢卡")
    asked = merchant.last
    await merchant.taps("由大力日用百货厂发出")
    gift = await factory.sees("🎁 赠品", anywhere=True)
    await factory.taps("拒单", gift)
    await factory.taps("缺货")
    await merchant.sees("拒绝发🎁 赠品", anywhere=True)

    shop = await shop_id(company.stage, company.merchant_number)
    again = SendExtra(shop=shop, order=1, factory=2, mark=1)
    answer = await merchant.forges(again.pack(), asked)
    assert "已失效" in (answer.text or merchant.last.text)
    forged = AddExtra(shop=shop, order=1, kind="bribe")
    await merchant.forges(forged.pack(), asked)
    extras = await company.stage.read(lambda store: store.assignments.extras_of(1))
    assert [one.status for one in extras] == ["declined"]


async def test_an_older_messages_button_never_sends_what_was_written_later(
    company: Company,
) -> None:
    merchant = company.merchant
    await assigned(company, Row(order_no(1)), Row(order_no(2)))
    shown = []
    for number, text in ((1, "杯刷 ×2"), (1, "杯刷 ×3"), (2, "感谢卡")):
        await merchant.sends(f"/orders {order_no(number)}")
        await merchant.taps("赠品 / 补发 / 换货")
        await merchant.taps("🎁 赠品")
        await merchant.sends(text)
        shown.append(merchant.last)
    for old in shown[:2]:
        await merchant.taps("由大力日用百货厂发出", old)
        assert await company.stage.read(lambda store: store.assignments.extras_of(1)) == []
    await merchant.taps("由大力日用百货厂发出", shown[2])
    [given] = await company.stage.read(lambda store: store.assignments.extras_of(2))
    assert given.extra == "gift"


async def test_what_shipped_is_told_and_exported_as_the_extra_it_is(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    await assigned(company, Row(order_no(1)))
    await merchant.sends(f"/orders {order_no(1)}")
    await merchant.taps("赠品 / 补发 / 换货")
    await merchant.taps("补发")
    await merchant.taps("与原订单相同")
    await merchant.taps("由大力日用百货厂发出")
    again = await factory.sees("🔁 补发", anywhere=True)
    await factory.replies(again, "SF1234567890124")
    told = await merchant.sees(
        "🚚 大力日用百货厂 已发出🔁 补发：顺丰速运 SF1234567890124", anywhere=True
    )
    assert "待发货" in told.text
    await merchant.sends("/export")
    await merchant.taps("今天")
    file = merchant.last
    assert file.document is not None, file.text
    book = CalamineWorkbook.from_filelike(io.BytesIO(await merchant.downloads(file)))
    header, row = book.get_sheet_by_index(0).to_python()
    cells = dict(zip(header, row, strict=True))
    assert (cells["子订单编号"], cells["快递单号"]) == ("", "SF1234567890124")
    assert "补发" in row
