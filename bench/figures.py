"""What is measured becomes rows: ours, the floor, their ratio, and the goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

Rounds = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ours` and `floor` are in `unit`; `goal` bounds `ratio`, or `ours`
    where nothing is a floor. A row without a goal is there to be read.
    """

    group: str
    what: str
    ours: float
    floor: float | None = None
    goal: float | None = None
    unit: str = "µs"
    measured: str = ""

    @property
    def ratio(self) -> float | None:
        """Return how many times the floor ours is."""
        return self.ours / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        """Return whether the goal is met; None where there is none."""
        if self.goal is None:
            return None
        return (self.ours if self.ratio is None else self.ratio) <= self.goal


def middle(rounds: Rounds) -> float:
    """Return the median of the rounds' medians: a round somebody disturbed does not count."""
    return median(median(one) for one in rounds)


def p99(rounds: Rounds) -> float:
    """Return the median of the rounds' 99th percentiles."""
    return median(quantiles(one, n=100, method="inclusive")[98] for one in rounds)


def micros(seconds: float) -> float:
    """Return seconds as microseconds."""
    return seconds * 1e6
