"""Lines and quantities while a merchant changes them: a plan that stands in the open question.

Kept are only the quantities that were touched, by line, and the lines added: everything else
follows the order, should that change meanwhile.
"""

from typing import Any

from core.assignments.extras import LINES_LIMIT, PIECES_LIMIT
from core.changes.edit_errors import BelowShipped, CountUnclear, NoLineLeft
from core.changes.edit_views import EditView, PlannedLine
from core.errors import DraftGone, TooMany
from core.ids import key
from core.imports.incoming import IncomingLine
from core.orders.views import LineView
from core.text.plain import half_width, one_line

Data = dict[str, Any]  # {"want": {line id: pieces}, "added": [[product, pieces]], "asked": row}
Row = tuple[int, int]  # a line's id and 0, or 0 and which of the added ones, from 1


def planned(view: EditView, data: Data) -> list[PlannedLine]:
    """Return the lines as they would be: the order's own, then the added ones."""
    want = data.get("want", {})
    rows = [
        PlannedLine(
            key(one), 0, one.product_name, one.sku_spec, one.quantity,
            want.get(str(key(one)), one.quantity), view.in_parcels.get(key(one), 0),
        )
        for one in view.lines
    ]  # fmt: skip
    added = data.get("added", [])
    return rows + [
        PlannedLine(0, n, product, "", 0, pieces, 0)
        for n, (product, pieces) in enumerate(added, start=1)
    ]


def row_of(view: EditView, data: Data, row: Row) -> PlannedLine:
    """Return the line a button names. Raises `DraftGone` when it is none of them any more."""
    found = [one for one in planned(view, data) if (one.line_id, one.added) == row]
    if not found:
        raise DraftGone
    return found[0]


def put(data: Data, line: PlannedLine, pieces: int) -> None:
    """Plan so many pieces of a line. Raises `BelowShipped`, `CountUnclear`."""
    if pieces < line.shipped:
        raise BelowShipped(line.product, line.shipped)
    if not 0 <= pieces <= PIECES_LIMIT:
        raise CountUnclear(PIECES_LIMIT)
    if line.added:
        data["added"][line.added - 1][1] = pieces
    else:
        data.setdefault("want", {})[str(line.line_id)] = pieces


def add(data: Data, lines: list[LineView]) -> None:
    """Plan more lines. Raises `TooMany`."""
    added = data.setdefault("added", [])
    if len(added) + len(lines) > LINES_LIMIT:
        raise TooMany(LINES_LIMIT)
    added += [[one.product, one.quantity] for one in lines]


def read_count(text: str) -> int | None:
    """Return the number a text is, or None when it is something else."""
    plain = one_line(half_width(text)).rstrip("件个只 ")
    return int(plain) if plain.isdecimal() and len(plain) <= 6 else None


def incoming_lines(view: EditView, data: Data) -> tuple[IncomingLine, ...]:
    """Return all the lines of the order as they shall be. Raises `BelowShipped`, `NoLineLeft`."""
    rows = planned(view, data)
    for row in rows:
        if row.now < row.shipped:
            raise BelowShipped(row.product, row.shipped)
    pieces = {row.line_id: row.now for row in rows if row.line_id}
    lines = [
        IncomingLine(
            one.sub_order_no, one.product_name, one.sku_spec, one.product_code, pieces[key(one)],
            one.price_fen,
        )
        for one in view.lines
        if pieces[key(one)]
    ]  # fmt: skip
    first = f"{view.order.order_no}-{view.order.revision}"
    lines += [
        IncomingLine(f"{first}-{row.added}", row.product, "", "", row.now)
        for row in rows
        if row.added and row.now
    ]
    if not lines:
        raise NoLineLeft
    return tuple(lines)
