"""What happened around orders that were stopped. All of it passes quiet hours: a parcel waits."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from core.events import Event

Say = Literal["intercept", "let_go"]
NAMED = 20  # orders one message names; of the others it says how many


@dataclass(frozen=True, slots=True)
class ParcelsUnderWay(Event):
    """Parcels of stopped orders had left already, the merchant decides about them.

    To both sides when the factory says so after the stop; of what it had sent before it hears when
    that is decided. Told is what is undecided then, `NAMED` of it by number.
    """

    urgent: ClassVar[bool] = True
    joins: ClassVar[bool] = True
    assignment_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParcelJudged(Event):
    """To the factory: call the parcel back, or let it go on.

    `instead`: it was to call it back before, and need not any more.
    """

    urgent: ClassVar[bool] = True
    assignment_id: int
    say: Say
    instead: bool = False


@dataclass(frozen=True, slots=True)
class OrderLetGo(Event):
    """To the factory: the merchant refuses the refund that is open; ship as usual."""

    urgent: ClassVar[bool] = True
    assignment_id: int
