"""What passes between the house and a platform about e-waybills (电子面单): plain values.

Nobody here sees the recipient: the platform knows whom the order is for, and answers with a number
and with what the carrier's sorting needs on the label.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Sender(NamedTuple):
    """Where the parcel leaves from, as the platform wants it: the factory's 发货信息 in parts."""

    contact: str
    phone: str
    province: str
    city: str
    district: str
    detail: str


class TicketAsked(NamedTuple):
    """A number that is wanted: `handle` and `merchant` are the platform's ids, `carrier` our code.

    The same `handle`, `carrier` and `pack` draw the same number again. `goods` are names and
    pieces.
    """

    handle: str
    merchant: str
    carrier: str
    pack: str
    goods: Sequence[tuple[str, int]]


class Sorting(NamedTuple):
    """What stands on the label beside the number: never more than a district."""

    sort_code: str = ""
    destination: str = ""
    package: str = ""


class TicketTold(NamedTuple):
    """What became of one number that was asked for: drawn, or refused with one of `WHYS`."""

    handle: str
    number: str = ""
    sorting: Sorting = Sorting()
    why: str = ""
    said: str = ""
