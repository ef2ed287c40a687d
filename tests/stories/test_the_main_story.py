"""The product's main job, once through, by people on their phones over real HTTP."""

from tests.cast import CHEN_XIN, LIN_XIAOMAN, WANG_DALI, Row, Stage, order_no


async def test_open_bind_import_assign_be_told_ship_by_reply_correct_and_export(
    stage: Stage,
) -> None:
    merchant, factory = stage.phone(LIN_XIAOMAN), stage.phone(WANG_DALI)

    # The factory opens its shop and reads out its number; the merchant opens hers and binds.
    number = await stage.opens_shop(factory, "厂家", "大力日用百货厂")
    await stage.opens_shop(merchant, "商家", "小满优选")
    await merchant.sends(f"/bind {number.lower()}")
    assert "等待厂家确认" in merchant.last.text
    request = await factory.sees("有商家申请绑定", anywhere=True)
    assert "小满优选" in request.text
    await factory.taps("确认绑定")
    assert "已绑定" in (await factory.sees("已绑定")).text
    await merchant.sees("已绑定")

    # Two orders come in from Doudian, one of two products.
    rows = [
        Row(order_no(1), buyer_note="周末送"),
        Row(order_no(2), hours=30),
        Row(order_no(2), product="竹制砧板", pieces=2, hours=30, sub=f"{order_no(2)}2"),
    ]
    await stage.imports(merchant, rows)

    # Two taps hand both to the one factory she is bound with.
    await merchant.sends("/assign")
    await merchant.taps("全部")
    await merchant.taps("确认分配")
    assert "2" in merchant.last.text

    # The factory is told at once, looks at the recipient, and replies with the number.
    card = await factory.sees("周末送", anywhere=True)
    assert "张三丰" not in card.text
    assert "13912345678" not in card.text
    await factory.taps("查看收件信息", card)
    shown = await factory.sees("13912345678")
    assert shown.raw["protected"]
    assert "稠江街道示例路 1 号" in shown.text
    await factory.replies(card, "SF1234567890123")
    await factory.sees("顺丰")
    confirmation = factory.last
    told = await merchant.sees("SF1234567890123")
    assert "顺丰" in told.text

    # Mistyped: a reply to the confirmation puts it right.
    await factory.replies(confirmation, "SF1234567890124")
    await merchant.sees("SF1234567890124")

    # The order shows it, and the export holds it.
    await merchant.sends("/orders 已发货")
    await merchant.taps(order_no(1)[-6:])
    assert "SF1234567890124" in merchant.last.text
    await merchant.sends("/export")
    await merchant.taps("今天")
    file = await merchant.sees("", timeout=5)
    assert file.document is not None
    assert file.document["file_name"].endswith(".xlsx")


async def test_a_newcomer_opens_the_factorys_link_registers_and_is_bound(stage: Stage) -> None:
    factory, newcomer = stage.phone(WANG_DALI), stage.phone(CHEN_XIN)
    await stage.opens_shop(factory, "厂家", "大力日用百货厂")
    await factory.sends("/link")
    link = next(
        button["copy_text"]
        for row in factory.last.buttons
        for button in row
        if button["kind"] == "copy"
    )

    await newcomer.opens(start=link.split("start=")[1])
    assert "绑定链接" in newcomer.last.text
    await newcomer.taps("我是商家")
    await newcomer.sends("陈新小店")
    await newcomer.sends("陈新 13700001111 江苏省苏州市吴中区示例路 3 号")
    await newcomer.taps("正确")
    await newcomer.sees("等待厂家确认", anywhere=True)

    await factory.sees("陈新小店", anywhere=True)
    await factory.taps("确认绑定")
    await newcomer.sees("已绑定")
