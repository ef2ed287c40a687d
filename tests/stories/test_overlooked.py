"""A parcel leaves though nobody has seen a change: both sides read so, loudly where it matters."""

from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import assigned, imports, tag_of

ONE, TWO = order_no(1), order_no(2)
NUMBER, OTHER = "SF1234567890123", "SF1234567890234"
OLD = "包裹可能寄往旧地址"


async def test_a_parcel_that_may_go_to_the_old_address_is_told_to_both(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    await factory.taps("查看收件信息", card)
    await factory.sees("稠江街道示例路 1 号")
    await imports(company, Row(ONE, address="新华路 7 号"))
    changed = await factory.sees("有变更", anywhere=True)
    await factory.replies(card, NUMBER)
    shipped = await factory.sees("✅ 已发货")
    assert "发货前收件信息改过，还没人点「已知晓」" in shipped.text
    told = await merchant.sees("🚚", anywhere=True)
    assert OLD in told.text
    assert "⚠️ " in told.text.split("🔄")[1]
    # It did not change after the parcel had left, and the card does not say so.
    standing = next(m for m in await factory.chat() if m.message_id == changed.message_id)
    assert "发货前收件信息改过" in standing.text
    assert "包裹发出后" not in standing.text
    await merchant.sends(f"/why {ONE}")
    assert "未确认变更就发货：顺丰速运 SF1234567890123" in merchant.last.text


async def test_who_has_looked_again_has_the_new_address_and_nobody_is_alarmed(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    [card] = await assigned(company, Row(ONE))
    await imports(company, Row(ONE, address="新华路 7 号"))
    changed = await factory.sees("有变更", anywhere=True)
    assert "旧地址作废" in changed.text
    await factory.taps("查看收件信息", changed)
    await factory.sees("新华路 7 号")
    # The first look was at the new address: there is no old slip to throw away.
    await factory.sends("/orders")
    await factory.taps(tag_of(card))
    assert "已查看/打印过旧地址" not in factory.last.text
    await factory.replies(card, NUMBER)
    assert "收件信息改过" not in (await factory.sees("✅ 已发货")).text
    assert OLD not in (await merchant.sees("🚚", anywhere=True)).text


async def test_of_many_shipped_at_once_those_with_unseen_changes_are_named_first(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    rows = [Row(order_no(n)) for n in range(1, 8)]
    await imports(company, *rows)
    await merchant.sends(
        f"/assign {' '.join(row.order_no for row in rows)} {company.factory_number}"
    )
    await factory.sees("分来 7 单", anywhere=True)
    changed = [
        Row(order_no(5), pieces=2),
        Row(order_no(6), address="新华路 7 号"),
        Row(order_no(7), hours=30),
    ]
    await imports(company, *changed)
    await factory.sees(order_no(7), anywhere=True)
    lines = "\n".join(f"{order_no(n)} SF12345678901{n:02d}" for n in range(1, 8))
    await factory.sends(lines)
    report = await factory.sees("已发货 7 单")
    assert "发货前收件信息改过" in report.text
    assert "请核对包裹里的东西" in report.text
    told = await merchant.sees("已发货 7 单", anywhere=True)
    assert "其中 2 单的变更没确认就发了" in told.text
    first, second = [line for line in told.text.splitlines() if "没确认" in line][1:]
    assert "100006" in first
    assert "新收件信息没确认" in first
    assert "100005" in second


async def test_a_new_deadline_or_a_refund_over_makes_no_parcel_wrong(company: Company) -> None:
    merchant, factory = company.merchant, company.factory
    [card, _] = await assigned(company, Row(ONE), Row(TWO))
    await imports(company, Row(ONE, hours=30))
    await factory.sees("有变更", anywhere=True)
    await factory.replies(card, NUMBER)
    assert "⚠️" not in (await factory.sees("✅ 已发货")).text
    told = await merchant.sees("🚚", anywhere=True)
    assert "⚠️" not in told.text
    assert "▫️" in told.text


async def test_what_goes_along_in_a_parcel_with_a_change_nobody_saw_is_named(
    company: Company,
) -> None:
    factory = company.factory
    [card, other] = await assigned(company, Row(ONE), Row(TWO))
    await imports(company, Row(TWO, pieces=3))
    await factory.sees("有变更", anywhere=True)
    await factory.replies(card, NUMBER)
    await factory.taps("合并发货", await factory.sees("✅ 已发货"))
    told = await factory.sees("一起发货", anywhere=True)
    assert "请核对包裹里的东西" in told.text
    assert tag_of(other) in told.text.split("请核对包裹里的东西")[1]
