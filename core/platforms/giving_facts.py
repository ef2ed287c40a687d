"""What passes between the house and a platform about assignments there: plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from core.imports.incoming import IncomingLine


class Giving(NamedTuple):
    """Lines of an order that a factory is to have on the platform, or to have no longer.

    `handles` are the platform's ids of them by sub-order number, as far as they are known;
    `paid_at` helps the platform to find the others. `in_part`: the platform would give it other
    lines of the order with them, which are not to be its.
    """

    order_no: str
    lines: Sequence[IncomingLine]
    handles: Mapping[str, str] = {}
    paid_at: datetime | None = None
    in_part: bool = False


class Standing(NamedTuple):
    """How a line stands there: under which id, which factory has it (its shop id there) since when.

    `given_to` is empty while it is the merchant's own. `shipped`: its parcels were told there.
    """

    handle: str
    given_to: str = ""
    given_at: datetime | None = None
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class ByFactory:
    """A factory that tells a parcel itself: its link and tokens, and how it knows the merchant.

    `mask` is empty until it was looked up, which is done by an order given at `given_at`. `handles`
    are the platform's ids of the parcel's lines, by sub-order number.
    """

    link_id: int
    outside_id: str
    mask: str
    handles: Mapping[str, str]
    given_at: datetime
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    token_until: datetime
