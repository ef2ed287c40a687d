"""One row of a sheet, cell by cell, as plain values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.imports.incoming import ORDER_NO, AfterSale, IncomingRecipient, OrderStatus, Reason
from core.imports.own_sheet import EXAMPLE_ORDER_NO
from core.text.regions import split_region
from platforms.sheets import cells
from platforms.sheets.aliases import Field
from platforms.sheets.cells import Cell, CellRefused
from platforms.sheets.header import Header
from platforms.sheets.words import after_sale_of, status_of

_ORDER_NO = re.compile(ORDER_NO)


@dataclass(frozen=True, slots=True)
class Taken:
    """The values of one row. `order_status` is None where the cell is empty."""

    number: int
    sub_order_no: str
    product_name: str
    sku_spec: str
    product_code: str
    quantity: int
    price_fen: int | None
    recipient: IncomingRecipient
    buyer_note: str
    seller_note: str
    paid_at: datetime | None
    ship_by: datetime | None
    order_status: OrderStatus | None
    after_sale: AfterSale


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one row by field; an absent column is an empty cell."""

    header: Header
    row: Sequence[Cell]

    def cell(self, field: Field) -> Cell:
        """The first filled cell among the columns of a field."""
        for place in self.header.columns.get(field, ()):
            if place < len(self.row) and not cells.is_empty(self.row[place]):
                return self.row[place]
        return ""

    def name(self, field: Field) -> str:
        return self.header.names.get(field, field)

    def text(self, field: Field, *, keep_lines: bool = False) -> str:
        return cells.text(self.cell(field), self.name(field), keep_lines=keep_lines)

    def identifier(self, field: Field) -> str:
        return cells.identifier(self.cell(field), self.name(field))

    def moment(self, field: Field) -> datetime | None:
        return cells.moment(self.cell(field), self.name(field))


def order_no_of(header: Header, row: Sequence[Cell]) -> str:
    """The order's number, empty where the cell is. Raises CellRefused."""
    if is_example(header, row):
        raise CellRefused(Reason.EXAMPLE_ROW)
    return _number(_Cells(header, row), "order_no")


def is_example(header: Header, row: Sequence[Cell]) -> bool:
    """Whether this is the row that shows how our own sheet is filled in."""
    return header.platform == "own" and _Cells(header, row).cell("order_no") == EXAMPLE_ORDER_NO


def take_row(header: Header, number: int, row: Sequence[Cell]) -> Taken:
    """All values of row `number`. Raises CellRefused for the first that cannot be taken."""
    given = _Cells(header, row)
    product_name = given.text("product_name")
    if not product_name:
        raise CellRefused(Reason.NO_PRODUCT)
    status, after_sale = _states(given)
    return Taken(
        number=number,
        sub_order_no=_number(given, "sub_order_no"),
        product_name=product_name,
        sku_spec=given.text("sku_spec"),
        product_code=given.identifier("product_code"),
        quantity=cells.quantity(given.cell("quantity")),
        price_fen=cells.price(given.cell("price")),
        recipient=_recipient(given),
        buyer_note=given.text("buyer_note", keep_lines=True),
        seller_note=given.text("seller_note", keep_lines=True),
        paid_at=given.moment("paid_at"),
        ship_by=given.moment("ship_by"),
        order_status=status,
        after_sale=after_sale,
    )


def _number(given: _Cells, field: Field) -> str:
    value = given.identifier(field)
    if value and not _ORDER_NO.fullmatch(value):
        raise CellRefused(Reason.BAD_ORDER_NO, value=value[:70])
    return value


def _states(given: _Cells) -> tuple[OrderStatus | None, AfterSale]:
    status_word, after_word = given.text("order_status"), given.text("after_sale")
    both = status_of(status_word)
    after_sale = after_sale_of(after_word)
    if after_sale is None:
        raise CellRefused(Reason.UNKNOWN_AFTER_SALE, value=after_word[:50])
    if not status_word:
        return None, after_sale
    if both is None:
        raise CellRefused(Reason.UNKNOWN_STATUS, value=status_word[:50])
    return both[0], after_sale if after_sale != "none" else both[1]


def _recipient(given: _Cells) -> IncomingRecipient:
    province, city = given.text("province"), given.text("city")
    district, address = given.text("district"), given.text("address")
    whole = given.text("whole_address")
    if whole and not address:
        region, address = split_region(whole)
        province, city, district = region.province, region.city, region.district
    return IncomingRecipient(
        name=given.text("name"),
        phone=given.identifier("phone") or given.identifier("other_phone"),
        province=province,
        city=city,
        district=district,
        street=given.text("street"),
        address=address,
    )
