"""A merchant narrows the lists part by part, sees by what, and clears it again."""

from playground.phone import Phone
from tests.cast import CHEN_XIN, Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, group
from tests.conversations.helping import joins, shop_id


def shown(phone: Phone) -> list[str]:
    """Return the ends of the orders in the list."""
    return [
        label.removeprefix("☐ ").removeprefix("☑ ")[1:7]
        for label in phone.last.labels
        if "…1000" in label
    ]


async def test_parts_are_chosen_joined_and_cleared(company: Company) -> None:
    merchant = company.merchant
    rows = [
        Row(order_no(1), code="MUG-01"), Row(order_no(2), code="CUP-8", hours=70),
        Row(order_no(3), code="CUP-8", hours=1),
    ]  # fmt: skip
    await company.stage.imports(merchant, rows)
    await merchant.sends("/orders")
    await merchant.taps("🧮 筛选")
    assert "一直有效" in merchant.last.text
    await merchant.taps("🏷 商品编码")
    await merchant.taps("CUP-8")
    assert "🧮 筛选：CUP-8" in merchant.last.text
    assert shown(merchant) == ["100003", "100002"]
    assert "待分配 · 符合 2 单，共 3 单" in merchant.last.text
    assert "全选筛选结果（2）" in merchant.last.labels
    await merchant.taps("🧮 筛选")
    await merchant.taps("📍 省份")
    assert "浙江" in merchant.last.labels
    await merchant.sends("浙江省")
    assert "🧮 筛选：CUP-8 · 浙江" in merchant.last.text
    await merchant.taps("🧮 筛选")
    await merchant.taps("☐ 今天截止")
    assert "今天截止（含超时）" in merchant.last.text
    assert shown(merchant) in (["100003"], [])  # one hour from now may be tomorrow
    await merchant.sends("待发货")
    assert "🧮 筛选" in merchant.last.text
    await merchant.sends("/orders")
    assert "CUP-8 · 浙江" in merchant.last.text
    await merchant.taps("✖️ 清除筛选")
    assert "筛选：" not in merchant.last.text
    assert len(shown(merchant)) == 3


async def test_days_are_typed_and_what_is_unclear_is_asked_again(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [Row(order_no(1), hours=47)])  # paid an hour ago
    await merchant.sends("/orders")
    await merchant.taps("🧮 筛选")
    await merchant.taps("💰 付款时间")
    await merchant.sends("上辈子")
    assert "没看懂" in merchant.last.text
    await merchant.sends("2020-01-01 2026-01-01")
    assert "最多 366 天" in merchant.last.text
    await merchant.sends("2020.1.1-2020.1.31")
    assert "付款 2020-01-01 到 2020-01-31" in merchant.last.text
    assert "没有符合筛选条件的订单" in merchant.last.text
    await merchant.taps("🧮 筛选")
    await merchant.taps("付款时间：2020")
    await merchant.taps("近 7 天")
    assert shown(merchant) == ["100001"]
    # The question was closed by the button: a number is a number again.
    await merchant.sends("100001")
    assert "收件人" in merchant.last.text


async def test_an_unknown_code_or_province_changes_nothing(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [Row(order_no(1))])
    await merchant.sends("/orders")
    for part, typed, words in (
        ("🏷 商品编码", "NONE-1", "没有订单含这个商品编码"), ("📍 省份", "火星", "没认出是哪个省"),
    ):  # fmt: skip
        await merchant.taps("🧮 筛选")
        await merchant.taps(part)
        asked = merchant.last
        await merchant.sends(typed)
        assert words in merchant.last.text
        await merchant.taps("⬅️ 筛选", asked)
        await merchant.sends("/orders")
        assert shown(merchant) == ["100001"]


async def test_a_factory_is_chosen_also_after_its_binding_ended(company: Company) -> None:
    merchant = company.merchant
    await company.stage.binds(merchant, company.other_factory, company.other_number)
    [card] = await assigned(company, Row(order_no(1)))
    await company.factory.replies(card, "SF1234567890123")
    await merchant.sees("SF1234567890123")
    await merchant.sends("已发货")
    await merchant.taps("🧮 筛选")
    await merchant.taps("🏭 厂家")
    await merchant.taps("敏记食品厂")
    assert "没有符合筛选条件的订单" in merchant.last.text
    await merchant.taps("🧮 筛选")
    await merchant.taps("🏭 厂家：敏记食品厂")
    await merchant.taps("大力日用百货厂")
    assert shown(merchant) == ["100001"]
    await merchant.taps("待分配 0")
    assert "待分配的订单还没有厂家" in merchant.last.text


async def test_each_person_has_a_filter_of_their_own_also_in_a_group(company: Company) -> None:
    merchant = company.merchant
    rows = [Row(order_no(1), code="MUG-01"), Row(order_no(2), code="CUP-8")]
    await company.stage.imports(merchant, rows)
    colleague = await joins(company.stage, CHEN_XIN, company.merchant_number)
    chat = await group(company, merchant, colleague)
    await merchant.sends("/orders", chat_id=chat)
    await merchant.taps("🧮 筛选", chat_id=chat)
    await merchant.taps("🏷 商品编码", chat_id=chat)
    assert "回复本条消息" in merchant.last_in[chat].text
    await merchant.replies(merchant.last_in[chat], "cup-8")
    await merchant.sees("筛选：CUP-8", chat_id=chat)
    await colleague.sends("/orders")
    assert "筛选：" not in colleague.last.text
    assert len(shown(colleague)) == 2
    assert await shop_id(company.stage, company.merchant_number)
