"""The merchant downloads what shipped, with numbers, as .xlsx; never a recipient or a formula."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from python_calamine import CalamineWorkbook

from bot.keyboards.data import Export
from bot.screens.exports import workbook
from bot.texts import translator
from tests.cast import Row, order_no
from tests.conftest import Company
from tests.conversations.helping import shop_id


def cells(content: bytes) -> Sequence[Sequence[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


async def test_what_shipped_today_comes_with_carrier_and_number_and_no_recipient(
    company: Company,
) -> None:
    merchant, factory = company.merchant, company.factory
    await company.stage.imports(merchant, [Row(order_no(1), product="=HYPERLINK(1)")])
    await merchant.sends(f"/assign {order_no(1)} {company.factory_number}")
    await factory.sees("HYPERLINK", anywhere=True)
    await factory.taps("填写单号")
    await factory.replies(factory.last, "SF1234567890123")
    await merchant.sends("/export")
    await merchant.taps("今天")
    file = merchant.last
    assert "共 1 个包裹" in file.text
    assert file.document is not None
    assert file.document["file_name"].startswith("已发货_")
    header, row = cells(await merchant.downloads(file))
    assert dict(zip(header, row, strict=True))["快递单号"] == "SF1234567890123"
    assert row[0] == order_no(1)
    assert row[3] == "=HYPERLINK(1)"
    assert "大力日用百货厂" in row
    assert "顺丰速运" in row
    assert not any("张" in str(cell) or "139" in str(cell) for cell in row)


async def test_nothing_shipped_says_so_with_the_way_on(company: Company) -> None:
    await company.merchant.sends("导出")
    await company.merchant.taps("近 7 天")
    assert "没有发货的订单" in company.merchant.last.text
    await company.merchant.taps("换个时间")
    assert "近 30 天" in company.merchant.last.labels


async def test_only_the_merchant_exports(company: Company) -> None:
    await company.factory.sends("/export")
    assert "商家的功能" in company.factory.last.text
    mine = await shop_id(company.stage, company.merchant_number)
    answer = await company.factory.forges(Export(shop=mine, days=0).pack(), company.factory.last)
    assert answer.show_alert


def test_every_cell_is_text_and_times_are_china_time() -> None:
    row = {
        "order_no": "6940000000000100001", "platform": "doudian", "sub_order_no": "+1",
        "product_name": '=cmd|"/c calc"!A1', "sku_spec": "@红", "product_code": "-1",
        "quantity": 2, "carrier": "sf", "tracking_number": "123456789012", "tag": "A2B3",
        "shipped_at": datetime(2026, 11, 22, 16, 30, tzinfo=UTC), "factory": "厂", "alias": "老王",
    }  # fmt: skip
    _, values = cells(workbook(translator("zh_CN"), [row]))
    assert values == [
        "6940000000000100001", "+1", "抖店", '=cmd|"/c calc"!A1', "@红", "-1", "2", "老王", "A2B3",
        "顺丰速运", "123456789012", "2026-11-23 00:30:00",
    ]  # fmt: skip


def test_a_workbook_of_many_rows_is_whole() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    rows = [
        {
            "order_no": str(n), "platform": "own", "sub_order_no": "", "product_name": "杯子",
            "sku_spec": "", "product_code": "", "quantity": 1, "carrier": "zto", "tag": "A2B3",
            "tracking_number": str(n), "factory": "厂", "alias": "",
            "shipped_at": at + timedelta(seconds=n),
        }
        for n in range(2000)
    ]  # fmt: skip
    assert [row[0] for row in cells(workbook(translator("en"), rows))[1:]] == [
        str(n) for n in range(2000)
    ]
