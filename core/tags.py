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
