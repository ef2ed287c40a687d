"""Orders as they come in, whatever brought them: a platform's file or a platform's interface.

Values are plain data, already mapped from the platform's words to ours. What could not be read is a
`Refused` row with a reason; the words for people are written elsewhere. Money is fen, times are
aware UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from core.errors import Invalid
from core.text.masking import is_masked_address, is_masked_name, is_masked_phone, nothing_masked
from core.values import Concealed

# What every door takes, whatever an order comes in by.
TEXT_LIMIT, PIECES_LIMIT = 2_000, 100_000  # characters of a text, pieces of a line
_SHORTEST = 7  # digits of a phone number
ORDER_NO = r"[0-9A-Za-z_-]{4,64}"  # a whole order number

OrderStatus = Literal["unpaid", "to_ship", "part_shipped", "shipped", "done", "closed"]
AfterSale = Literal["none", "open", "refunded"]


class Reason(StrEnum):
    """Why a row was refused. `Refused.detail` holds what the words need."""

    NO_ORDER_NO = "no_order_no"
    BAD_ORDER_NO = "bad_order_no"  # value
    LOST_DIGITS = "lost_digits"  # column, value: a number a spreadsheet has rounded
    NO_PRODUCT = "no_product"
    BAD_QUANTITY = "bad_quantity"  # value
    BAD_PRICE = "bad_price"  # value
    BAD_TIME = "bad_time"  # column, value
    BAD_CELL = "bad_cell"  # column, value: a kind of value that the column cannot have
    TEXT_TOO_LONG = "text_too_long"  # column, limit
    UNKNOWN_STATUS = "unknown_status"  # value
    UNKNOWN_AFTER_SALE = "unknown_after_sale"  # value
    CONFLICTING_RECIPIENTS = "conflicting_recipients"  # column, rows
    CONFLICTING_ROWS = "conflicting_rows"  # sub_order_no, rows: same sub-order, other content
    EXAMPLE_ROW = "example_row"  # the one that shows how our own sheet is filled in
    SIBLING_REFUSED = "sibling_refused"  # rows: the refused rows of the same order


@dataclass(frozen=True, slots=True)
class IncomingLine:
    """One product of an order. `price_fen` is per piece, None where the source gives none."""

    sub_order_no: str
    product_name: str
    sku_spec: str
    product_code: str
    quantity: int
    price_fen: int | None = None


@dataclass(frozen=True, slots=True)
class IncomingRecipient:
    """Whom to ship to, as given: `street` is the 街道, `address` what comes after it.

    Of a `concealed` recipient the rest is what the platform shows of it, masked.
    """

    name: str
    phone: str
    province: str
    city: str
    district: str
    street: str
    address: str
    concealed: Concealed | None = None

    @property
    def complete(self) -> bool:
        """Whether a parcel can be sent: name, phone and address present, and none masked.

        A phone of fewer than seven digits rings nowhere: the shortest Chinese landline has seven.

        Or all of it concealed: the platform itself opens it for who ships.
        """
        if self.concealed is not None:
            return True
        if not (self.name and self.address and _rings(self.phone)):
            return False
        where = (self.district, self.street, self.address)
        return nothing_masked((self.name, self.phone, *where)) or not (
            is_masked_name(self.name)
            or is_masked_phone(self.phone)
            or any(map(is_masked_address, where))
        )


def _rings(phone: str) -> bool:
    """Whether it may be a number; a masked one is judged apart."""
    return sum(map(str.isdigit, phone)) >= _SHORTEST


@dataclass(frozen=True, slots=True)
class IncomingOrder:
    """One order with its lines, and the row numbers (from 1, as a spreadsheet shows) it came from.

    Lines that are closed or refunded while others of the order are not are left out of `lines`:
    they must not be shipped. An order all of whose lines are keeps them. `at` is when all of that
    was true at its source, None where the source does not say.
    """

    platform: str
    order_no: str
    lines: tuple[IncomingLine, ...]
    recipient: IncomingRecipient
    buyer_note: str = ""
    seller_note: str = ""
    paid_at: datetime | None = None
    ship_by: datetime | None = None
    order_status: OrderStatus = "to_ship"
    after_sale: AfterSale = "none"
    rows: tuple[int, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken, and why. `cells` are as written, empty where there are too many."""

    row: int
    order_no: str | None
    reason: Reason
    detail: dict[str, str] = field(default_factory=dict)
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one file held. `columns_missing` names useful columns that were not there.

    `rows_read` counts the rows with content below the header, `titles` are the header's cells.
    """

    platform: str
    orders: tuple[IncomingOrder, ...]
    refused: tuple[Refused, ...]
    columns_missing: tuple[str, ...] = ()
    rows_read: int = 0
    titles: tuple[str, ...] = ()


class SheetError(Invalid):
    """A whole file that could not be taken. Each leaf names one cause."""


class EmptyFile(SheetError):
    """No bytes, or no cell with a value."""


@dataclass(eq=False)
class TooLarge(SheetError):
    """More bytes than are taken."""

    limit_bytes: int


class Encrypted(SheetError):
    """A workbook with a password."""


class OldFormat(SheetError):
    """An .xls of before 2007: to be saved as .xlsx."""


@dataclass(eq=False)
class NotASheet(SheetError):
    """Not a spreadsheet, whatever its name says.

    `found` is one of: archive, docx, html, image, macros, ods, ole, pdf, pptx, text, unknown, xlsb.
    """

    found: str


@dataclass(eq=False)
class UnpacksTooLarge(SheetError):
    """A small file that unpacks to more than is taken, or needs more memory than it may have."""

    limit_bytes: int


@dataclass(eq=False)
class TooManyRows(SheetError):
    """More rows than are taken at once."""

    limit: int


class NoHeader(SheetError):
    """No row among the first ten has column names of an order export."""


@dataclass(eq=False)
class MissingColumns(SheetError):
    """Columns without which there is no order, by their usual names."""

    columns: tuple[str, ...]
    platform: str


class Unreadable(SheetError):
    """Damaged, or in no encoding we know."""


class TookTooLong(SheetError):
    """Reading was given up."""
