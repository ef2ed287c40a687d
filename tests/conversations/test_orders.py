"""Seeing orders: tabs and pages, ticking, cards, taking one back, and buttons of yesterday."""

from bot.keyboards.data import ListOrders, Recall, ShowHistory, ShowOrder, Tick
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports, tag_of
from tests.conversations.helping import counts, shop_id


def mugs(n: int) -> list[Row]:
    return [Row(order_no(i), hours=5 + i) for i in range(n)]


async def test_tabs_carry_counts_and_pages_hold_eight(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(10))
    await merchant.sends("/orders")
    assert "• 待分配 10 •" in merchant.last.labels
    assert len(numbers(merchant.last.labels)) == 8
    await merchant.taps("下一页")
    assert numbers(merchant.last.labels) == ["…100008", "…100009"]
    await merchant.taps("上一页")
    assert numbers(merchant.last.labels)[0] == "…100000"
    await merchant.taps("已发货 0")
    assert "还没有发货的订单" in merchant.last.text


async def test_words_open_a_tab_and_a_number_opens_its_card(company: Company) -> None:
    merchant = company.merchant
    note = "放门口 <b>谢谢</b> 😀"
    await company.stage.imports(
        merchant, [Row(order_no(1), pieces=2, buyer_note=note, seller_note="小心轻放")]
    )
    await merchant.sends("待发货")
    assert "没有等厂家发货的订单" in merchant.last.text
    await merchant.sends("/orders 售后")
    assert "没有已取消或售后中的订单" in merchant.last.text
    await merchant.sends(f"/orders {order_no(1)}")
    card = merchant.last.text
    for words in (order_no(1), "陶瓷马克杯 × 2", "MUG-01", note, "小心轻放", "发货截止", "张**"):
        assert words in card
    assert "13912345678" not in card
    assert "示例路" not in card


async def test_a_number_that_is_no_order_of_mine_is_said(company: Company) -> None:
    await company.merchant.sends(f"/orders {order_no(404)}")
    assert "没有找到" in company.merchant.last.text


async def test_an_incomplete_order_says_what_to_do_and_offers_no_assigning(
    company: Company,
) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [Row(order_no(2), name="张**", phone="138****0000")])
    await merchant.sends("/orders")
    assert "暂不能分配" in merchant.last.text
    await merchant.taps("…100002")
    assert "不打码" in merchant.last.text
    assert "📤 分配" not in merchant.last.labels


async def test_ticks_stay_while_the_pages_turn_and_only_the_ticked_go(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(10))
    await merchant.sends("/orders")
    await merchant.taps("勾选")
    await merchant.taps("☐ …100003")
    await merchant.taps("下一页")
    await merchant.taps("☐ …100009")
    assert "分配已选（2）" in merchant.last.labels
    await merchant.taps("上一页")
    assert any(label.startswith("☑ …100003") for label in merchant.last.labels)
    await merchant.taps("☑ …100003")
    await merchant.taps("分配已选（1）")
    await merchant.taps("确认分配")
    await merchant.taps("查看待发货")
    assert numbers(merchant.last.labels) == ["…100009"]


async def test_nothing_ticked_is_said(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(1))
    await merchant.sends("/orders")
    await merchant.taps("勾选")
    answer = await merchant.taps("分配已选（0）")
    assert "还没有勾选订单" in answer.text


