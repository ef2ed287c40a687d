"""What shops did day by day, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from core.entities import Role


class Tally(NamedTuple):
    """Counts of a day, of a shop, or of both: as `core.entities.DayTally` says."""

    new: int = 0
    assigned: int = 0
    declined: int = 0
    shipped: int = 0
    on_time: int = 0
    late: int = 0
    minutes: int = 0

    def __add__(self, other: object) -> "Tally":
        """Return both together."""
        if not isinstance(other, Tally):
            return NotImplemented
        return Tally(*(one + two for one, two in zip(self, other, strict=True)))

    @property
    def rate(self) -> int | None:
        """Return how many of a hundred shipped orders left in time; None when none shipped.

        Rounded down: a hundred means all of them.
        """
        return self.on_time * 100 // self.shipped if self.shipped else None

    @property
    def hours(self) -> float | None:
        """Return the hours from assigned to shipped, on average; None when none shipped."""
        return self.minutes / self.shipped / 60 if self.shipped else None


class PairTally(NamedTuple):
    """A tally of one merchant with one factory; factory 0 is the merchant's own row."""

    merchant_id: int
    factory_id: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day of China's time."""

    day: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class PartnerFigures:
    """What was done with one shop of the other side, by the name the reader calls it."""

    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Figures:
    """A span of days, each day in it, and the partners with the most orders first.

    `others` are the partners beyond the named ones, `rest` their tally. `overdue` are the orders
    that should have left by now, counted as far as `OVERDUE_COUNTED`.
    """

    role: Role
    shop_name: str
    days: Sequence[DayFigures]
    partners: Sequence[PartnerFigures]
    others: int
    rest: Tally
    overdue: int

    @property
    def total(self) -> Tally:
        """Return everything together."""
        return sum((one.tally for one in self.days), Tally())
