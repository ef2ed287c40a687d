"""Files as people send them: workbooks and text in every encoding, and what is no sheet at all."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.imports.incoming import (
    EmptyFile,
    Encrypted,
    MissingColumns,
    NoHeader,
    NotASheet,
    OldFormat,
    Reason,
    SheetError,
    TooLarge,
    TooManyRows,
    Unreadable,
)
from platforms.sheets.limits import Limits
from platforms.sheets.reading import parse_file
from tests.sheets.making import GOOD, HEADER, ORDER, SUB, table, text, with_parts, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TEXT = text(table({"主订单编号": ORDER + "\t", "买家留言": '多行\n留言，带逗号, 和引号"'}))


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8-sig", b""),
        ("gbk", b""),
        ("gb18030", b""),
        ("utf-16", b""),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
)
async def test_text_is_read_in_every_encoding_exports_have(encoding: str, mark: bytes) -> None:
    sheet = await parse_file(mark + TEXT.encode(encoding), "导出.csv")
    (order,) = sheet.orders
    assert (order.order_no, order.recipient.name) == (ORDER, "林小满")
    assert order.buyer_note == '多行\n留言，带逗号, 和引号"'


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
async def test_text_is_read_with_every_delimiter(delimiter: str) -> None:
    sheet = await parse_file(text(table({}), delimiter).encode(), "a.csv")
    assert [order.order_no for order in sheet.orders] == [ORDER]


async def test_a_workbook_is_read_from_bytes_and_from_its_path(tmp_path: Path) -> None:
    data = xlsx(table({}, {"子订单编号": SUB + "1"}))
    path = tmp_path / "导出 1.xlsx"
    path.write_bytes(data)
    from_bytes = await parse_file(data, "导出.xlsx")
    assert from_bytes == await parse_file(path, "导出.xlsx")
    assert len(from_bytes.orders[0].lines) == 2


async def test_a_workbook_and_a_text_of_the_same_rows_hold_the_same_orders() -> None:
    rows = table({}, {"主订单编号": ORDER[:-1] + "9", "商品数量": "0"})
    assert await parse_file(xlsx(rows), "a.xlsx") == await parse_file(text(rows).encode(), "a.csv")


async def test_numbers_dates_and_formulas_in_a_workbook() -> None:
    row: dict[str, Any] = {
        "商品数量": 2,
        "商品单价": 12.9,
        "收件人手机号": 13800000001,
        "支付完成时间": datetime(2026, 11, 20, 10),  # noqa: DTZ001  a date cell has no zone
        "承诺发货时间": 46348.5,
    }
    (order,) = (await parse_file(xlsx(table(row)), "a.xlsx")).orders
    assert order.recipient.phone == "13800000001"
    assert order.lines[0].price_fen == 1290
    assert order.paid_at is not None
    assert order.paid_at.isoformat() == "2026-11-20T02:00:00+00:00"
    assert order.ship_by is not None
    assert order.ship_by.isoformat() == "2026-11-22T04:00:00+00:00"


async def test_an_order_number_kept_as_a_number_lost_its_digits() -> None:
    sheet = await parse_file(xlsx(table({"主订单编号": int(ORDER)})), "a.xlsx")
    assert [one.reason for one in sheet.refused] == [Reason.LOST_DIGITS]


async def test_row_numbers_are_those_the_spreadsheet_shows() -> None:
    data = xlsx(table({"商品数量": "0"}), at=(3, 2))
    assert [one.row for one in (await parse_file(data, "a.xlsx")).refused] == [5]


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.pdf", "a", "a.xls"])
async def test_a_workbook_under_another_name_is_read_all_the_same(name: str) -> None:
    assert (await parse_file(xlsx(table({})), name)).orders


async def test_a_text_under_a_workbooks_name_is_read_or_said_to_be_text() -> None:
    assert (await parse_file(TEXT.encode("gbk"), "a.xls")).orders
    with pytest.raises(NotASheet) as caught:
        await parse_file(b"hello, world", "a.xlsx")
    assert caught.value.found == "text"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFile),
        (b"\xef\xbb\xbf", EmptyFile),
        (b"\r\n\r\n", EmptyFile),
        (OLE + "EncryptedPackage".encode("utf-16-le"), Encrypted),
        (OLE + "Workbook".encode("utf-16-le"), OldFormat),
        ("姓名,年龄\n林小满,3\n".encode(), NoHeader),
        ("\x81\x8d坏".encode() + b"\xff\xff", Unreadable),
        (xlsx([[""]]), EmptyFile),
        (xlsx([["姓名", "年龄"], ["林小满", "3"]]), NoHeader),
        (xlsx(table({}))[:-200], Unreadable),
        (xlsx(table({}))[:600], Unreadable),
    ],
)
async def test_a_file_that_cannot_be_taken_says_why(data: bytes, error: type[SheetError]) -> None:
    with pytest.raises(error):
        await parse_file(data, "a.xlsx" if data.startswith(b"PK") else "a.csv")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7\n...", "pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "image"),
        (b"\xff\xd8\xff\xe0" + bytes(64), "image"),
        (b"Rar!\x1a\x07\x01\x00", "archive"),
        (b"7z\xbc\xaf\x27\x1c", "archive"),
        (b"\x1f\x8b\x08" + bytes(64), "archive"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "html"),
        (b"  \n<!DOCTYPE html><html></html>", "html"),
        (b'<?xml version="1.0"?><Workbook/>', "html"),
        (OLE, "ole"),
        (bytes(range(256)) * 8, "unknown"),
    ],
)
async def test_what_is_no_sheet_is_named(data: bytes, found: str) -> None:
    with pytest.raises(NotASheet) as caught:
        await parse_file(data, "a.xls")
    assert caught.value.found == found


async def test_missing_columns_come_back_from_the_reader_by_name() -> None:
    header = tuple(name for name in HEADER if name != "收件人手机号")
    with pytest.raises(MissingColumns) as caught:
        await parse_file(xlsx(table({}, header=header)), "a.xlsx")
    assert caught.value.columns == ("收件人手机号",)


async def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    for source in (path, b"x" * (20 * 1024 * 1024 + 1)):
        with pytest.raises(TooLarge):
            await parse_file(source, "big.csv")


async def test_more_rows_than_are_taken_refuse_the_file() -> None:
    rows = table(*({"子订单编号": f"{SUB}{place}"} for place in range(6)))
    for data in (xlsx(rows), text(rows).encode()):
        with pytest.raises(TooManyRows) as caught:
            await parse_file(data, "a", limits=Limits(rows=5))
        assert caught.value.limit == 5


async def test_ten_thousand_orders_are_read() -> None:
    rows = [list(HEADER)]
    for place in range(10_000):
        changed = {"主订单编号": f"69182736455{place:08d}", "子订单编号": f"69182736456{place:08d}"}
        rows.append([str(value) for value in (GOOD | changed).values()])
    sheet = await parse_file(text(rows).encode(), "a.csv")
    assert (len(sheet.orders), sheet.refused) == (10_000, ())


async def test_the_first_sheet_with_orders_is_the_one_that_is_read() -> None:
    first, second = xlsx([["说明"], ["请勿修改"]]), xlsx(table({}))
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        workbook = book.read("xl/workbook.xml").replace(
            b"</sheets>", b'<sheet name="two" sheetId="2" r:id="rId99"/></sheets>'
        )
        relations = book.read("xl/_rels/workbook.xml.rels").replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
        )
    with zipfile.ZipFile(io.BytesIO(second)) as book:
        sheet, strings = book.read("xl/worksheets/sheet1.xml"), book.read("xl/sharedStrings.xml")
    both = with_parts(
        first,
        {
            "xl/workbook.xml": workbook,
            "xl/_rels/workbook.xml.rels": relations,
            "xl/worksheets/sheet2.xml": sheet,
            "xl/sharedStrings.xml": strings,
        },
    )
    assert [order.order_no for order in (await parse_file(both, "a.xlsx")).orders] == [ORDER]
