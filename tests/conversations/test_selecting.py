"""Selecting: all that match a filter, pasted numbers and ends, none again; what was left out."""

import io
from collections.abc import Sequence

from python_calamine import CalamineWorkbook

from bot.keyboards.data import SkippedFile
from tests.cast import CHEN_XIN, Row, order_no
from tests.conftest import Company
from tests.conversations.at_work import group
from tests.conversations.helping import counts, joins, shop_id


def mugs(n: int, code: str = "MUG-01", since: int = 0) -> list[Row]:
    return [Row(order_no(i), hours=5 + i, code=code) for i in range(since, since + n)]


async def test_all_that_match_the_filter_are_ticked_over_all_pages(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [*mugs(10), *mugs(12, "CUP-8", 20)])
    await merchant.sends("/orders")
    await merchant.taps("🧮 筛选")
    await merchant.taps("🏷 商品编码")
    await merchant.taps("CUP-8")
    await merchant.taps("全选筛选结果（12）")
    assert "已选 12 单" in merchant.last.text
    assert "分配已选（12）" in merchant.last.labels
    assert sum(label.startswith("☑ …") for label in merchant.last.labels) == 8
    await merchant.taps("☑ …100020")
    await merchant.taps("✖️ 清除筛选")
    assert "分配已选（11）" in merchant.last.labels
    await merchant.taps("分配已选（11）")
    await merchant.taps("确认分配")
    assert await counts(company.stage, company.factory_number) == {"to_ship": 11}


async def test_pasted_numbers_and_ends_add_up_over_several_messages(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [*mugs(4), Row("B-55100001")])
    await merchant.sends(f"/assign {order_no(3)} {company.factory_number}")
    await merchant.sends("/orders")
    await merchant.taps("📋 粘贴单号")
    await merchant.sends(f"张三 {order_no(0)}，尽快！\n尾号：0100002；¥39.90")
    assert "已选 2 单" in merchant.last.text
    await merchant.sends(f"{order_no(3)} 00001 999999 {order_no(0)}")
    said = merchant.last.text
    assert "没有新选上的订单，仍是已选 2 单" in said
    assert "已分配（1 单）：…100003" in said
    assert "你的订单里没有：999999" in said
    assert f"结尾是 00001 的待分配订单不止一单：{order_no(1)}" in said
    assert "B-55100001" in said
    await merchant.sends("一个数字也没有")
    assert "没有订单号" in merchant.last.text
    await merchant.taps("分配已选（2）")
    await merchant.taps("确认分配")
    assert await counts(company.stage, company.factory_number) == {"to_ship": 3}
    # The question is closed by assigning: the next message is no paste any more.
    await merchant.sends("好的")
    assert "/help" in merchant.last.text


async def test_what_is_ticked_can_be_cleared(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(3))
    await merchant.sends("/orders")
    await merchant.taps("📋 粘贴单号")
    await merchant.sends(" ".join(row.order_no for row in mugs(3)))
    await merchant.taps("查看并勾选")
    assert "分配已选（3）" in merchant.last.labels
    answer = await merchant.taps("🗑 清空已选")
    assert "一单都没选" in answer.text
    assert "分配已选（0）" in merchant.last.labels
    assert not any("☑ …" in label for label in merchant.last.labels)


async def test_a_line_takes_ends_and_names_those_of_several_orders(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [*mugs(3), Row("C-0100002")])
    await merchant.sends(f"/assign 100000 100001 100002 {company.factory_number}")
    assert "订单 2 单" in merchant.last.text
    assert "结尾是 100002 的待分配订单不止一单" in merchant.last.text


async def test_a_line_of_which_no_number_is_clear_says_so_of_each(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [*mugs(3), Row("C-0100002")])
    await merchant.sends(f"/assign 100002 88888 {company.factory_number}")
    assert "你的订单里没有：88888" in merchant.last.text
    assert f"结尾是 100002 的待分配订单不止一单：C-0100002、{order_no(2)}" in merchant.last.text
    await merchant.sends("/assign 88888")
    assert "你的订单里没有：88888" in merchant.last.text


async def test_in_a_group_a_paste_is_a_reply_of_any_member(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, mugs(2))
    colleague = await joins(company.stage, CHEN_XIN, company.merchant_number)
    chat = await group(company, merchant, colleague)
    await merchant.sends("/orders", chat_id=chat)
    await merchant.taps("📋 粘贴单号", chat_id=chat)
    await colleague.sends(order_no(1), merchant.last_in[chat], chat_id=chat)
    said = await colleague.sees("已选 1 单", chat_id=chat)
    await colleague.replies(said, order_no(0))
    await colleague.sees("已选 2 单", chat_id=chat)


async def test_what_was_left_out_comes_as_a_file_with_reasons(company: Company) -> None:
    merchant = company.merchant
    await company.stage.imports(merchant, [*mugs(3), Row(order_no(50), name="张**")])
    await merchant.sends("/assign")
    await merchant.taps("全部 4 单")
    dry_run = merchant.last
    await merchant.taps("下载跳过的订单")
    header, row = await cells(company)
    assert header == ["订单编号", "商品", "原因"]
    assert row == [order_no(50), "陶瓷马克杯 奶白色", "收件信息不全"]
    colleague = await joins(company.stage, CHEN_XIN, company.merchant_number)
    await company.stage.imports(colleague, [Row(order_no(1), hours=6, buyer_note="改地址")])
    await merchant.taps("确认分配", dry_run)
    await merchant.sees("核对后有变更")
    await merchant.taps("下载跳过的订单")
    _, *rows = await cells(company)
    assert {row[0]: row[2] for row in rows} == {
        order_no(1): "核对后有变更", order_no(50): "收件信息不全",
    }  # fmt: skip
    stranger = company.other_factory
    forged = SkippedFile(shop=await shop_id(company.stage, company.merchant_number), draft=2)
    answer = await stranger.forges(forged.pack(), stranger.last)
    assert answer.show_alert


async def cells(company: Company) -> Sequence[Sequence[object]]:
    """Return the rows of the file just sent."""
    file = company.merchant.last
    assert file.document is not None, file.text
    content = await company.merchant.downloads(file)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


async def test_a_file_of_very_many_is_made_beside(company: Company) -> None:
    merchant = company.merchant
    rows = [Row(order_no(i), name="张**") for i in range(501)]
    await merchant.uploads("订单.xlsx", _export([*rows, Row(order_no(600))]))
    await merchant.sees("以上为预览", 30)
    await merchant.taps("确认导入")
    await merchant.sees("已导入", 30)
    await merchant.sends("/assign")
    await merchant.taps("全部 502 单")
    await merchant.taps("下载跳过的订单")
    await merchant.sees("跳过了 501 单", 30)
    assert len(await cells(company)) == 502
    await merchant.sees("文件好了")


def _export(rows: list[Row]) -> bytes:
    from tests.cast import export

    return export(rows)
