"""Assigning in three taps or one line; once however often pressed; and taking it back."""

import asyncio
import itertools

import pytest

from bot.handlers.assigning import read_line
from bot.keyboards.data import AssignTo, ConfirmAssign, RecallBatch
from core.ports import Store
from tests.cast import CHEN_XIN, Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned
from tests.conversations.helping import counts, joins, shop_id


def mugs(n: int) -> list[Row]:
    return [Row(order_no(i), hours=5 + i) for i in range(n)]


async def test_any_number_of_orders_in_three_taps_even_with_several_factories(
    company: Company,
) -> None:
    merchant = company.merchant
    await company.stage.binds(merchant, company.other_factory, company.other_number)
    await company.stage.imports(merchant, [*mugs(9), Row(order_no(50), name="张**")])
    await merchant.sends("/assign")
    assert "待分配 10 单" in merchant.last.text
    await merchant.taps("全部 10 单")
    assert "分配给哪家厂家" in merchant.last.text
    await merchant.taps("敏记食品厂")
    dry_run = merchant.last.text
    assert "订单 9 单，共 9 件" in dry_run
    assert "收件信息不全" in dry_run
    assert "…100050" in dry_run
    await merchant.taps("确认分配")
    assert "已分配给 敏记食品厂" in merchant.last.text
    assert await counts(company.stage, company.other_number) == {"to_ship": 9}


async def test_with_one_factory_there_is_nothing_to_choose(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(2))
    await merchant.sends("分配")
    await merchant.taps("全部")
    assert "分配给 大力日用百货厂？" in merchant.last.text
    await merchant.taps("换一家厂家")
    assert any("大力日用百货厂" in label for label in merchant.last.labels)
    await merchant.taps("取消")
    assert "• 待分配 2 •" in merchant.last.labels


async def test_nothing_to_assign_says_what_to_do_next(company: Company) -> None:
    await company.merchant.sends("/assign")
    assert "没有待分配的订单" in company.merchant.last.text
    assert ".xlsx" in company.merchant.last.text


async def test_without_a_factory_binding_one_is_what_to_do(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(1))
    await merchant.sends("/factories")
    await merchant.taps("大力日用百货厂")
    await merchant.taps("解绑")
    await merchant.taps("解绑", merchant.last)
    await merchant.sends("/assign")
    await merchant.taps("全部")
    assert "还没有绑定厂家" in merchant.last.text


async def test_one_line_assigns_several_and_names_what_was_left_out(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [*mugs(3), Row(order_no(50), name="张**")])
    wanted = f"{company.factory_number.lower()} {order_no(0)}，{order_no(1)}、{order_no(50)} 9999"
    await merchant.sends(f"/assign {wanted}")
    done = merchant.last.text
    assert "订单 2 单" in done
    assert "收件信息不全（1 单）：…100050" in done
    assert "你的订单里没有：9999" in done
    assert await counts(company.stage, company.factory_number) == {"to_ship": 2}
    await merchant.sends(f"/assign {order_no(0)} {company.factory_number}")
    assert "现在都不能分配" in merchant.last.text
    assert "已分配（1 单）：…100000" in merchant.last.text


async def test_a_line_with_half_of_it_asks_for_the_rest(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(2))
    await merchant.sends(f"/assign {order_no(1)}")
    assert "订单 1 单" in merchant.last.text
    await merchant.sends(f"/assign 全部 {company.factory_number}")
    assert "订单 2 单" in merchant.last.text
    assert any("确认分配" in label for label in merchant.last.labels)


async def test_a_wrong_factory_is_named_for_what_it_is(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(1))
    mistyped = company.factory_number[:-1] + ("2" if company.factory_number[-1] != "2" else "3")
    for number, words in (
        (mistyped, "校验不通过"),
        (company.factory_number[:-2], "不是店铺编号"),
        (company.merchant_number, "是商家编号"),
        (company.other_number, "还没有绑定这个厂家"),
    ):
        await merchant.sends(f"/assign {order_no(0)} {number}")
        assert words in merchant.last.text
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 1}


async def test_pressed_again_it_says_so_and_nothing_is_doubled(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(2))
    await merchant.sends("/assign")
    await merchant.taps("全部")
    mine = await shop_id(company.stage, company.merchant_number)
    await merchant.taps("确认分配")
    done = merchant.last
    answer = await merchant.forges(
        ConfirmAssign(shop=mine, draft=await frozen(company)).pack(), done
    )
    assert "已分配过，没有重复" in answer.text
    assert "订单 2 单" in merchant.last.text
    assert await counts(company.stage, company.factory_number) == {"to_ship": 2}


async def test_two_staff_confirm_at_once_and_it_is_done_once(company: Company) -> None:
    merchant = company.merchant
    colleague = await joins(company.stage, CHEN_XIN, company.merchant_number)
    await company.stage.imports(merchant, mugs(5))
    await merchant.sends("/assign")
    await merchant.taps("全部")
    await colleague.sends("/orders")
    mine = await shop_id(company.stage, company.merchant_number)
    press = ConfirmAssign(shop=mine, draft=await frozen(company)).pack()
    answers = await asyncio.gather(
        merchant.taps("确认分配"), colleague.forges(press, colleague.last)
    )
    assert sorted("没有重复" in answer.text for answer in answers) == [False, True]
    for phone in (merchant, colleague):
        await phone.sees("订单 5 单")
    assert await counts(company.stage, company.factory_number) == {"to_ship": 5}


