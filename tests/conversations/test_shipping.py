"""Shipping by reply: one number, several, in doubt, wrong, late, and put right."""

from bot.keyboards.data import (
    AskNumber,
    ChooseCarrier,
    Correct,
    DropShip,
    InsistNumber,
    ShowAssignment,
)
from playground.seen import M
from tests.cast import Row, order_no, replace
from tests.conftest import Company
from tests.conversations.at_work import assigned, card_in, group, imports, tag_of

SF, SF_RIGHT = "SF1234567890123", "SF1234567890124"
AMBIGUOUS = "123456789012"  # digits that several carriers use


async def message(company: Company, message_id: int) -> M:
    """Return what a message of the factory's chat shows now."""
    return next(m for m in await company.factory.chat() if m.message_id == message_id)


async def test_a_reply_to_the_card_ships_and_the_merchant_is_told(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, SF)
    told = await company.factory.sees("已发货")
    assert tag_of(card) in told.text
    assert f"顺丰速运 {SF}" in told.text
    assert order_no(1) in told.text
    news = await company.merchant.sees(SF)
    assert "大力日用百货厂 已发货：顺丰速运" in news.text
    copied = await company.merchant.taps("复制", news)
    assert copied.copied == SF


async def test_the_replied_card_shows_that_it_has_shipped(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, SF)
    [now] = [m for m in await company.factory.chat() if m.message_id == card.message_id]
    assert SF in now.text
    assert "📦 填写单号" not in now.labels


async def test_the_button_opens_a_reply_field_and_the_reply_ships(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("填写单号", card)
    asked = company.factory.last
    assert tag_of(card) in asked.text
    assert tag_of(card) in asked.raw["force_reply"]["placeholder"]
    await company.factory.replies(asked, f"顺丰 {SF}")
    await company.factory.sees("已发货")
    await company.merchant.sees(SF)


async def test_digits_that_several_carriers_use_take_one_tap(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, "773012345678901")
    asked = company.factory.last
    assert "是哪家快递" in asked.text
    first = asked.labels[0]
    await company.factory.taps(first, asked)
    assert f"{first} 773012345678901" in company.factory.last.text
    await company.merchant.sees("773012345678901")


async def test_every_other_carrier_is_two_taps_away(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, "773012345678901")
    await company.factory.taps("其他快递…")
    await company.factory.taps("德邦快递")
    assert "德邦快递 773012345678901" in company.factory.last.text


async def test_not_this_number_ships_nothing(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, "773012345678901")
    asked = company.factory.last
    await company.factory.taps("不是这个", asked)
    assert "没有发货" in company.factory.last.text
    answer = await company.factory.forges(DropShip(shop=2, draft=1).pack(), company.factory.last)
    assert answer.show_alert
    # The card stands there again: a reply to it ships.
    await company.factory.replies(company.factory.last, SF)
    await company.factory.sees("已发货")


async def test_several_numbers_are_several_parcels(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1), pieces=2))
    await company.factory.replies(card, f"{SF}\nYT1234567890123")
    told = company.factory.last
    assert f"顺丰速运 {SF}" in told.text
    assert "圆通速递 YT1234567890123" in told.text
    news = await company.merchant.sees("YT1234567890123")
    assert SF in news.text


async def test_a_reply_to_the_confirmation_puts_the_number_right(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, SF)
    await company.factory.replies(company.factory.last, SF_RIGHT)
    told = company.factory.last
    assert "已更正" in told.text
    assert f"原单号：顺丰速运 {SF}" in told.text
    assert SF_RIGHT in told.text
    news = await company.merchant.sees("更正了快递单号")
    assert f"{SF} → 顺丰速运 {SF_RIGHT}" in news.text


async def test_of_several_parcels_the_wrong_one_is_chosen_first(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1), pieces=2))
    await company.factory.replies(card, f"{SF} YT1234567890123")
    await company.factory.replies(company.factory.last, "YT1234567890124")
    assert "哪个单号填错了" in company.factory.last.text
    await company.factory.taps("YT1234567890123")
    await company.factory.replies(company.factory.last, "YT1234567890124")
    assert "YT1234567890124" in company.factory.last.text
    await company.merchant.sees("YT1234567890124")


