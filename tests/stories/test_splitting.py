"""拆单 in chat: one order, two factories, each with its own pieces."""

import pytest

from bot.keyboards.data import SplitOrder, SplitTo
from tests.cast import Row, order_no, replace
from tests.conftest import Company
from tests.conversations.at_work import imports
from tests.conversations.helping import shop_id
from tests.stories.test_time import passes

MUGS = Row(order_no(1), pieces=3, sub=f"{order_no(1)}1")
PLATES = Row(order_no(1), product="陶瓷餐盘", spec="八寸", code="PLATE-08", pieces=2,
             sub=f"{order_no(1)}2")  # fmt: skip


@pytest.fixture
async def two(company: Company) -> Company:
    """A merchant with two bound factories, and an order of five pieces."""
    await company.stage.binds(company.merchant, company.other_factory, company.other_number)
    await imports(company, MUGS, PLATES)
    return company


async def test_an_order_is_split_between_two_factories_and_both_ship(two: Company) -> None:
    merchant, factory, other = two.merchant, two.factory, two.other_factory
    await merchant.sends(f"/orders {order_no(1)}")
    await merchant.taps("拆单")
    assert "八寸：已选 0 / 2 件" in merchant.last.text
    await merchant.taps("八寸 0/2")  # the whole line
    await merchant.taps("➕")
    assert "奶白色：已选 1 / 3 件" in merchant.last.text
    await merchant.taps("➖")
    await merchant.taps("➕")
    await merchant.taps("下一步：为 3 件选厂家")
    assert "陶瓷餐盘 八寸 × 2" in merchant.last.text
    asked = merchant.last
    await merchant.taps("由敏记食品厂发出")
    assert "已将 3 件分给敏记食品厂" in merchant.last.text
    assert "还有 2 件待分配" in merchant.last.text
    assert "部分待分配" in merchant.last.text

    theirs = await other.sees("新订单", anywhere=True)
    assert "陶瓷马克杯 × 1" in theirs.text
    assert "共 3 件" in theirs.text

    # The same press again, from a phone that hung: nothing is given twice.
    shop, their_shop = [await shop_id(two.stage, one) for one in (
        two.merchant_number, two.other_number)]  # fmt: skip
    again = SplitTo(shop=shop, order=1, factory=their_shop, plan="1", counts="01")
    answer = await merchant.forges(again.pack(), asked)
    assert "选好之后订单又有变动" in (answer.text or "")
    assert "⏳ 待分配：陶瓷马克杯 奶白色 × 2" in merchant.last.text

    await merchant.sends(f"/assign {order_no(1)} {two.factory_number}")
    mine = await factory.sees("新订单", anywhere=True)
    assert "陶瓷马克杯 × 2" in mine.text
    assert "餐盘" not in mine.text

    await merchant.sends(f"/orders {order_no(1)}")
    assert "🏭 敏记食品厂" in merchant.last.text
    assert "🏭 大力日用百货厂" in merchant.last.text
    await other.replies(theirs, "SF1234567890123")
    await merchant.sees("部分发货", anywhere=True)
    await factory.replies(mine, "SF1234567890124")
    await merchant.sees("SF1234567890124", anywhere=True)
    await merchant.sends(f"/orders {order_no(1)}")
    assert "· 已发货" in merchant.last.text.splitlines()[1]


async def test_pieces_come_back_from_a_factory_that_has_not_begun(two: Company) -> None:
    merchant, factory, other = two.merchant, two.factory, two.other_factory
    await merchant.sends(f"/assign {order_no(1)} {two.factory_number}")
    card = await factory.sees("新订单", anywhere=True)
    await merchant.sends(f"/orders {order_no(1)}")
    await merchant.taps("拆单")
    assert "大力日用百货厂还没开始处理" in merchant.last.text
    await merchant.taps("八寸 0/2")
    await merchant.taps("下一步：为 2 件选厂家")
    assert not any("大力" in label for label in merchant.last.labels)
    await merchant.taps("由敏记食品厂发出")
    left = await factory.sees("商家把部分商品改给了别家", anywhere=True)
    assert "餐盘" not in left.text
    await other.sees("陶瓷餐盘 × 2", anywhere=True)

    # Who waits for goods is said once, beside that factory.
    await other.taps("缺货等待")
    await other.taps("7 天后")
    await merchant.sees("缺货，需要等待", anywhere=True)
    await merchant.sends(f"/orders {order_no(1)}")
    waiting = merchant.last.text
    assert waiting.count("缺货等待，预计") == 1
    assert waiting.count("晚于发货截止日") == 1

    # What is declined is waiting again, the other part goes on.
    await other.taps("拒单")
    await other.taps("缺货")
    await merchant.sees("敏记食品厂", anywhere=True)
    await merchant.sends(f"/orders {order_no(1)}")
    assert "待分配：陶瓷餐盘 八寸 × 2" in merchant.last.text

    await factory.taps("接单", card)
    await merchant.sends(f"/orders {order_no(1)}")
    await merchant.taps("拆单")
    assert "奶白色" not in merchant.last.text  # accepted: it stays


async def test_a_factory_reads_nowhere_of_the_other_factorys_products(two: Company) -> None:
    merchant, factory, other = two.merchant, two.factory, two.other_factory
    await merchant.sends(f"/orders {order_no(1)}")
    await merchant.taps("拆单")
    await merchant.taps("八寸 0/2")
    await merchant.taps("下一步")
    await merchant.taps("由敏记食品厂发出")
    await merchant.sends(f"/assign {order_no(1)} {two.factory_number}")
    await factory.sees("新订单", anywhere=True)

    fewer = replace(PLATES, pieces=1)
    await imports(two, MUGS, fewer)
    assert "餐盘 数量：2 → 1" in (await other.sees("有变更", anywhere=True)).text
    renamed = replace(fewer, product="陶瓷大餐盘")
    await imports(two, replace(MUGS, pieces=2), renamed)
    told = await factory.sees("有变更", anywhere=True)
    assert "马克杯 数量：3 → 2" in told.text
    await factory.sends(f"/why {order_no(1)}")
    assert factory.last.text.count("订单变更") == 1
    assert not any("餐盘" in one.text for one in await factory.chat())
    assert sum("有变更" in one.text for one in await factory.chat()) == 1
    await other.sees("陶瓷大餐盘", anywhere=True)
    await other.sends(f"/why {order_no(1)}")
    assert other.last.text.count("订单变更") == 2
    assert "马克杯" not in other.last.text

    # The merchant reads all of it, and of each factory what that one was told.
    await merchant.sends(f"/why {order_no(1)}")
    assert "马克杯 数量：3 → 2" in merchant.last.text
    assert "餐盘 数量：2 → 1" in merchant.last.text
    await merchant.sends(f"/orders {order_no(1)}")
    seen = [line for line in merchant.last.text.splitlines() if "尚未确认" in line]
    assert len(seen) == 3
    assert all(("马克杯" in line) == ("大力" in line) for line in seen), seen

    # What the clock told of is told by factory to the merchant, and of no other to a factory.
    await passes(two, hours=12.1)
    await merchant.sees("厂家没动静", anywhere=True)
    await merchant.sends(f"/why {order_no(1)}")
    for name in ("大力日用百货厂", "敏记食品厂"):
        assert f"厂家没动静，已告诉商家（{name}）" in merchant.last.text
    await factory.sends(f"/why {order_no(1)}")
    assert "厂家没动静，已告诉商家\n" in factory.last.text
    assert "敏记" not in factory.last.text


async def test_others_and_old_buttons_split_nothing(two: Company) -> None:
    merchant = two.merchant
    await merchant.sends(f"/orders {order_no(1)}")
    shop = await shop_id(two.stage, two.merchant_number)
    begin = SplitOrder(shop=shop, order=1, counts="zz!", done=1)
    await merchant.forges(begin.pack(), merchant.last)
    assert "请选择要交给另一家厂家的商品件数" in merchant.last.text
    strange = two.other_factory
    await strange.sends("/orders")
    await strange.forges(begin.pack(), strange.last)
    assert "拆单" not in strange.last.text
    await imports(two, Row(order_no(2)))
    await merchant.sends(f"/orders {order_no(2)}")
    assert not any("拆单" in label for label in merchant.last.labels)


async def test_what_a_split_order_grows_by_is_said_to_wait(two: Company) -> None:
    merchant, factory = two.merchant, two.factory
    await merchant.sends(f"/orders {order_no(1)}")
    await merchant.taps("拆单")
    await merchant.taps("八寸 0/2")
    await merchant.taps("下一步")
    await merchant.taps("由敏记食品厂发出")
    await merchant.sends(f"/assign {order_no(1)} {two.factory_number}")
    await factory.sees("新订单", anywhere=True)
    await imports(two, replace(MUGS, pieces=4), PLATES)
    done = await merchant.sees("已导入")
    assert "有件数还没有厂家，请到「待分配」里分配" in done.text
    assert "正在通知厂家" not in done.text
    await imports(two, replace(MUGS, pieces=5, buyer_note="快"), replace(PLATES, buyer_note="快"))
    done = await merchant.sees("已导入")
    assert "有件数还没有厂家" in done.text
    assert "正在通知厂家" in done.text

    # Nobody is to have the pieces of a cancelled order.
    await imports(two, replace(MUGS, status="已关闭"), replace(PLATES, status="已关闭"))
    await merchant.sends(f"/orders {order_no(1)}")
    assert "已取消" in merchant.last.text
    assert "待分配" not in merchant.last.text
