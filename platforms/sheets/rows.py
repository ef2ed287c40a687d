"""The bytes of a file as rows of cells: workbooks by calamine, text by the csv module."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

from core.imports.incoming import TooManyRows, Unreadable
from platforms.sheets.alias_table import AliasTable
from platforms.sheets.cells import Cell
from platforms.sheets.header import SEARCHED_ROWS, known_names
from platforms.sheets.inspecting import Kind, wide
from platforms.sheets.limits import Limits

Table = list[list[Cell]]

_DELIMITERS = (",", ";", "\t", "|")
_BLANK_ROWS = 10  # rows there may be for each that is taken: the others are blank


def read_tables(data: bytes, kind: Kind, limits: Limits, names: AliasTable) -> Iterator[Table]:
    """Every visible sheet of a workbook in order, or the one table of a text.

    Formulas give the value that was saved with them. Raises Unreadable, TooManyRows.
    """
    if kind == "text":
        yield _read_text(_decode(data), limits, names)
        return
    try:
        workbook = load_workbook(io.BytesIO(data))
        for sheet in workbook.sheets_metadata:
            shown = sheet.visible is SheetVisibleEnum.Visible
            if shown and sheet.typ is SheetTypeEnum.WorkSheet:
                yield _bounded(workbook.get_sheet_by_name(sheet.name).iter_rows(), limits)
    except (CalamineError, OSError, ValueError):
        raise Unreadable from None


def _decode(data: bytes) -> str:
    """UTF-8 and UTF-16 with or without a mark, else GB18030, which GBK is a part of."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    else:
        encodings = [wide(data) or "utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable


def _read_text(text: str, limits: Limits, names: AliasTable) -> Table:
    """Read with the delimiter under which most column names are found."""
    try:
        samples = {each: list(islice(_reader(text, each), SEARCHED_ROWS)) for each in _DELIMITERS}
        found = {
            each: max((known_names(row, names) for row in rows), default=0)
            for each, rows in samples.items()
        }
        best = max(found, key=lambda each: found[each])
        return _bounded(_reader(text, best), limits)
    except csv.Error:
        raise Unreadable from None


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _bounded(rows: Iterator[Sequence[Cell]], limits: Limits) -> Table:
    most = limits.rows * _BLANK_ROWS + SEARCHED_ROWS
    table = [list(row) for row in islice(rows, most + 1)]
    if len(table) > most:
        raise TooManyRows(limits.rows)
    return table