async def test_what_changed_after_the_dry_run_is_left_out_and_named(company: Company) -> None:
    merchant = company.merchant
    colleague = await joins(company.stage, CHEN_XIN, company.merchant_number)
    await company.stage.imports(merchant, mugs(3))
    await merchant.sends("/assign")
    await merchant.taps("全部")
    await company.stage.imports(colleague, [Row(order_no(1), hours=6, buyer_note="改地址")])
    await merchant.taps("确认分配")
    assert "订单 2 单" in merchant.last.text
    assert "核对后有变更（1 单）：…100001" in merchant.last.text


async def test_a_batch_is_taken_back_but_for_what_the_factory_has_begun(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    await company.stage.imports(merchant, mugs(3))
    await merchant.sends("/assign")
    await merchant.taps("全部")
    await merchant.taps("确认分配")
    await factory.sees(order_no(2), anywhere=True)
    await factory.taps("接单")
    await merchant.taps("撤回", merchant.last)
    assert "确定撤回" in merchant.last.text
    await merchant.taps("确定撤回")
    assert "已撤回 2 单" in merchant.last.text
    assert "1 单撤不回：" in merchant.last.text
    assert "• 厂家已接单：1 单" in merchant.last.text
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 2, "to_ship": 1}


async def test_a_batch_that_has_shipped_or_ended_says_why_nothing_comes_back(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    cards = await assigned(company, *mugs(2))
    done = merchant.last
    for place, card in enumerate(cards):
        await factory.replies(card, f"SF123456789012{place}")
    await merchant.taps("撤回", done)
    await merchant.taps("确定撤回")
    said = await merchant.sees("没有可以撤回的订单：厂家已接单、已看收件信息或已发货。")
    assert "• 已发货：2 单" in said.text


async def test_a_batch_taken_back_before_says_that_it_is_no_longer_there(company: Company) -> None:
    merchant = company.merchant
    await assigned(company, *mugs(1))
    done = merchant.last
    again = RecallBatch(
        shop=await shop_id(company.stage, company.merchant_number), draft=await batch(company),
        sure=1,
    ).pack()  # fmt: skip
    await merchant.forges(again, done)
    assert "已撤回 1 单" in merchant.last.text
    await merchant.forges(again, merchant.last)
    assert "没有可以撤回的订单：这些订单已不在厂家那里" in merchant.last.text


async def frozen(company: Company) -> int:
    """Return the newest draft: the one a dry run has shown."""

    def look(store: Store) -> int:
        ids = itertools.takewhile(store.drafts.get, itertools.count(1))
        return max(ids)

    return await company.stage.read(look)


async def batch(company: Company) -> int:
    """Return the draft the first assignment was made from."""
    first = await company.stage.read(lambda store: store.assignments.get(1))
    assert first is not None
    assert first.draft_id is not None
    return first.draft_id


async def test_strangers_presses_change_nothing(company: Company) -> None:
    merchant, other = company.merchant, company.other_factory
    await company.stage.imports(merchant, mugs(1))
    await merchant.sends("/assign")
    await merchant.taps("全部")
    mine = await shop_id(company.stage, company.merchant_number)
    factory = await shop_id(company.stage, company.other_number)
    for forged in (
        ConfirmAssign(shop=mine, draft=1),
        ConfirmAssign(shop=factory, draft=1),
        AssignTo(shop=mine, draft=1, factory=factory),
        AssignTo(shop=factory, draft=1),
        RecallBatch(shop=mine, draft=1, sure=1),
    ):
        answer = await other.forges(forged.pack(), other.last)
        assert answer.show_alert
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 1}


@pytest.mark.parametrize(
    ("typed", "orders", "factory"),
    [
        ("", (), None),
        ("6912 F7K2Q9X", ("6912",), "F7K2Q9X"),
        ("F7K2Q9X 6912", ("6912",), "F7K2Q9X"),
        ("6912,6913;6914\nf7k2q9x", ("6912", "6913", "6914"), "f7k2q9x"),
        ("6912、6913，６９１４ Ｆ７Ｋ２Ｑ９Ｘ", ("6912", "6913", "6914"), "F7K2Q9X"),
        ("6912 6912 F7K2Q9X", ("6912",), "F7K2Q9X"),
        ("6912 6913", ("6912", "6913"), None),
        ("全部 F7K2Q9X", (), "F7K2Q9X"),
        ("6912 F7K2Q", ("6912",), "F7K2Q"),
        ("F123456789012 F7K2Q9X", ("F123456789012",), "F7K2Q9X"),
    ],
)
def test_a_line_is_read_in_any_order_and_between_any_separators(
    typed: str, orders: tuple[str, ...], factory: str | None
) -> None:
    assert read_line(typed) == (orders, factory)
