"""Files that mean harm: refused soon, and the process that asked does not grow."""

import asyncio
import contextlib
import io
import random
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Awaitable

import psutil
import pytest

from core.imports.incoming import (
    NotASheet,
    SheetError,
    TookTooLong,
    TooManyRows,
    UnpacksTooLarge,
    Unreadable,
)
from platforms.sheets.limits import MEGABYTE, Limits
from platforms.sheets.mapping import HANDED_BACK
from platforms.sheets.parsing import parse
from platforms.sheets.reading import parse_file
from tests.sheets.making import HEADER, SUB, table, text, with_endless_part, with_parts, xlsx

SHEET = "xl/worksheets/sheet1.xml"
GOOD = xlsx(table({}))
MOST_SECONDS = 5.0
MOST_GROWTH = 50 * MEGABYTE


async def grown_by(work: Awaitable[object]) -> tuple[int, SheetError | None]:
    """How much this process grew at its largest while working, and the refusal."""
    me = psutil.Process()
    before = largest = me.memory_info().rss
    task = asyncio.ensure_future(work)
    while not task.done():
        await asyncio.wait([task], timeout=0.005)
        largest = max(largest, me.memory_info().rss)
    fault = task.exception()
    assert fault is None or isinstance(fault, SheetError)
    return largest - before, fault


async def refused(data: bytes, limits: Limits | None = None) -> SheetError:
    started = time.monotonic()
    growth, fault = await grown_by(parse_file(data, "a.xlsx", limits=limits))
    assert fault is not None
    assert time.monotonic() - started < MOST_SECONDS
    assert growth < MOST_GROWTH
    return fault


def children() -> set[psutil.Process]:
    """The processes that this one began: other tests' too, some of which live on."""
    return set(psutil.Process().children())


def lying(workbook: bytes, name: str, claimed: int) -> bytes:
    """The same archive, whose directory claims another size for one part."""
    data = bytearray(workbook)
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        start = archive.start_dir
    while data[start : start + 4] == b"PK\x01\x02":
        name_length, extra, comment = struct.unpack_from("<HHH", data, start + 28)
        if data[start + 46 : start + 46 + name_length] == name.encode():
            struct.pack_into("<I", data, start + 24, claimed)
            return bytes(data)
        start += 46 + name_length + extra + comment
    raise AssertionError(name)


async def test_a_sheet_that_unpacks_to_hundreds_of_megabytes_is_refused() -> None:
    bomb = with_endless_part(GOOD, SHEET, 555)
    assert len(bomb) < 20 * MEGABYTE
    assert isinstance(await refused(bomb), UnpacksTooLarge)


async def test_a_bomb_whose_directory_lies_about_its_size_is_refused() -> None:
    bomb = lying(with_endless_part(GOOD, SHEET, 300), SHEET, MEGABYTE)
    assert isinstance(await refused(bomb), (UnpacksTooLarge, Unreadable))


async def test_a_million_rows_are_refused() -> None:
    rows = b"".join(b'<row r="%d"><c><v>1</v></c></row>' % row for row in range(1, 1_000_001))
    sheet = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"
    fault = await refused(with_parts(GOOD, {SHEET: sheet}))
    assert isinstance(fault, (TooManyRows, UnpacksTooLarge))
    csv = text([["a", "b"]] * 1_000_000).encode()
    assert isinstance(await refused(csv), TooManyRows)


async def test_two_cells_at_the_ends_of_the_sheet_do_not_cost_what_lies_between() -> None:
    sheet = (
        b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert isinstance(await refused(with_parts(GOOD, {SHEET: sheet})), UnpacksTooLarge)


async def test_archives_in_the_archive_and_other_archives_are_refused() -> None:
    inner = with_parts(GOOD, {"xl/embeddings/book.xlsx": GOOD})
    fault = await refused(inner)
    assert isinstance(fault, NotASheet)
    assert fault.found == "archive"
    for part, found in (
        ("a.txt", "archive"),
        ("word/document.xml", "docx"),
        ("content.xml", "ods"),
    ):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr(part, "x")
        fault = await refused(target.getvalue())
        assert isinstance(fault, NotASheet)
        assert fault.found == found


async def test_macros_are_refused() -> None:
    fault = await refused(with_parts(GOOD, {"xl/vbaProject.bin": b"macro"}))
    assert isinstance(fault, NotASheet)
    assert fault.found == "macros"


async def test_entities_in_a_workbook_are_refused_unread() -> None:
    sheet = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        b'<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&a;</v></c></row></sheetData>'
        b"</worksheet>"
    )
    assert isinstance(await refused(with_parts(GOOD, {SHEET: sheet})), Unreadable)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