async def test_the_factory_sees_its_own_tabs_with_the_same_word(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    await company.stage.imports(merchant, mugs(2))
    await merchant.sends(f"/assign {order_no(0)} {company.factory_number}")
    await factory.sees("陶瓷马克杯", anywhere=True)
    await factory.sends("订单")
    assert "• 待发货 1 •" in factory.last.labels
    await factory.sends("待分配")
    assert "• 待发货 1 •" in factory.last.labels


async def test_taken_back_from_the_card_and_asked_for_once_the_factory_has_accepted(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    await company.stage.imports(merchant, mugs(2))
    for number in (0, 1):
        await merchant.sends(f"/assign {order_no(number)} {company.factory_number}")
    await merchant.sends(f"/orders {order_no(0)}")
    assert "大力日用百货厂" in merchant.last.text
    await merchant.taps("撤回", merchant.last)
    card = await merchant.sees("已撤回，订单回到待分配")
    assert "📤 分配" in card.labels
    await merchant.sends(f"/orders {order_no(1)}")
    card = merchant.last
    await factory.sees(order_no(1), anywhere=True)
    await factory.taps("接单")
    await merchant.taps("撤回", card)
    assert "已向厂家申请撤回" in merchant.last.text
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 1, "to_ship": 1}


async def test_another_shops_orders_do_not_exist_for_a_forged_button(company: Company) -> None:
    merchant, other = company.merchant, company.other_factory
    await company.stage.imports(merchant, mugs(1))
    await merchant.sends(f"/assign {order_no(0)} {company.factory_number}")
    mine = await shop_id(company.stage, company.merchant_number)
    theirs = await shop_id(company.stage, company.other_number)
    before = other.last.text
    for forged in (
        ListOrders(shop=mine, tab="unassigned"),
        ShowOrder(shop=mine, order=1),
        Tick(shop=mine, order=1),
        Recall(shop=mine, assignment=1),
        Tick(shop=theirs, order=1),
        ShowOrder(shop=theirs, order=1),
    ):
        answer = await other.forges(forged.pack(), other.last)
        assert answer.show_alert
        assert other.last.text == before
    assert await counts(company.stage, company.merchant_number) == {"to_ship": 1}


async def test_a_page_whose_rows_have_moved_on_shows_the_first(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(9))
    await merchant.sends("/orders")
    await merchant.taps("下一页")
    page_two = merchant.last
    await merchant.sends(f"/assign {order_no(8)} {company.factory_number}")
    await merchant.taps("勾选", page_two)
    shown = next(one for one in await merchant.chat() if one.message_id == page_two.message_id)
    assert len(numbers(shown.labels)) == 8


async def test_a_forged_cursor_or_tab_shows_the_first_page(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(1))
    await merchant.sends("/orders")
    mine = await shop_id(company.stage, company.merchant_number)
    for forged in (
        ListOrders(shop=mine, tab="nonsense"),
        ListOrders(shop=mine, tab="unassigned", at="*", row="?"),
        ListOrders(shop=mine, tab="unassigned", at="zzzzzzzzzzzzzzz", row="zzzzzzzzzzzzzz"),
    ):
        await merchant.forges(forged.pack(), merchant.last)
        assert numbers(merchant.last.labels) == ["…100000"]


async def test_a_factory_finds_an_order_by_its_tag_or_its_number(company: Company) -> None:
    [card, _] = await assigned(company, Row(order_no(1)), Row(order_no(2)))
    tag, factory = tag_of(card), company.factory
    for said in (
        f"/orders {tag}",
        f"订单 {order_no(1)}",
        f"/orders #{tag.lower()}",
        tag,
        f"#{tag}",
    ):
        await factory.sends(said)
        assert f"🏷 {tag}" in factory.last.text
        assert order_no(1) in factory.last.text
    await factory.replies(factory.last, "SF1234567890123")
    await factory.sees("已发货")
    await factory.sends(f"/orders {order_no(1)}")
    assert "SF1234567890123" in factory.last.text


async def test_of_an_order_given_twice_the_open_one_is_found(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.taps("拒单", card)
    await company.factory.taps("缺货")
    await company.merchant.sees("缺货")
    await company.merchant.sends(f"/assign {order_no(1)} {company.factory_number}")
    await company.factory.sees(order_no(1), anywhere=True)
    await company.factory.sends(f"/orders {order_no(1)}")
    assert "📦 填写单号" in company.factory.last.labels
    # The tag of the declined one still leads to what became of it.
    await company.factory.sends(tag_of(card))
    assert "缺货" in company.factory.last.text


async def test_a_factory_finds_no_order_of_others_and_a_word_is_no_tag(company: Company) -> None:
    [card] = await assigned(company, Row(order_no(1)))
    other = company.other_factory
    for said in (f"/orders {tag_of(card)}", f"/orders {order_no(1)}", tag_of(card), "yeah"):
        await other.sends(said)
        assert order_no(1) not in other.last.text
        assert "🏷" not in other.last.text
    await company.stage.imports(company.merchant, [Row(order_no(2))])
    await company.factory.sends(f"/orders {order_no(2)}")
    assert "没有" in company.factory.last.text
    await company.factory.sends("yeah")
    assert "/help" in company.factory.last.text


def numbers(labels: list[str]) -> list[str]:
    """Return the ends of the order numbers that the buttons of a list show."""
    return [word for label in labels for word in label.lstrip("☐☑ ").split()[:1] if word[0] == "…"]


async def test_the_card_tells_of_parcels_corrections_and_changes_and_the_history_of_all(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(order_no(1), pieces=2))
    await imports(company, Row(order_no(1), pieces=2, buyer_note="请<b>快</b>点"))
    await factory.taps("接单", card)
    await factory.replies(card, "SF1234567890123")
    await factory.sees("已发货")
    await factory.taps("更正")
    await factory.replies(factory.last, "SF1234567890124")
    await merchant.sees("SF1234567890124")
    await merchant.sends(f"/find {order_no(1)}")
    said = merchant.last.text
    for words in (
        "分配：",
        "厂家接单：",
        "变更过 1 次",
        "SF1234567890124",
        "2 件",
        "SF1234567890123",
    ):
        assert words in said, words
    assert "王大力" not in said  # of the factory its shop is named, not its people
    await merchant.taps("📜 历史")
    past = merchant.last.text.splitlines()
    assert [line.split("：", 1)[1] for line in past if "：" in line and " · " in line] == [
        "更正单号 顺丰速运 SF1234567890123 → 顺丰速运 SF1234567890124",
        "未确认变更就发货：顺丰速运 SF1234567890123", "接单", "订单变更",
        "分配给 大力日用百货厂", "导入",
    ]  # fmt: skip
    assert any("大力日用百货厂：接单" in line for line in past)
    assert any("林小满（文件）：导入" in line for line in past)
    assert any("请<b>快</b>点" in line for line in past)
    await merchant.taps("⬅️ 订单")
    assert "📜 历史" in merchant.last.labels
    forged = ShowHistory(shop=await shop_id(company.stage, company.merchant_number), order=1)
    answer = await company.other_factory.forges(forged.pack(), company.other_factory.last)
    assert answer.show_alert
