"""Spreadsheets as the tests need them: good ones, odd ones, hostile ones."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from platforms.sheets.cells import Cell

ORDER = "6918273645500103137"
SUB = "6918273645500103138"
GOOD: dict[str, Any] = {
    "主订单编号": ORDER,
    "子订单编号": SUB,
    "选购商品": "纯棉中筒袜",
    "商品规格": "白色;均码",
    "商品数量": "2",
    "商家编码": "WZ-01",
    "商品单价": "12.90",
    "收件人": "林小满",
    "收件人手机号": "13800000001",
    "省": "浙江省",
    "市": "杭州市",
    "区": "西湖区",
    "街道": "北山街道",
    "详细地址": "桂花里6号",
    "买家留言": "-",
    "商家备注": "-",
    "支付完成时间": "2026-11-20 10:00:00",
    "承诺发货时间": "2026-11-22 10:00:00",
    "订单状态": "待发货",
    "售后状态": "-",
}
HEADER = tuple(GOOD)


def table(*rows: Mapping[str, Any], header: Sequence[str] = HEADER) -> list[list[Cell]]:
    """A header and rows, each the good row with some values changed."""
    return [list(header), *([(GOOD | dict(row)).get(name, "") for name in header] for row in rows)]


def xlsx(rows: Iterable[Sequence[Any]], *, at: tuple[int, int] = (0, 0)) -> bytes:
    """A workbook: text as text, numbers as numbers, datetimes as dates."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows, start=at[0]):
            for column, value in enumerate(row, start=at[1]):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif isinstance(value, datetime):
                    sheet.write_datetime(number, column, value)
                else:
                    sheet.write(number, column, value)
    return target.getvalue()


def text(rows: Iterable[Sequence[Any]], delimiter: str = ",") -> str:
    """Delimited text."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue()


def with_parts(workbook: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A copy of a workbook with some parts replaced or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return target.getvalue()


def with_endless_part(workbook: bytes, name: str, megabytes: int) -> bytes:
    """A copy with one part that unpacks to that many megabytes; written without holding them."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        with new.open(name, "w", force_zip64=True) as part_file:
            block = b"<row><c><v>1</v></c></row>" * 40_330
            for _ in range(megabytes):
                part_file.write(block)
    return target.getvalue()