async def test_a_document_type_is_refused_in_whatever_part_and_encoding(
    part: str, encoding: str
) -> None:
    laughs = (
        "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'>"
        + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9))
        + "]><x>&a9;</x>"
    )
    assert isinstance(await refused(with_parts(GOOD, {part: laughs.encode(encoding)})), Unreadable)


async def test_macros_of_before_visual_basic_are_refused() -> None:
    fault = await refused(with_parts(GOOD, {"xl/macrosheets/sheet1.xml": b"<xm:macrosheet/>"}))
    assert isinstance(fault, NotASheet)
    assert fault.found == "macros"


async def test_a_text_of_one_endless_cell_or_of_endless_columns_is_refused() -> None:
    for data in (b"x" * (19 * MEGABYTE), b'"' + b"x," * (9 * MEGABYTE), b"a," * (9 * MEGABYTE)):
        assert isinstance(await refused(data), SheetError)


async def test_cells_of_refused_rows_are_kept_only_as_far_as_there_is_room() -> None:
    header = (*HEADER, *(f"别的列{n}" for n in range(20)))
    rows = table(*({"商品数量": "0"} for _ in range(2_000)), header=header)
    filled = ([*row[: len(HEADER)], *(["好" * 100] * 20)] for row in rows[1:])
    sheet = await parse_file(text([rows[0], *filled]).encode(), "a.csv")
    kept = [one for one in sheet.refused if one.cells]
    assert len(sheet.refused) == 2_000
    assert 0 < len(kept) < 2_000
    assert sum(len("".join(one.cells).encode()) for one in kept) <= HANDED_BACK


async def test_ten_thousand_parts_are_refused() -> None:
    fault = await refused(
        with_parts(GOOD, {f"xl/{number}.xml": b"<a/>" for number in range(10_000)})
    )
    assert isinstance(fault, UnpacksTooLarge)


async def test_a_small_file_with_a_huge_answer_is_refused() -> None:
    rows = table(
        *({"主订单编号": f"{SUB}{place}", "买家留言": "好" * 1_900} for place in range(3_000))
    )
    fault = await refused(xlsx(rows), Limits(result_bytes=4 * MEGABYTE))
    assert isinstance(fault, UnpacksTooLarge)


async def test_a_reader_that_takes_too_long_is_ended_and_leaves_nothing_behind() -> None:
    before = children()
    with pytest.raises(TookTooLong):
        await parse_file(GOOD, "a.xlsx", limits=Limits(wall_seconds=0.01))
    assert children() <= before


async def test_a_reader_whose_asker_gave_up_is_ended() -> None:
    before = children()
    task = asyncio.ensure_future(parse_file(with_endless_part(GOOD, SHEET, 100), "a.xlsx"))
    while children() == before:
        await asyncio.wait([task], timeout=0.005)
        assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() <= before


async def test_a_reader_out_of_memory_is_said_to_be() -> None:
    rows = table(*({"子订单编号": f"{SUB}{place}"} for place in range(9_000)))
    fault = await refused(xlsx(rows), Limits(memory_bytes=40 * MEGABYTE))
    assert isinstance(fault, UnpacksTooLarge)


async def test_a_thousand_damaged_copies_of_a_workbook_never_break_the_reader() -> None:
    """Damaged in this process, by the same parser the child runs: a copy is read or refused."""
    rng = random.Random(20261123)
    for _ in range(1_000):
        data = bytearray(GOOD)
        for _ in range(rng.randint(1, 20)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            parse(bytes(data), "a.xlsx", Limits())
        except SheetError:
            continue


def test_the_reader_starts_with_little() -> None:
    heavy = {"pydantic", "sqlmodel", "aiogram", "asyncio", "xlsxwriter"}
    code = f"import sys, platforms.sheets.child; print({heavy} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


async def test_the_reader_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAIFA_TEST_SECRET", "hidden")
    task = asyncio.ensure_future(parse_file(with_endless_part(GOOD, SHEET, 100), "a.xlsx"))
    seen: dict[str, str] = {}
    while not task.done():
        for child in children():
            with contextlib.suppress(psutil.Error):
                seen |= child.environ() if "platforms.sheets.child" in child.cmdline() else {}
        await asyncio.wait([task], timeout=0.005)
    assert isinstance(task.exception(), SheetError)
    assert "PATH" in seen
    assert "DAIFA_TEST_SECRET" not in seen
