"""What can go wrong with e-waybills: no text."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Conflict, Invalid


@dataclass(eq=False)
class SenderIncomplete(Invalid):
    """The factory's 发货信息 does not say all a platform wants.

    `missing`: ship_from (there is none), contact, phone, province, city, district, detail.
    """

    missing: Sequence[str]


@dataclass(eq=False)
class NothingToDraw(Conflict):
    """None of these can have an e-waybill now; `left_out` are (tag, reason)."""

    left_out: Sequence[tuple[str, str]] = ()


class NothingToSend(Conflict):
    """None of these has a printed e-waybill that waits to leave."""
