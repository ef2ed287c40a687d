"""From the rows of a sheet to orders: pure, one row after the other, then order by order.

An order stands or falls whole: were one of its rows refused and the others taken, it would be
shipped short. Each refused row says why; the other rows of its order say that they wait for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.imports.incoming import EmptyFile, IncomingOrder, Reason, Refused, Sheet, TooManyRows
from platforms.sheets.alias_table import BUILT_IN, AliasTable
from platforms.sheets.aliases import MERGES_CELLS
from platforms.sheets.cells import Cell, CellRefused, as_written
from platforms.sheets.header import Header, find_header
from platforms.sheets.merging import merge_rows
from platforms.sheets.rounded import refuse_rounded
from platforms.sheets.taking import Taken, is_example, order_no_of, take_row

Row = Sequence[Cell]

HANDED_BACK = 6 * 1024 * 1024  # bytes of refused rows that are kept as they were written


def map_rows(rows: Sequence[Row], *, max_rows: int, table: AliasTable = BUILT_IN) -> Sheet:
    """Map a sheet.

    Raises EmptyFile, NoHeader, MissingColumns, or TooManyRows when more than `max_rows` rows with
    content follow the header.
    """
    if not any(map(_has_content, rows)):
        raise EmptyFile
    header = find_header(rows, table)
    filled = [
        (number, row)
        for number, row in enumerate(rows[header.index + 1 :], start=header.index + 2)
        if _has_content(row)
    ]
    if len(filled) > max_rows:
        raise TooManyRows(max_rows)
    # The example row goes unsaid, unless it is all there is.
    filled = [one for one in filled if not is_example(header, one[1])] or filled
    taken, refused = _take_all(header, filled)
    orders, fallen = _merge_all(header, refuse_rounded(taken, refused), refused)
    refused.extend(fallen)
    refused.sort(key=lambda one: one.row)
    return Sheet(
        header.platform, tuple(orders), tuple(_with_cells(refused, dict(filled))), header.missing,
        len(filled), header.titles,
    )  # fmt: skip


def _with_cells(refused: Sequence[Refused], rows: dict[int, Row]) -> Iterator[Refused]:
    """Refused rows with their cells as they were written, as far as there is room for them."""
    room = HANDED_BACK
    for one in refused:
        written = tuple(map(as_written, rows[one.row]))
        room -= sum(len(cell.encode(errors="replace")) + 3 for cell in written)
        yield replace(one, cells=written) if room >= 0 else one


def _has_content(row: Row) -> bool:
    return any(not isinstance(cell, str) or cell.strip() for cell in row)


def _take_all(
    header: Header, filled: Sequence[tuple[int, Row]]
) -> tuple[dict[str, list[Taken]], list[Refused]]:
    """Rows by order number, and the rows that could not be taken."""
    taken: dict[str, list[Taken]] = {}
    refused: list[Refused] = []
    above: str | None = None
    for number, row in filled:
        order_no: str | None = None
        try:
            mine, above = above, None  # a number that cannot be read ends the order above it
            order_no = order_no_of(header, row)
            if not order_no and mine and header.platform in MERGES_CELLS:
                order_no = mine
            if not order_no:
                raise CellRefused(Reason.NO_ORDER_NO)
            above = order_no
            taken.setdefault(order_no, []).append(take_row(header, number, row))
        except CellRefused as fault:
            refused.append(Refused(number, order_no or None, fault.reason, fault.detail))
    return taken, refused


def _merge_all(
    header: Header, taken: dict[str, list[Taken]], refused: Sequence[Refused]
) -> tuple[list[IncomingOrder], list[Refused]]:
    """The orders that are whole, and the rows that fall with the others of their order."""
    orders: list[IncomingOrder] = []
    fallen: list[Refused] = []
    faults: dict[str, list[int]] = {}
    for one in refused:
        if one.order_no:
            faults.setdefault(one.order_no, []).append(one.row)
    for order_no, rows in taken.items():
        if order_no in faults:
            at = ", ".join(map(str, faults[order_no]))
            fallen.extend(
                Refused(row.number, order_no, Reason.SIBLING_REFUSED, {"rows": at}) for row in rows
            )
            continue
        try:
            orders.append(merge_rows(header.platform, order_no, rows))
        except CellRefused as fault:
            fallen.extend(Refused(row.number, order_no, fault.reason, fault.detail) for row in rows)
    return orders, fallen
