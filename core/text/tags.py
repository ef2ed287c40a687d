"""短号: the four characters by which a factory names one open order, on a slip or in a reply.

The alphabet has no look-alikes, and a tag always holds a letter: digits alone are never a tag,
and a tag is too short to be a tracking number. 806,000 tags exist; unique among one factory's
unfinished orders, and not reused for 90 days, is the store's to keep.
"""

import re
import secrets
from collections.abc import Callable

from core.text.plain import half_width, visible

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 4

# Of an order's number only what Code128 prints; a tag alone names the order too.
_SLIP = re.compile(rf"([{ALPHABET}]{{{LENGTH}}})-([\x21-\x7e]*)")
_PAIRS = [one + other for one in ALPHABET for other in ALPHABET]
_SHAPE = re.compile(rf"(?=.*[A-Z])[{ALPHABET}]{{{LENGTH}}}")


def new_tags(wanted: int, draw: Callable[[int], bytes] = secrets.token_bytes) -> set[str]:
    """Draw at most so many tags at once: a double, or one without a letter, is left out."""
    drawn, kinds = draw(4 * wanted), len(_PAIRS)
    numbers = (int.from_bytes(drawn[i : i + 4]) for i in range(0, len(drawn), 4))
    tags = {_PAIRS[n // kinds % kinds] + _PAIRS[n % kinds] for n in numbers}
    return {tag for tag in tags if not tag.isdigit()}


def read_tag(text: str) -> str | None:
    """The tag meant by `text` (full-width, lower case, blanks, a leading # forgiven), or None."""
    tag = "".join(half_width(visible(text)).split()).removeprefix("#").upper()
    return tag if _SHAPE.fullmatch(tag) else None


def slip_code(tag: str, order_no: str) -> str:
    """Return what the barcode of a packing slip says."""
    return f"{tag}-{order_no if order_no.isascii() and order_no.isprintable() else ''}"


def read_slip_code(text: str) -> tuple[str, str] | None:
    """Return the tag and the order's number a slip's barcode names, or None for any other code.

    Only the shape is looked at: `SF12-3` would be one too. Whose it is, the store knows.
    """
    found = _SLIP.fullmatch(text.strip())
    if found is None or read_tag(found[1]) is None:
        return None
    return found[1], found[2]
