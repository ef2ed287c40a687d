"""One cell, freed of what spreadsheets and exports put around and into values.

Long numbers come guarded by a trailing tab, a leading quote or `="…"`; empty is `-`; amounts have
thousands commas; times are China time, as text, as a serial or as a date cell. A number that lost
digits to a spreadsheet's 15 is refused, since no one can know the rest.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from core.imports.incoming import PIECES_LIMIT, TEXT_LIMIT, Reason
from core.text.plain import half_width, lines_of, one_line

Cell = str | float | int | bool | datetime | date | time | timedelta

LONGEST_CELL = 32_767  # of a workbook: support.microsoft.com, "Excel specifications and limits"
_EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number
_CHINA = timezone(timedelta(hours=8))
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=_CHINA)
_YEARS = range(2000, 2100)
_EMPTY = {"-", "--", "—", "——", "－", "null", "NULL", "None", "#N/A", "nan", "NaN"}
_PADDING = " \t\r\n\u3000\ufeff'"
_FORMULA_GUARD = re.compile(r'="(.*)"', re.DOTALL)
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[eE]\+(\d{1,3})")
_TAIL_ZERO = re.compile(r"(\d{7,})\.0+")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?)?[秒分]?)?"
    r"(Z|[+-]\d{2}:?\d{2})?"
)
_QUANTITY = re.compile(r"(\d+)(?:\.0+)?\s*[件个双套盒只条包支瓶箱]?")


class CellRefused(Exception):
    """A value that cannot be taken; `detail` goes to the refused row."""

    def __init__(self, reason: Reason, **detail: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


def text(cell: Cell, column: str, *, keep_lines: bool = False) -> str:
    """A cell as visible text: guards, padding and the marks for empty gone.

    Raises CellRefused when it is longer than 2,000 characters.
    """
    if not isinstance(cell, str):
        return _number_text(cell)
    bare = cell.strip()
    if bare in _EMPTY or not bare:
        return ""
    bare = bare.lstrip("\ufeff")
    guarded = _FORMULA_GUARD.fullmatch(bare) if bare.startswith("=") else None
    bare = guarded.group(1) if guarded else bare
    bare = bare.removeprefix("'") if len(bare) > 1 else bare
    if len(bare) > TEXT_LIMIT:
        raise CellRefused(Reason.TEXT_TOO_LONG, column=column, limit=str(TEXT_LIMIT))
    plain = "\n".join(lines_of(bare)) if keep_lines else one_line(bare)
    return "" if plain in _EMPTY else plain


def is_empty(cell: Cell) -> bool:
    """Whether nothing stands in a cell, or only a mark for that."""
    return isinstance(cell, str) and (not (bare := cell.strip(_PADDING)) or bare in _EMPTY)


def as_written(cell: Cell) -> str:
    """A cell as text, to be handed back: nothing is taken off, and lost digits stay lost."""
    if isinstance(cell, str):
        return cell[:LONGEST_CELL]
    if isinstance(cell, (int, float)) and abs(cell) >= _EXACT_BELOW:
        return f"{cell:.14E}"  # `identifier` refuses it again
    return _number_text(cell)


def identifier(cell: Cell, column: str) -> str:
    """A number that names something (order, code, phone), every digit of it.

    Raises CellRefused (LOST_DIGITS) for a number of 16 digits and more kept as a number, and for
    `1.38E+10`, unless all its digits are written out.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= _EXACT_BELOW:
        raise CellRefused(Reason.LOST_DIGITS, column=column, value=f"{cell:.5E}")
    value = half_width(text(cell, column))
    scientific = _SCIENTIFIC.fullmatch(value)
    if scientific:
        first, decimals, exponent = scientific.groups(default="")
        if len(decimals) < int(exponent) or int(exponent) > 14:
            raise CellRefused(Reason.LOST_DIGITS, column=column, value=value)
        return first + decimals.rstrip("0").ljust(int(exponent), "0")
    tail = _TAIL_ZERO.fullmatch(value)
    return tail.group(1) if tail else value


def quantity(cell: Cell) -> int:
    """Whole pieces, 1 to 100,000. Raises CellRefused (BAD_QUANTITY)."""
    value = half_width(text(cell, "")).replace(",", "")
    found = _QUANTITY.fullmatch(value)
    if not found or len(found.group(1)) > 9 or not 1 <= int(found.group(1)) <= PIECES_LIMIT:
        raise CellRefused(Reason.BAD_QUANTITY, value=value[:50])
    return int(found.group(1))


def price(cell: Cell) -> int | None:
    """Fen, rounded half up; None where empty. Raises CellRefused (BAD_PRICE)."""
    value = half_width(text(cell, "")).replace(",", "").strip("¥￥元 ")
    if not value:
        return None
    try:
        fen = (Decimal(value) * 100).to_integral_value("ROUND_HALF_UP")
        if 0 <= fen < 10**12:
            return int(fen)
    except ArithmeticError:
        pass  # no number at all: refused below like a number out of bounds
    raise CellRefused(Reason.BAD_PRICE, value=value[:50])


def moment(cell: Cell, column: str) -> datetime | None:
    """A time of China's clock as aware UTC; None where empty. Raises CellRefused (BAD_TIME)."""
    if isinstance(cell, (time, timedelta, bool)):
        raise CellRefused(Reason.BAD_TIME, column=column, value=str(cell))
    if isinstance(cell, datetime):
        return _utc(cell.replace(tzinfo=_CHINA), column)
    if isinstance(cell, date):
        return _utc(datetime(cell.year, cell.month, cell.day, tzinfo=_CHINA), column)
    value = half_width(text(cell, column))
    if not value or value.startswith("0000-00-00"):
        return None
    if _SERIAL.fullmatch(value):
        return _utc(_EXCEL_EPOCH + timedelta(seconds=round(float(value) * 86_400)), column)
    return _utc(_written(value, column), column)


def _written(value: str, column: str) -> datetime:
    found = _TIME.fullmatch(value)
    if found:
        *parts, zone = found.groups()
        year, month, day, hour, minute, second = (int(part or 0) for part in parts)
        try:
            at = datetime(year, month, day, hour, minute, second, tzinfo=_CHINA)
            return at if not zone else datetime.fromisoformat(f"{at:%Y-%m-%dT%H:%M:%S}{zone}")
        except ValueError:
            pass  # the 31st of a short month: refused below like any other text
    raise CellRefused(Reason.BAD_TIME, column=column, value=value[:50])


def _utc(at: datetime, column: str) -> datetime:
    if at.year not in _YEARS:
        raise CellRefused(Reason.BAD_TIME, column=column, value=f"{at:%Y-%m-%d}")
    return at.astimezone(UTC)


def _number_text(cell: float | bool | date | time | timedelta) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_BELOW:
        return str(int(cell))
    return str(cell)
