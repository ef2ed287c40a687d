"""People write phones and addresses into notes, reasons and questions: who reads what of it.

Nobody in passing; the factory that may look at the recipient, with it. The merchant is told, for an
address in a note is what parcels get lost by.
"""

from playground.phone import Phone
from tests.cast import Row, export, order_no, replace
from tests.conftest import Company
from tests.conversations.at_work import assigned, card_in, group, imports, tag_of

ONE = order_no(1)
PHONE, STREET = "13700008888", "科技园路 5 号"
ELSEWHERE = f"改寄：李思思 {PHONE} 广东省深圳市南山区{STREET}"
CALL = f"到货前打{PHONE}，不要放 6940000000000100001 的箱子"


async def nothing_of_it(*phones: Phone) -> None:
    """No message any of them can read names the phone or the street."""
    for phone in phones:
        for message in await phone.chat():
            assert PHONE not in str(message.raw)
            assert STREET not in str(message.raw)


async def test_an_address_in_a_note_is_hidden_read_by_the_factory_and_taken_over_by_the_merchant(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    await merchant.uploads("订单.xlsx", export([Row(ONE, buyer_note=ELSEWHERE), Row(order_no(2))]))
    preview = await merchant.sees("以上为预览")
    assert "1 单的留言里像是有收件信息" in preview.text
    await merchant.taps("确认导入")
    await merchant.sends(f"/assign {ONE} {company.factory_number}")
    card = await factory.sees(ONE, anywhere=True)
    assert "买家留言：（含收件信息，已隐藏）" in card.text
    await nothing_of_it(merchant, factory)

    await factory.taps("查看收件信息", card)
    seen = await factory.sees("买家留言（全文）")
    assert ELSEWHERE in seen.text

    await merchant.sends(f"/orders {ONE}")
    assert "留言里像是有收件信息" in merchant.last.text
    await merchant.taps("按留言修改收件信息", merchant.last)
    for words in ("李**", "137****8888", "广东省 深圳市 南山区 ****"):
        assert words in merchant.last.text
    await merchant.taps("确认修改", merchant.last)
    told = await factory.sees("广东省 深圳市 南山区 ****", anywhere=True)
    assert "旧地址" in told.text
    await merchant.sends(f"/orders {ONE}")
    assert "按留言修改收件信息" not in merchant.last.labels  # it was put right


async def test_a_phone_in_a_note_is_masked_in_the_change_the_history_and_the_group(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    await assigned(company, Row(ONE, seller_note="易碎"))
    await imports(company, Row(ONE, seller_note=CALL))
    told = await factory.sees("137****8888", anywhere=True)
    assert "易碎 → 到货前打137****8888，不要放 6940000000000100001 的箱子" in told.text
    chat_id = await group(company, merchant)
    card = await card_in(company, chat_id)
    assert "商家备注：到货前打137****8888" in card.text
    assert PHONE not in str([one.raw for one in await factory.chat(chat_id)])
    for phone in (merchant, factory):
        await phone.sends(f"/why {ONE}")
        assert "137****8888" in phone.last.text
    await nothing_of_it(merchant, factory)


async def test_a_note_typed_by_hand_warns_at_once_and_a_group_is_sent_to_private(
    company: Company,
) -> None:
    merchant = company.merchant
    await assigned(company, Row(ONE))
    await merchant.sends(f"/orders {ONE}")
    await merchant.taps("修改", merchant.last)
    await merchant.taps("商家备注", merchant.last)
    await merchant.sends(ELSEWHERE)
    said = await merchant.sees("留言里像是有收件信息")
    assert "商家备注：（无） → （含收件信息，已隐藏）" in said.text
    await company.factory.sees("（含收件信息，已隐藏）", anywhere=True)
    await nothing_of_it(company.factory)

    chat_id = await group(company, merchant)
    await merchant.sends(f"/orders {ONE}", chat_id=chat_id)
    await merchant.taps("按留言修改收件信息", merchant.last_in[chat_id], chat_id=chat_id)
    assert "私聊" in merchant.last_in[chat_id].text

    # The order is refunded before anybody looks at it: there is nothing to put right any more.
    await merchant.sends(f"/orders {ONE}")
    for label in ("✏️ 修改", "退款", "已同意退款", "确定已同意退款"):
        await merchant.taps(label, merchant.last)
    await merchant.sends(f"/orders {ONE}")
    assert "按留言修改收件信息" not in merchant.last.labels


async def test_reasons_and_questions_show_no_phone_to_the_other_side(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    first, second = await assigned(company, Row(ONE), Row(order_no(2), name="王五"))
    await factory.taps("缺货等待", first)
    await factory.taps("其他日期")
    await factory.sends(f"3天 急就打{PHONE}")
    assert "急就打137****8888" in (await merchant.sees("急就打", anywhere=True)).text
    await factory.taps("拒单", second)
    await factory.taps("其他原因")
    await factory.sends(f"客户{PHONE}说不要了")
    assert "客户137****8888说不要了" in (await merchant.sees("说不要了", anywhere=True)).text

    await factory.sends(f"/orders {tag_of(first)}")
    await factory.taps("问商家", factory.last)
    await factory.sends(f"{PHONE}打不通，换个电话？")
    asked = await merchant.sees("打不通", anywhere=True)
    assert "137****8888打不通，换个电话？" in asked.text
    await merchant.replies(asked, ELSEWHERE)
    assert "修改收件信息" in " ".join((await merchant.sees("已回复", anywhere=True)).labels)
    answer = await factory.sees("对方已回复", anywhere=True)
    assert "（含收件信息，已隐藏）" in answer.text
    assert "查看收件信息" in answer.text
    await factory.sends(f"/orders {tag_of(first)}")
    await factory.taps("查看收件信息", factory.last)
    seen = await factory.sees("回复（全文）")
    assert ELSEWHERE in seen.text
    for phone in (merchant, factory):
        await phone.sends(f"/why {ONE}")
        assert PHONE not in phone.last.text
    for row in await company.stage.read(lambda store: store.history(1)):
        assert PHONE not in str(row.detail)


async def test_what_is_typed_in_the_wrong_place_is_not_repeated_with_a_recipient(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    whole = f"李思思 {PHONE} 广东省深圳市南山区{STREET}"
    moved = replace(Row(order_no(2)), pieces=PHONE)  # columns that slipped
    slipped = replace(Row(order_no(3)), pieces=STREET)
    await merchant.uploads("订单.xlsx", export([Row(ONE), moved, slipped]))
    preview = await merchant.sees("以上为预览")
    assert "数量不对：137****8888" in preview.text
    assert "数量不对：（含收件信息，已隐藏）" in preview.text
    await merchant.taps("确认导入")
    await merchant.sends(f"/assign {ONE} {company.factory_number}")
    card = await factory.sees(ONE, anywhere=True)
    chat_id = await group(company, merchant)
    card_here = await card_in(company, chat_id)
    # A recipient's mobile is no tracking number: kept as one, every list would show it.
    await factory.replies(card_here, f"李思思 {PHONE}")
    assert "137****8888 是手机号，不是快递单号" in factory.last_in[chat_id].text
    await factory.replies(card_here, f"李思思,{PHONE},广东省深圳市南山区科技园路5号")
    assert "已隐藏" in factory.last_in[chat_id].text
    for command in ("find", "why", "orders", "assign", "export"):
        await merchant.sends(f"/{command} {whole}", chat_id=chat_id)
        assert "已隐藏" in merchant.last_in[chat_id].text
        await merchant.sends(f"/{command} {PHONE}")
        assert "137****8888" in merchant.last.text
    # Lines handed back keep what may be mended, and nobody's address.
    tag = tag_of(card)
    await factory.sends(f"{tag} {PHONE}\nZZZ9 {whole} SF1234567890123")
    assert f"{tag} … ← 是手机号，不是单号" in factory.last.text
    assert "ZZZ9 SF1234567890123 … ← 没找到这一单" in factory.last.text
    # Beside a number it is chatter: the parcel goes.
    await factory.replies(card, f"李思思 {PHONE} SF1234567890123")
    assert "已发货" in factory.last.text
    for phone in (merchant, factory):
        for where in (None, chat_id):
            for message in await phone.chat(where):
                if message.raw["from"].get("is_bot"):
                    assert PHONE not in message.raw["html"]
                    assert "科技园路" not in message.raw["html"]


async def test_a_recipient_does_not_go_into_a_products_name(company: Company) -> None:
    merchant = company.merchant
    await assigned(company, Row(ONE))
    await merchant.sends(f"/orders {ONE}")
    await merchant.taps("赠品 / 补发 / 换货")
    await merchant.taps("补发")
    await merchant.sends(f"杯子 给李思思{PHONE} × 1")
    assert "商品名里不要写电话或地址" in merchant.last.text
    await merchant.sends("杯子 × 1")
    assert "杯子 × 1" in merchant.last.text
