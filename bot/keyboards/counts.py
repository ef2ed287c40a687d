"""Several small numbers in a button: two characters each, in base 36."""

from collections.abc import Sequence

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LARGEST = len(_DIGITS) ** 2 - 1


def pack(counts: Sequence[int]) -> str:
    """Return the numbers, 0 to `LARGEST` each; zeros at the end are left out."""
    text = "".join(_two(min(max(n, 0), LARGEST)) for n in counts)
    while text.endswith("00"):
        text = text[:-2]
    return text


def unpack(text: str) -> tuple[int, ...]:
    """Return the numbers of `pack`; none of a forged text."""
    if not text.isascii() or not text.isalnum() or len(text) % 2:
        return ()
    return tuple(int(text[at : at + 2], 36) for at in range(0, len(text), 2))


def _two(n: int) -> str:
    return _DIGITS[n // 36] + _DIGITS[n % 36]


def pack_mark(mark: int) -> str:
    """Return an unsigned 32-bit number in base 36."""
    text = ""
    while mark:
        mark, digit = divmod(mark, 36)
        text = _DIGITS[digit] + text
    return text or "0"


def unpack_mark(text: str) -> int:
    """Return the number of `pack_mark`; one no plan has of a forged text."""
    return int(text, 36) if text.isascii() and text.isalnum() else -1
