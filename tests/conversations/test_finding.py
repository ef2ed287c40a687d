"""A merchant finds an order by whatever is in hand; one box for all of it."""

from bot.keyboards.data import AskFind
from tests.cast import CHEN_XIN, Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, group, tag_of
from tests.conversations.helping import joins, shop_id


async def test_one_box_takes_number_end_tag_parcel_and_code(company: Company) -> None:
    merchant = company.merchant
    [card, _] = await assigned(company, Row(order_no(1), code="MUG-01"), Row(order_no(22)))
    await company.factory.replies(card, "SF1234567890123")
    await merchant.sees("已发货", anywhere=True)
    for said in (
        f"/find {order_no(1)}",
        f"查找 {order_no(1)}",
        f"/orders {order_no(1)[-6:]}",
        f"搜索 {tag_of(card).lower()}",
        f"/find #{tag_of(card)}",
        "/find sf 1234 5678 90123",
        "查找 ００００１",
    ):
        await merchant.sends(said)
        assert order_no(1) in merchant.last.text, said
        assert "SF1234567890123" in merchant.last.text
        assert "🔍 查找" in merchant.last.labels


async def test_the_button_asks_and_the_answer_is_one_message(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [Row(order_no(1)), Row(order_no(2))])
    await merchant.sends("/orders")
    await merchant.taps("🔍 查找")
    assert "至少 4 位" in merchant.last.text
    await merchant.sends("00002")
    assert order_no(2) in merchant.last.text
    await merchant.taps("🔍 查找")
    await merchant.taps("取消")
    await merchant.sends("杯子")
    assert "/help" in merchant.last.text


async def test_several_are_offered_with_how_each_was_found(company: Company) -> None:
    merchant = company.merchant
    rows = [Row(order_no(i), code="CUP-8", hours=5 + i) for i in range(10)]
    await company.stage.imports(merchant, [*rows, Row("A-7710000", code="X-1")])
    await merchant.sends("/find cup-8")
    assert "可能是以下订单" in merchant.last.text
    assert merchant.last.text.count("商品编码") == 8
    assert "还有更多" in merchant.last.text
    await merchant.sends("/find 0000")
    assert merchant.last.text.count("订单号结尾") == 2
    await merchant.taps("100000")
    assert order_no(0) in merchant.last.text


async def test_nothing_found_says_what_to_try(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [Row(order_no(1))])
    for said in ("/find 404404", "/find 001", "/find <b>&", f"/find {'9' * 200}"):
        await merchant.sends(said)
        assert "没有找到" in merchant.last.text, said
        assert "可以查" in merchant.last.text
    await merchant.taps("🔍 查找")
    assert "哪个订单" in merchant.last.text


async def test_a_number_sent_by_itself_opens_its_order_and_a_word_does_not(
    company: Company,
) -> None:
    merchant = company.merchant
    [card] = await assigned(company, Row(order_no(12), code="杯"))
    for said in (order_no(12), "00012", tag_of(card)):
        await merchant.sends(said)
        assert order_no(12) in merchant.last.text
    for said in ("好的", "杯", "0012 0012", "404404"):
        await merchant.sends(said)
        assert "/help" in merchant.last.text, said


async def test_nobody_finds_the_orders_of_others(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    stranger = company.newcomer
    await company.stage.opens_shop(stranger, "商家", "陈记")
    for said in (f"/find {order_no(1)}", f"/find {tag_of(card)}", "/find MUG-01", order_no(1)):
        await stranger.sends(said)
        assert "陶瓷" not in stranger.last.text
    mine = await shop_id(company.stage, company.merchant_number)
    answer = await stranger.forges(AskFind(shop=mine).pack(), stranger.last)
    assert answer.show_alert


async def test_a_factory_finds_with_the_same_command(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.sends("查找")
    assert "短号或订单号" in company.factory.last.text
    await company.factory.sends(tag_of(card))
    assert f"🏷 {tag_of(card)}" in company.factory.last.text


async def test_in_a_group_a_reply_finds(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [Row(order_no(1))])
    colleague = await joins(company.stage, CHEN_XIN, company.merchant_number)
    chat = await group(company, merchant, colleague)
    await merchant.sends("/find", chat_id=chat)
    await colleague.sends("00001", merchant.last_in[chat], chat_id=chat)
    await colleague.sees(order_no(1), chat_id=chat)
