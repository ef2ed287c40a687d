"""The workbook of 对账: every parcel, pieces per product, parcels per carrier, totals.

Written row by row as parcels are read, so that memory holds totals only; to be called beside the
event loop. Every word is a string, so that long numbers keep their digits and nothing is ever a
formula; pieces are numbers, to be added up.
"""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.screens.words import CHINA, carrier_name, platform_name
from bot.texts import Translator
from core.entities import Role
from core.orders.lookups import ShippedRow

Cells = Sequence[str | int]


@dataclass(slots=True)
class Totals:
    """What is counted of some parcels. One number for several orders is one parcel."""

    orders: set[int] = field(default_factory=set)
    parcels: set[tuple[str, str]] = field(default_factory=set)
    pieces: int = 0

    def add(self, row: ShippedRow) -> None:
        """Count a row."""
        self.orders.add(row.order_id)
        self.parcels.add((row.carrier, row.tracking_number))
        self.pieces += row.pieces


class ReconcileBook:
    """An .xlsx being written. `content` ends it; `close` gives up what it holds."""

    def __init__(self, t: Translator, role: Role) -> None:
        from xlsxwriter import Workbook

        self._t = t
        self._file = io.BytesIO()
        self._book = Workbook(self._file, {"constant_memory": True})
        self._bold = self._book.add_format({"bold": True})
        self._partner = t.plain("Factory") if role == "merchant" else t.plain("Merchant")
        self._detail = self._sheet(t.plain("Parcel list"), self._detail_columns())
        self._line = 0
        self.all = Totals()
        self._partners: dict[int, tuple[str, Totals]] = {}
        self._products: Counter[tuple[str, str, str]] = Counter()

    def add(self, rows: Sequence[ShippedRow]) -> None:
        """Write rows and count them."""
        for row in rows:
            self._line += 1
            self._write(self._detail, self._line, self._cells(row))
            self.all.add(row)
            self._partners.setdefault(row.partner_id, (row.partner, Totals()))[1].add(row)
            if row.pieces:
                self._products[row.product, row.spec, row.code] += row.pieces

    def content(self) -> bytes:
        """Write the sums and return the file."""
        t = self._t
        products = [(*names, n) for names, n in self._products.most_common()]
        self._filled(
            t.plain("By product"),
            ((t("Product"), 36), (t("Spec"), 20), (t("Code"), 18), (t("Pieces"), 8)), products,
        )  # fmt: skip
        carriers = Counter(carrier for carrier, _ in self.all.parcels)
        parcels = [(carrier_name(t, one), n) for one, n in carriers.most_common()]
        self._filled(t.plain("By carrier"), ((t("Carrier"), 16), (t("Parcels"), 10)), parcels)
        sums = [_sums(name, totals) for name, totals in self._partners.values()]
        columns = (
            (self._partner, 24), (t("Orders"), 10), (t("Parcels"), 10), (t("Pieces"), 10)
        )  # fmt: skip
        self._filled(t.plain("Totals"), columns, [*sums, _sums(t.plain("All"), self.all)])
        self._book.close()
        return self._file.getvalue()

    def close(self) -> None:
        """Let go of what was written, when it came to no file."""
        if not self._book.fileclosed:
            self._book.close()

    def _filled(self, name: str, columns: Sequence[tuple[str, int]], rows: Sequence[Cells]) -> None:
        sheet = self._sheet(name, columns)
        for number, cells in enumerate(rows, start=1):
            self._write(sheet, number, cells)

    def _sheet(self, name: str, columns: Sequence[tuple[str, int]]) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, self._bold)
        return sheet

    def _write(self, sheet: Any, line: int, cells: Cells) -> None:
        for column, value in enumerate(cells):
            if isinstance(value, int):
                sheet.write_number(line, column, value)
            else:
                sheet.write_string(line, column, value)

    def _detail_columns(self) -> tuple[tuple[str, int], ...]:
        t = self._t
        return (
            (t("Order number"), 22), (t("Sub-order number"), 22), (t("Platform"), 10),
            (t("Product"), 30), (t("Spec"), 16), (t("Code"), 14), (t("Pieces"), 7),
            (self._partner, 16), (t("Tag"), 7), (t("Carrier"), 12), (t("Tracking number"), 20),
            (t("Shipped at"), 20), (t("Extra"), 8),
        )  # fmt: skip

    def _cells(self, row: ShippedRow) -> Cells:
        t = self._t
        extra = {
            "": "", "gift": t.plain("Gift"), "resend": t.plain("Resend"),
            "exchange": t.plain("Exchange"),
        }[row.extra]  # fmt: skip
        return (
            row.order_no, "" if row.extra else row.sub_order_no,  # an extra's is our own
            platform_name(t, row.platform), row.product, row.spec, row.code, row.pieces or "",
            row.partner, row.tag, carrier_name(t, row.carrier), row.tracking_number,
            row.shipped_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
            extra,
        )  # fmt: skip


def _sums(name: str, totals: Totals) -> Cells:
    return (name, len(totals.orders), len(totals.parcels), totals.pieces)
