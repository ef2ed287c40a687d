"""A packing list sent back: read by its headings, numbers whole or refused, through the child."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from core.imports.incoming import EmptyFile, NotASheet, SheetError
from core.shipments.filled import FilledList, filled_lines
from platforms.sheets.filled import read_filled
from platforms.sheets.limits import Limits
from platforms.sheets.numbers import read_numbers

HEADERS = (
    "短号",
    "订单号",
    "商品",
    "规格",
    "编码",
    "数量",
    "备注",
    "发货截止",
    "快递公司",
    "快递单号",
)
ORDER = "6940000000000100001"


def book(*rows: Sequence[object], headers: Sequence[str] = HEADERS) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for place, row in enumerate([headers, *rows] if headers else rows):
            for column, value in enumerate(row):
                write = (
                    sheet.write_number if isinstance(value, (int, float)) else sheet.write_string
                )
                write(place, column, value)
    return file.getvalue()


def row(
    tag: str, order: object, number: object, quantity: object = "1", carrier: str = ""
) -> list[object]:
    return [tag, order, "马克杯", "奶白色", "MUG-01", quantity, "", "03-02 18:00", carrier, number]


def read(data: bytes) -> FilledList:
    return read_filled(data, Limits())


def pasted(data: bytes) -> list[tuple[list[str], list[tuple[str, str | None, int | None]], str]]:
    return [
        (
            [word.text for word in line.words],
            [(one.text, one.carrier, one.pieces) for one in line.numbers],
            line.fault,
        )
        for line in filled_lines(read(data))
    ]


def test_rows_with_a_number_are_lines_the_others_are_counted() -> None:
    data = book(
        row("K7M2", ORDER, "SF1234567890123", carrier="顺丰"),
        row("K8M2", ORDER, ""),
        row("K9M2", ORDER, "-"),
    )
    assert pasted(data) == [(["K7M2", ORDER], [("SF1234567890123", "sf", None)], "")]
    assert read(data).blank == 2


def test_numbers_spreadsheets_have_touched_are_whole_again_or_refused() -> None:
    found = pasted(
        book(
            row("K7M2", ORDER, 431234567890123),
            row("K8M2", ORDER, "'78123456789012\t"),
            row("K9M2", ORDER, "78123456789012.0"),
            row("KAM2", ORDER, 6.94e18),
            row("KBM2", ORDER, "7.8123E+13"),
        )
    )
    assert [numbers[0][0] for _, numbers, _ in found[:3]] == [
        "431234567890123", "78123456789012", "78123456789012",
    ]  # fmt: skip
    assert [fault for *_, fault in found] == ["", "", "", "mangled", "mangled"]


def test_a_rounded_order_number_beside_a_tag_does_no_harm() -> None:
    [(words, _, fault)] = pasted(book(row("K7M2", 6.94e18, "SF1234567890123")))
    assert (words, fault) == (["K7M2"], "")
    [(words, _, fault)] = pasted(book(row("", 6.94e18, "SF1234567890123")))
    assert (words, fault) == ([], "mangled")


def test_an_order_of_two_products_with_two_numbers_has_their_quantities_in_them() -> None:
    found = pasted(
        book(
            row("K7M2", ORDER, "SF1234567890123", 2),
            row("K7M2", ORDER, "SF1234567890124", 1),
            row("K8M2", ORDER, "SF1234567890125", 2),
            row("K8M2", ORDER, "SF1234567890125", 1),
        )
    )
    assert [numbers for _, numbers, _ in found] == [
        [("SF1234567890123", None, 2)],
        [("SF1234567890124", None, 1)],
        [("SF1234567890125", None, None)],
    ]


def test_a_file_without_headings_is_read_like_a_paste() -> None:
    for data in (
        book(["K7M2", "SF1234567890123"], ["K8M2", 78123456789012], headers=()),
        "K7M2,SF1234567890123\nK8M2,78123456789012".encode("gb18030"),
        "K7M2 SF1234567890123\r\nK8M2 78123456789012\r\n".encode("utf-8-sig"),
    ):
        lines = filled_lines(read(data))
        assert [[word.text for word in line.words] for line in lines] == [
            ["K7M2", "SF1234567890123"], ["K8M2", "78123456789012"],
        ]  # fmt: skip


async def test_the_child_reads_it_too_and_refuses_what_is_no_file_of_numbers(
    tmp_path: Path,
) -> None:
    path = tmp_path / "装箱单.xlsx"
    path.write_bytes(book(row("K7M2", ORDER, "SF1234567890123")))
    found = await read_numbers(path, "装箱单.xlsx")
    assert found.rows[0].number == "SF1234567890123"
    for data, error in ((b"%PDF-1.4", NotASheet), (b" \n", EmptyFile)):
        with pytest.raises(error):
            await read_numbers(data, "a.xlsx")
    with pytest.raises(SheetError):
        await read_numbers(b"PK\x03\x04 no archive", "a.xlsx")
