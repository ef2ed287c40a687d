"""The template: handed out, filled in, sent back, imported."""

import io

import xlsxwriter
from python_calamine import load_workbook

from core.imports.own_sheet import EXAMPLE_ORDER_NO, OWN_COLUMNS
from playground.phone import Phone
from tests.conftest import Company
from tests.conversations.helping import counts

HEADER = [column.name for column in OWN_COLUMNS]


async def rows_of(phone: Phone, words: str) -> list[list[object]]:
    """Return the first sheet of the file under these words."""
    data = await phone.downloads(await phone.sees(words))
    return [list(row) for row in load_workbook(io.BytesIO(data)).get_sheet_by_index(0).iter_rows()]


def filled(*rows: list[object]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, str(cell))
    return file.getvalue()


def order(order_no: str, product: str = "陶瓷马克杯", pieces: str = "2") -> list[object]:
    values = {
        "订单号": order_no, "商品名称": product, "数量": pieces, "收件人": "张三丰",
        "手机": "13912345678", "收货地址": "浙江省金华市义乌市稠江街道示例路 1 号",
    }  # fmt: skip
    return [values.get(name, "") for name in HEADER]


async def test_the_template_is_handed_out_filled_in_sent_back_and_imported(
    company: Company,
) -> None:
    merchant = company.merchant
    await merchant.sends("/assign")
    await merchant.taps("下载模板")
    template = await rows_of(merchant, "订单模板")
    assert template[0] == HEADER
    assert [row[0] for row in template[1:]] == [EXAMPLE_ORDER_NO]
    rows = [*template, order("A-1001"), order("A-1001", "玻璃杯", "1"), order("A-1002")]
    await merchant.uploads("订单模板.xlsx", filled(*rows))
    preview = await merchant.sees("新订单：2 单")
    assert "未通过" not in preview.text
    assert "缺少" not in preview.text
    await merchant.taps("确认导入")
    await merchant.sees("✅ 已导入")
    assert await counts(company.stage, company.merchant_number) == {"unassigned": 2}


async def test_a_template_sent_back_as_it_is_imports_nothing_and_says_why(
    company: Company,
) -> None:
    merchant = company.merchant
    await merchant.sends("模板")
    template = await rows_of(merchant, "订单模板")
    await merchant.uploads("订单模板.xlsx", filled(*template))
    preview = await merchant.sees("没有需要导入的订单")
    assert "第 2 行：这是模板的示例行" in preview.text


async def test_whoever_sends_what_is_no_export_is_offered_the_template(company: Company) -> None:
    merchant = company.merchant
    await merchant.uploads("订单.csv", "今天,天气,很好\n1,2,3\n".encode())
    await merchant.sees("没认出订单表头")
    await merchant.taps("下载模板")
    await merchant.sees("订单模板")


async def test_a_factory_is_told_that_the_template_is_for_merchants(company: Company) -> None:
    await company.factory.sends("/template")
    assert "商家的功能" in company.factory.last.text
