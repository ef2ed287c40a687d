"""The packing list (装箱单): what to pack, without recipients, to be filled with numbers.

Filled in and sent back it is read by its headings, so those are the same in every language.
"""

import io
from collections.abc import Sequence
from functools import partial

from bot.screens.notes import said
from bot.screens.screen import Attachment
from bot.screens.words import CHINA, stop_words
from bot.texts import Translator
from core.assignments.batch_views import Packed
from core.orders.standing import stop_reason
from core.orders.views import LineView, PackRow

TAG, ORDER, PRODUCT, SPEC, CODE = "短号", "订单号", "商品", "规格", "编码"
QUANTITY, NOTE, SHIP_BY, CARRIER, NUMBER = "数量", "备注", "发货截止", "快递公司", "快递单号"
_WIDTHS = {
    TAG: 7, ORDER: 23, PRODUCT: 30, SPEC: 16, CODE: 14, QUANTITY: 6, NOTE: 30, SHIP_BY: 16,
    CARRIER: 12, NUMBER: 22,
}  # fmt: skip
HEADERS = tuple(_WIDTHS)
LONGEST = 500  # characters of a note


def packing_list(t: Translator, packed: Sequence[Packed]) -> Attachment:
    """Return the list as a file that is made when it is sent."""
    name = t.plain("packing_list_{n}_orders.xlsx", n=len(packed))
    return Attachment(name, partial(workbook, t, packed))


def workbook(t: Translator, packed: Sequence[Packed]) -> bytes:
    """Return the .xlsx. Every cell is text: a long number keeps its digits, typed in ones too.

    10,000 lines take about a second: to be called beside the event loop.
    """
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(t.plain("Packing list"))
        bold, words = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        for column, (title, width) in enumerate(_WIDTHS.items()):
            sheet.set_column(column, column, width, words)
            sheet.write_string(0, column, title, bold)
        lines = ((row, line) for row, lines in packed for line in lines)
        for number, (row, line) in enumerate(lines, start=1):
            for column, value in enumerate(_values(t, row, line)):
                sheet.write_string(number, column, value, words)
    return file.getvalue()


def _values(t: Translator, row: PackRow, line: LineView) -> tuple[str, ...]:
    due = row.ship_by.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if row.ship_by else ""
    return (
        row.tag, row.order_no, line.product, line.spec, line.code, str(line.quantity),
        _note(t, row), due,
    )  # fmt: skip


def _note(t: Translator, row: PackRow) -> str:
    """Return what whoever packs must know: first of all that it must not be shipped."""
    stopped = stop_reason(row, row.extra)
    stop = t.plain("⛔ Do not ship: {reason}", reason=stop_words(t, stopped)) if stopped else ""
    buyer = (
        t.plain("Buyer's note: {note}", note=said(t, row.buyer_note, LONGEST))
        if row.buyer_note
        else ""
    )
    seller = (
        t.plain("Seller's note: {note}", note=said(t, row.seller_note, LONGEST))
        if row.seller_note
        else ""
    )
    return t.plain("; ").join(part for part in (stop, buyer, seller) if part)[:LONGEST]
