"""A factory's file with tracking numbers: our packing list sent back, or lines like a paste.

Meant for the child process; others call `platforms.sheets.numbers`.
"""

from collections.abc import Mapping, Sequence

from core.imports.incoming import EmptyFile, TooManyRows
from core.shipments.filled import FilledList, FilledRow
from core.text.plain import half_width, one_line
from platforms.sheets import cells
from platforms.sheets.alias_table import BUILT_IN
from platforms.sheets.cells import Cell, CellRefused
from platforms.sheets.inspecting import inspect
from platforms.sheets.limits import Limits
from platforms.sheets.rows import Table, read_tables

SEARCHED_ROWS = 10
# What people call the columns; of several the first that is there.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "tag": ("短号", "tag"),
    "order_no": ("订单号", "订单编号", "主订单编号", "order", "orderno", "ordernumber"),
    "quantity": ("数量", "商品数量", "件数", "quantity"),
    "carrier": ("快递公司", "物流公司", "快递", "carrier"),
    "number": ("快递单号", "物流单号", "运单号", "单号", "trackingnumber"),
}


def read_filled(data: bytes, limits: Limits) -> FilledList:
    """Read every sheet of a file. Raises a leaf of SheetError."""
    found = [_read(table) for table in read_tables(data, inspect(data, limits), limits, BUILT_IN)]
    rows = tuple(row for one in found for row in one.rows)
    texts = tuple(text for one in found for text in one.texts)
    blank = sum(one.blank for one in found)
    if not (rows or texts or blank):
        raise EmptyFile
    if len(rows) + len(texts) > limits.rows:
        raise TooManyRows(limits.rows)
    # A file with our headings is read by them: what else stands in it is no line of a paste.
    return FilledList(rows, () if rows or blank else texts, blank)


def _read(table: Table) -> FilledList:
    for index, row in enumerate(table[:SEARCHED_ROWS]):
        columns = _columns(row)
        if "number" in columns and ("tag" in columns or "order_no" in columns):
            return _under(columns, table[index + 1 :], index + 2)
    return FilledList(texts=tuple(text for row in table if (text := _text(row))))


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    names = ["".join(half_width(one_line(str(cell))).split()).lower() for cell in row]
    found = {
        field: next((names.index(name) for name in known if name in names), None)
        for field, known in COLUMNS.items()
    }
    return {field: place for field, place in found.items() if place is not None}


def _under(columns: Mapping[str, int], rows: Table, first: int) -> FilledList:
    filled: list[FilledRow] = []
    blank = 0
    for place, row in enumerate(rows):
        values = {
            field: row[column] if column < len(row) else "" for field, column in columns.items()
        }
        if not any(_safe(cell) for cell in values.values()):
            continue
        if not _safe(values["number"]):
            blank += 1
            continue
        filled.append(_row(first + place, values))
    return FilledList(tuple(filled), blank=blank)


def _row(number: int, values: Mapping[str, Cell]) -> FilledRow:
    tag, order_no = _named(values, "tag"), _named(values, "order_no")
    tracking, fault = _safe(values["number"]), ""
    try:
        tracking = cells.identifier(values["number"], "number")
    except CellRefused:
        fault = "mangled"
    if not tag and not order_no:
        fault = fault or "mangled"
    return FilledRow(
        number, tag, order_no, _quantity(values.get("quantity", "")),
        _safe(values.get("carrier", "")), tracking, fault,
    )  # fmt: skip


def _named(values: Mapping[str, Cell], field: str) -> str:
    """Return a tag or an order's number; nothing where a spreadsheet has rounded it."""
    try:
        return cells.identifier(values.get(field, ""), field)
    except CellRefused:
        return ""


def _quantity(cell: Cell) -> int | None:
    try:
        return cells.quantity(cell)
    except CellRefused:
        return None


def _safe(cell: Cell) -> str:
    try:
        return cells.text(cell, "")
    except CellRefused:
        return ""


def _text(row: Sequence[Cell]) -> str:
    """Return a row without headings as a line: numbers a spreadsheet kept exactly stay whole."""
    parts = []
    for cell in row:
        try:
            parts.append(cells.identifier(cell, ""))
        except CellRefused as refused:
            # As the spreadsheet shows it: the line is handed back as rounded.
            parts.append(refused.detail.get("value", ""))
    return "\t".join(part for part in parts if part)
