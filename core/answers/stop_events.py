"""What happened around orders that were stopped. All of it passes quiet hours: a parcel waits."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from core.events import Event

Say = Literal["intercept", "let_go"]
NAMED = 20  # orders one message names


@dataclass(frozen=True, slots=True)
class ParcelsUnderWay(Event):
    """To both sides: parcels of stopped orders had left already, the merchant decides.

    `assignment_ids` names the first `NAMED` of `orders`.
    """

    urgent: ClassVar[bool] = True
    assignment_ids: tuple[int, ...]
    orders: int


@dataclass(frozen=True, slots=True)
class ParcelJudged(Event):
    """To the factory: call the parcel back, or let it go on."""

    urgent: ClassVar[bool] = True
    assignment_id: int
    say: Say


@dataclass(frozen=True, slots=True)
class OrderLetGo(Event):
    """To the factory: the merchant refuses the refund that is open; ship as usual."""

    urgent: ClassVar[bool] = True
    assignment_id: int
