"""Keyset cursors inside buttons: microseconds and ids in base 36, to fit 64 bytes."""

from datetime import UTC, datetime, timedelta

from core.orders.views import Cursor

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_LARGEST = 2**63  # no row has an id the database cannot hold
_MICROSECOND = timedelta(microseconds=1)


def pack(cursor: Cursor) -> dict[str, str | int]:
    """Return the cursor as fields of `ListOrders`."""
    at = pack_moment(cursor.sort_at)
    return {"at": at, "row": _base36(cursor.id), "back": int(cursor.backward)}


def pack_moment(moment: datetime) -> str:
    """Return a moment as text for a button, to the microsecond."""
    return _base36((moment - _EPOCH) // _MICROSECOND)


def unpack_moment(at: str) -> datetime:
    """Return the moment of a button, long ago for a forged one."""
    found = unpack(at, "0", 0)
    return found.sort_at if found else _EPOCH


def unpack(at: str, row: str, back: int) -> Cursor | None:
    """Return the cursor of a button, None for the first page or for a forged one."""
    try:
        micros, row_id = int(at, 36), int(row, 36)
        if not 0 <= row_id < _LARGEST:
            return None
        return Cursor(_EPOCH + micros * _MICROSECOND, row_id, bool(back))
    except (ValueError, OverflowError):
        return None


def _base36(number: int) -> str:
    if number < 0:
        return f"-{_base36(-number)}"
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits
