"""短号: the four characters by which a factory names one open order, on a slip or in a reply.

The alphabet has no look-alikes, and a tag always holds a letter: digits alone are never a tag,
and a tag is too short to be a tracking number. 806,000 tags exist; unique among one factory's
unfinished orders, and not reused for 90 days, is the store's to keep.
"""

import random
import re
import secrets

from core.plain import half_width, visible

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 4

_SYSTEM_RANDOM = secrets.SystemRandom()
# Of an order's number only what Code128 prints; a tag alone names the order too.
_SLIP = re.compile(rf"([{ALPHABET}]{{{LENGTH}}})-([\x21-\x7e]*)")
_SHAPE = re.compile(rf"(?=.*[A-Z])[{ALPHABET}]{{{LENGTH}}}")


def new_tag(rng: random.Random = _SYSTEM_RANDOM) -> str:
    """Draw a tag."""
    while True:
        tag = "".join(rng.choice(ALPHABET) for _ in range(LENGTH))
        if not tag.isdigit():
            return tag


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
