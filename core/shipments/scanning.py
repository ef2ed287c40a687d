"""What the barcodes of a photo mean: tracking numbers, and whose order our own slip names.

A waybill carries more codes than its number, and a product carries its own. What our slips' codes
say is taken out first; the rest must read as a tracking number. What has a known carrier's shape
comes first; whether it is meant, a person says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Invalid
from core.text.tags import read_slip_code
from core.text.tracking import TrackingError, fits, read


@dataclass(eq=False)
class PictureError(Invalid):
    """A picture that cannot be looked at."""


class NotAPicture(PictureError):
    """No picture of a kind we read, or a broken one."""


@dataclass(eq=False)
class PictureTooLarge(PictureError):
    """More pixels, or bytes, than are looked at. Sides are 0 where they are not known."""

    width: int
    height: int


class PictureTookTooLong(PictureError):
    """Reading it was given up."""


class PictureGone(PictureError):
    """The chat no longer has it."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the codes of one photo say: numbers, likeliest first, and slips as (tag, order no)."""

    numbers: tuple[str, ...]
    slips: tuple[tuple[str, str], ...]

    @property
    def sure(self) -> str | None:
        """Return the number where there is only one."""
        return self.numbers[0] if len(self.numbers) == 1 else None


NUMBERS = 6  # of one photo offered to choose from


def scan(texts: Sequence[str]) -> Scan:
    """Sort the texts of a photo's codes, each once, in the order in which they were read."""
    slips: dict[tuple[str, str], None] = {}
    found: dict[str, bool] = {}
    for text in texts:
        slip = read_slip_code(text)
        if slip is not None:
            slips[slip] = None
            continue
        try:
            number = read(text).number
        except TrackingError:
            continue
        found.setdefault(number, bool(fits(number)))
    order_nos = {order_no for _, order_no in slips}
    numbers = sorted(
        (one for one in found if one not in order_nos), key=lambda number: not found[number]
    )
    return Scan(tuple(numbers[:NUMBERS]), tuple(slips))