async def test_a_correction_takes_one_number_and_another_one(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, SF)
    confirmation = company.factory.last
    await company.factory.replies(confirmation, f"{SF} {SF_RIGHT}")
    assert "一个" in company.factory.last.text or "1 个" in company.factory.last.text
    await company.factory.replies(confirmation, SF)
    assert SF in company.factory.last.text
    assert "已更正" not in company.factory.last.text


async def test_what_is_no_number_is_said_to_be_none(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    for text, said in (
        ("好的", "不是快递单号"),
        ("ok thanks", "没有数字"),
        ("SF1", "太短"),
        ("1" * 40, "太长"),
        ("EE123456789CN", "校验位"),
    ):
        await company.factory.replies(card, text)
        assert said in company.factory.last.text
    await company.factory.uploads("label.jpg", b"\xff\xd8\xff\xe0", kind="document", reply_to=card)
    counts = await company.stage.read(lambda store: store.counts(2))
    assert counts.get("shipped", 0) == 0


async def test_a_number_of_another_buyers_parcel_is_asked_about(company: Company) -> None:
    first, second = await assigned(
        company, Row(order_no(1)), Row(order_no(2), name="李四", phone="13700001111")
    )
    await company.factory.replies(first, SF)
    await company.factory.replies(second, SF)
    assert "已经用在另一位收件人的包裹上" in company.factory.last.text
    await company.factory.taps("仍然使用")
    assert "已发货" in company.factory.last.text


async def test_one_parcel_for_two_orders_of_the_same_buyer_is_no_question(
    company: Company,
) -> None:
    first, second = await assigned(company, Row(order_no(1)), Row(order_no(2)))
    await company.factory.replies(first, SF)
    await company.factory.replies(second, SF)
    assert "已发货" in company.factory.last.text


async def test_a_shipped_order_does_not_ship_again(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, SF)
    await company.factory.replies(card, SF_RIGHT)
    assert SF in company.factory.last.text
    assert "更正" in company.factory.last.text
    assert SF_RIGHT not in company.factory.last.text


async def test_a_refunded_order_is_not_shipped_and_says_why(company: Company) -> None:
    row = Row(order_no(1))
    [card] = await assigned(company, row)
    await imports(company, replace(row, after_sale="退款中"))
    await company.factory.sees("停止发货", anywhere=True)
    await company.factory.replies(card, SF)
    assert "退款" in company.factory.last.text
    late = AskNumber(shop=2, assignment=1).pack()  # pressed before the card was redrawn
    await company.factory.forges(late, card)
    await company.factory.sees("原因：退款申请中", anywhere=True)


async def test_a_cancelled_order_is_not_shipped(company: Company) -> None:
    row = Row(order_no(1))
    [card] = await assigned(company, row)
    await imports(company, replace(row, status="已关闭"))
    await company.factory.sees("停止发货", anywhere=True)
    await company.factory.replies(card, SF)
    assert "请勿发货" in company.factory.last.text or "不要发货" in company.factory.last.text


async def test_a_stranger_cannot_ship_anothers_order(company: Company) -> None:
    await assigned(company, Row(order_no(1)))
    await company.other_factory.sends("/start")
    mine = company.other_factory.last
    for shop in (2, 3):  # for the factory, and for their own shop
        for forged in (
            AskNumber(shop=shop, assignment=1),
            ShowAssignment(shop=shop, assignment=1),
            Correct(shop=shop, shipment=1),
            ChooseCarrier(shop=shop, draft=1, index=0, carrier="sf"),
            InsistNumber(shop=shop, draft=1, index=0),
            DropShip(shop=shop, draft=1),
        ):
            answer = await company.other_factory.forges(forged.pack(), mine)
            assert answer.show_alert
    assert not any(order_no(1) in m.text for m in await company.other_factory.chat())


async def test_a_number_that_replies_to_nothing_gets_the_orders_it_may_be_for(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.sends(SF)
    asked = company.factory.last
    assert "不知道是哪一单" in asked.text
    await company.factory.taps(tag_of(card), asked)
    await company.factory.replies(company.factory.last, SF)
    await company.factory.sees("已发货")


async def test_a_merchants_number_is_not_taken_for_a_parcel(company: Company) -> None:
    await company.merchant.sends(SF)
    assert "不知道是哪一单" not in company.merchant.last.text


async def test_a_repeated_reply_ships_once(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, SF)
    update = company.factory.update_id
    await company.stage.client.post(f"{company.stage.address}/api/updates/{update}/repeat")
    await company.factory.sees(SF)
    parcels = await company.stage.read(lambda store: list(store.shipments.of_order(1)))
    assert len(parcels) == 1


async def test_in_a_group_a_reply_to_the_card_ships_too(company: Company) -> None:
    await assigned(company, Row(order_no(1)))
    chat = await group(company, company.other_factory)
    card = await card_in(company, chat)
    assert order_no(1) in card.text
    await company.other_factory.sends(SF, card, chat_id=chat)
    parcels = await company.stage.read(lambda store: list(store.shipments.of_order(1)))
    assert parcels == []
    await company.factory.sends(SF, card, chat_id=chat)
    assert "已发货" in company.factory.last_in[chat].text


async def test_a_correction_dropped_leaves_the_number_and_the_next_one_corrects(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, SF)
    await company.factory.taps("更正")
    await company.factory.replies(company.factory.last, AMBIGUOUS)
    await company.factory.taps("不是这个")
    dropped = company.factory.last
    assert "单号没有改动" in dropped.text
    assert "没有发货" not in dropped.text
    assert SF in dropped.text
    await company.factory.replies(dropped, SF_RIGHT)
    assert "已更正" in company.factory.last.text
    await company.merchant.sees("更正了快递单号")


async def test_the_question_of_a_correction_takes_another_number_in_reply(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, SF)
    await company.factory.replies(company.factory.last, AMBIGUOUS)
    asked = company.factory.last
    await company.factory.taps("其他快递…", asked)
    await company.factory.replies(asked, SF_RIGHT)
    assert "已更正" in company.factory.last.text


async def test_what_corrects_nothing_does_not_speak_of_shipping(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, SF)
    confirmation = company.factory.last
    for text in ("好的", "ok thanks", "SF1", "1" * 40, "EE123456789CN"):
        await company.factory.replies(confirmation, text)
        assert "单号没有改动，请重新发送。" in company.factory.last.text
        assert "没有发货" not in company.factory.last.text


async def test_after_a_correction_nothing_above_shows_the_wrong_number(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, SF)
    confirmation = company.factory.last
    await company.factory.replies(confirmation, SF_RIGHT)
    for one in (card, confirmation):
        now = await message(company, one.message_id)
        assert SF_RIGHT in now.text
        assert f"原单号：顺丰速运 {SF} · 王大力" in now.text
        assert now.text.count(SF) == 1
        assert not any(SF in label for label in now.labels)


async def test_a_carrier_chosen_later_shows_in_the_card_and_the_confirmation_too(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, AMBIGUOUS)
    await company.factory.taps(company.factory.last.labels[0])
    confirmation = company.factory.last
    assert "已发货" in confirmation.text
    now = await message(company, card.message_id)
    assert AMBIGUOUS in now.text
    assert "📦 填写单号" not in now.labels
    await company.factory.replies(confirmation, "773012345678901")
    await company.factory.taps(company.factory.last.labels[0])
    for one in (card, confirmation):
        now = await message(company, one.message_id)
        assert "773012345678901" in now.text
        assert now.text.count(AMBIGUOUS) == 1
        assert "原单号" in now.text


async def test_of_a_stopped_order_no_carrier_is_asked(company: Company) -> None:
    row = Row(order_no(1))
    [card] = await assigned(company, row)
    await imports(company, replace(row, after_sale="退款中"))
    await company.factory.sees("停止发货", anywhere=True)
    await company.factory.replies(card, AMBIGUOUS)
    assert "退款" in company.factory.last.text
    assert "哪家快递" not in company.factory.last.text
