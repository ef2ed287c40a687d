"""Ours and the floor, one update each in turn: what disturbs the one disturbs the other.

Beside the clock the processor's time is taken, all threads together: on a machine that others use
too, a hand-over between threads waits for a processor, and the floor hands nothing over.
"""

import gc
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from bench.figures import Rounds, Row, micros, middle, p99

WARM = 20  # updates before the rounds
Act = Callable[[int], Awaitable[None]]


class Sizes(NamedTuple):
    """How often: rounds, and updates in each."""

    rounds: int = 7
    updates: int = 150

    @property
    def all(self) -> int:
        """Return how many updates are needed."""
        return WARM + self.rounds * self.updates

    @property
    def words(self) -> str:
        """Return it in words."""
        return f"{self.rounds} × {self.updates}"

    def cut(self, times: list[float]) -> Rounds:
        """Cut into rounds, the first warm ones left out."""
        kept = times[WARM:]
        return [kept[n : n + self.updates] for n in range(0, len(kept), self.updates)]


@dataclass(slots=True)
class Times:
    """Seconds of each update, by the clock and by the processor."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    async def take(self, act: Act, n: int) -> None:
        """Do it once, timed."""
        clock, processor = time.perf_counter(), time.process_time()
        await act(n)
        self.processor.append(time.process_time() - processor)
        self.clock.append(time.perf_counter() - clock)


@dataclass(frozen=True, slots=True)
class Race:
    """What was measured."""

    ours: Times
    floor: Times
    sizes: Sizes

    def rows(self, what: str, goal: float | None, measured: str, group: str = "taps") -> list[Row]:
        """Return the rows: the median against its goal, the slowest percent, the processor."""
        cut = self.sizes.cut
        ours, floor = cut(self.ours.clock), cut(self.floor.clock)
        busy, least = cut(self.ours.processor), cut(self.floor.processor)
        return [
            Row(group, f"{what}: p50", micros(middle(ours)), micros(middle(floor)), goal,
                measured=measured),
            Row(group, f"{what}: p99", micros(p99(ours)), micros(p99(floor))),
            Row(group, f"{what}: processor", micros(middle(busy)), micros(middle(least))),
        ]  # fmt: skip


async def run_race(ours: Act, floor: Act, sizes: Sizes) -> Race:
    """Run both, in turn, as often as the sizes say."""
    race = Race(Times(), Times(), sizes)
    for n in range(sizes.all):
        await race.ours.take(ours, n)
        await race.floor.take(floor, n)
    return race


def calm_the_collector() -> None:
    """Set garbage collection as the running bot sets it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
