"""Several parcels with their pieces, one parcel for several orders, and what became of a number."""

from tests.cast import Row, order_no, replace
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports, tag_of

SF, YT, JT = "SF1234567890123", "YT1234567890123", "JT1234567890123"


def to_li(number: int, pieces: int = 1) -> Row:
    return Row(order_no(number), pieces=pieces, name="李四", phone="13700001111")


async def test_pieces_shipped_in_part_leave_the_order_open_until_nothing_is_left(
    company: Company,
) -> None:
    factory = company.factory
    [card] = await assigned(company, Row(order_no(1), pieces=5))
    await factory.replies(card, f"{SF} 2件")
    told = factory.last
    assert "部分发货" in told.text
    assert "已发 2/5 件" in told.text
    assert f"顺丰速运 {SF} · 2 件" in told.text
    assert "还剩 3 件" in told.text
    assert "部分发货" in (await company.merchant.sees(SF)).text
    # The next number answers the confirmation; more than is left is refused, nothing is shipped.
    await factory.replies(told, f"{YT}x4")
    assert "只剩 3 件没发" in factory.last.text
    await factory.replies(told, f"{YT}×1\n{JT} 2件")
    assert "已发货" in factory.last.text
    now = next(m for m in await factory.chat() if m.message_id == card.message_id)
    assert f"{YT} · 1 件" in now.text
    assert f"{JT} · 2 件" in now.text
    assert "📦 填写单号" not in now.labels
    await company.merchant.sees(JT)
    counts = await company.stage.read(lambda store: (store.counts(1), store.counts(2)))
    assert [one.get("shipped") for one in counts] == [1, 1]


async def test_two_numbers_for_three_pieces_are_asked_about_and_one_tap_settles_it(
    company: Company,
) -> None:
    factory = company.factory
    cards = await assigned(company, Row(order_no(1), pieces=3), to_li(2, 3))
    await factory.replies(cards[0], f"{SF} {YT}")
    asked = factory.last
    assert "3 件商品，2 个单号" in asked.text
    assert asked.labels == ["平均分：2 + 1", "不是这个"]
    await factory.taps("平均分", asked)
    assert f"{SF} · 2 件" in factory.last.text
    assert f"{YT} · 1 件" in factory.last.text
    # Or by a reply with counts to the question itself.
    await factory.replies(cards[1], f"{SF[:-1]}4 {YT[:-1]}4")
    await factory.replies(factory.last, f"{SF[:-1]}4 1件\n{YT[:-1]}4 2件")
    assert f"{YT[:-1]}4 · 2 件" in factory.last.text


async def test_more_numbers_than_pieces_are_asked_about_too(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, f"{SF} {YT}")
    assert "1 件商品，2 个单号" in company.factory.last.text
    await company.factory.taps("都是这一单的包裹")
    assert "✅ 已发货" in company.factory.last.text
    await company.merchant.sees(YT)


async def test_a_number_sent_twice_to_a_part_shipped_order_is_one_parcel(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1), pieces=5))
    await company.factory.replies(card, f"{SF} 2件")
    await company.factory.replies(card, f"{SF} 2件")
    assert "另一个包裹" in company.factory.last.text
    parcels = await company.stage.read(lambda store: list(store.shipments.of_order(1)))
    assert len(parcels) == 1


async def test_an_order_that_shrinks_to_what_has_left_has_shipped(company: Company) -> None:
    row = Row(order_no(1), pieces=3)
    [card] = await assigned(company, row)
    await company.factory.replies(card, f"{SF} 2件")
    await imports(company, replace(row, pieces=4))
    await company.factory.sees("3 → 4", anywhere=True)
    await imports(company, replace(row, pieces=2))
    await company.factory.sees("4 → 2", anywhere=True)
    await company.factory.replies(card, YT)
    assert SF in company.factory.last.text
    assert "更正" in company.factory.last.text
    counts = await company.stage.read(lambda store: store.counts(1))
    assert counts["shipped"] == 1


async def test_orders_of_one_recipient_are_hinted_at_and_shipped_together_in_one_tap(
    company: Company,
) -> None:
    cards = await assigned(company, Row(order_no(1)), Row(order_no(2)), to_li(3), Row(order_no(4)))
    tags = [tag_of(card) for card in cards]
    await company.factory.sends(tags[0])
    hinted = company.factory.last
    assert f"可合并发货（同一收件人）：{tags[1]} {tags[3]}" in hinted.text
    assert tags[2] not in hinted.text
    assert "张三丰" not in hinted.text
    await company.factory.replies(hinted, SF)
    told = company.factory.last
    await company.factory.taps("合并发货：同一收件人的另外 2 单", told)
    assert f"已一起发货：{tags[1]} {tags[3]}" in company.factory.last.text
    parcels = await company.stage.read(
        lambda store: [
            [one.tracking_number for one in store.shipments.of_order(n)] for n in (2, 3, 4)
        ]
    )
    assert parcels == [[SF], [], [SF]]
    await company.merchant.sees(order_no(4), anywhere=True)
    redrawn = next(m for m in await company.factory.chat() if m.message_id == cards[1].message_id)
    assert SF in redrawn.text
    # Pressed again, or by somebody else's shop: nothing more happens.
    old = next(m for m in await company.factory.chat() if m.message_id == told.message_id)
    answer = await company.factory.forges("cb:2:1:0", old)
    assert "没有其他待发货的订单" in answer.text
    await company.other_factory.sends("/start")
    answer = await company.other_factory.forges("cb:3:1:0", company.other_factory.last)
    assert "没有找到这个包裹" in answer.text


async def test_a_named_carrier_that_the_number_contradicts_is_asked_about(
    company: Company,
) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, f"圆通 {SF}")
    asked = company.factory.last
    assert f"{SF} 看起来不像圆通速递的单号" in asked.text
    assert asked.labels[:2] == ["圆通速递", "顺丰速运"]
    await company.factory.taps("顺丰速运", asked)
    assert f"顺丰速运 {SF}" in company.factory.last.text


async def test_a_number_that_left_before_the_order_came_in_is_asked_about(
    company: Company,
) -> None:
    [old] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(old, SF)
    [new] = await assigned(company, Row(order_no(2)))
    await company.factory.replies(new, SF)
    assert "在这单进来之前就已经随别的包裹发出了" in company.factory.last.text
    await company.factory.taps("不是这个", company.factory.last)
    assert "没有发货" in company.factory.last.text


async def test_the_tag_written_beside_the_number_is_no_number(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, f"{tag_of(card)} {order_no(1)} {SF}")
    assert "✅ 已发货" in company.factory.last.text
    parcels = await company.stage.read(lambda store: list(store.shipments.of_order(1)))
    assert [one.tracking_number for one in parcels] == [SF]
