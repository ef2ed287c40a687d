"""One seed: a town, its weather, its people's acts and mishaps, and the judgement at the end."""

import asyncio
import hashlib
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlmodel import col, func, select

from core.entities import Job
from playground import acts, groups
from playground.errors import PhoneError
from storage.store import SqlStore
from tests.torture.simulator.first_day import begun, copied
from tests.torture.simulator.hours import VirtualLoop, run
from tests.torture.simulator.judging import judged
from tests.torture.simulator.people import PEOPLE, Crowd, done
from tests.torture.simulator.places import Places
from tests.torture.simulator.town import (
    BOT,
    FACTORY,
    MERCHANT,
    OTHER,
    PACKER,
    Town,
    refused,
)

BURSTS: Final = (1, 1, 1, 2, 3)  # stretches of work, with hours between
LONGEST: Final = 20 * 3600  # seconds: what waits for a day Telegram forgets
DAYS: Final = timedelta(days=1)


@dataclass
class Told:
    """What a seed came to: what was wrong, its trace, and figures."""

    seed: int
    faults: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    acts: int = 0
    calls: int = 0
    broken: int = 0
    alerts: int = 0
    seconds: float = 0.0  # of the town's time

    @property
    def hash(self) -> str:
        """Return the trace in short."""
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()


def play(seed: int, places: Places | None = None) -> Told:
    """Play one seed through, by default over a file. The same seed is the same play."""
    begun()
    told: Told = run(partial(_play, seed, places))
    return told


async def _play(seed: int, places: Places | None, loop: VirtualLoop) -> Told:
    rng = random.Random(f"play {seed}")
    told = Told(seed)
    rate = rng.choice((0.0, 0.02, 0.05, 0.1, 0.2))
    async with copied(loop, seed, rate, places) as town:
        play = Play(town, rng, told)
        try:
            await play.works()
            await play.clears_up()
            told.faults += await judged(town, rate)
        finally:
            told.calls, told.seconds = len(town.wire.calls), loop.time()
            told.broken = sum(1 for one in town.wire.calls if one.fault)
            told.trace += [
                f"{one.at:.3f} {one.cause} {one.method} {one.chat} {one.status} {one.fault} "
                f"{one.arrived} {len(one.text)}"
                for one in town.wire.calls
            ]
    return told


class Play:
    """People at work while things go wrong."""

    def __init__(self, town: Town, rng: random.Random, told: Told) -> None:
        self.town = town
        self.rng = rng
        self.told = told
        self.crowd = Crowd(town, rng)
        self.updates: list[int] = []
        self.blocked: set[int] = set()
        self.stays_blocked = rng.choice((0, 0, 0, *PEOPLE))

    async def works(self) -> None:
        """Some stretches of work, each ended by hours in which nothing runs."""
        for _ in range(self.rng.choice(BURSTS)):
            await asyncio.gather(*(self._acts(person) for person in PEOPLE), self._mishaps())
            self.town.suspends(self.rng.choice((60, 3600, 6 * 3600, LONGEST)))

    async def _acts(self, person: int) -> None:
        for _ in range(self.rng.randint(2, 5 if person != MERCHANT else 8)):
            await asyncio.sleep(self.rng.expovariate(1 / 6))
            act = self.crowd.draws(person)
            update = done(self.town, act)
            self.told.acts += 1
            self._note(f"{act} -> {update}")
            if update:
                self.updates.append(update)

    async def _mishaps(self) -> None:
        for _ in range(self.rng.randint(0, 4)):
            await asyncio.sleep(self.rng.uniform(0, 15))
            mishap = self.rng.choice((
                self._repeats, self._repeats, self._blocks, self._unblocks, self._migrates,
                self._deactivates, self._clock_jumps, self._busy, self._removes_bot,
            ))  # fmt: skip
            self._note(mishap.__name__)
            await mishap()

    async def _repeats(self) -> None:
        for _ in range(self.rng.randint(1, 4)):
            if self.updates:
                self.town.world.updates.repeat(self.rng.choice(self.updates))

    async def _blocks(self) -> None:
        self._block(self.rng.choice(PEOPLE), blocked=True)

    async def _unblocks(self) -> None:
        for person in sorted(self.blocked):
            self._block(person, blocked=False)

    def _block(self, person: int, *, blocked: bool) -> None:
        world = self.town.world
        with world.transaction():
            update = refused(lambda: acts.block(world, person, "daifa_bot", blocked=blocked))
        (self.blocked.add if blocked else self.blocked.discard)(person)
        if update:
            self.updates.append(update)

    async def _deactivates(self) -> None:
        person = self.rng.choice((FACTORY, OTHER, PACKER))
        self.town.wire.deactivated.add(person)
        await asyncio.sleep(self.rng.uniform(1, 20))
        self._back(person)

    def _back(self, person: int) -> None:
        self.town.wire.deactivated.discard(person)
        refused(lambda: self.town.says(person, "/start"))

    async def _migrates(self) -> None:
        world = self.town.world
        with world.transaction():
            refused(lambda: groups.to_supergroup(world, self.town.group))

    async def _removes_bot(self) -> None:
        world, room = self.town.world, self.town.old_group()
        with world.transaction():
            groups.change_members(world, room.group, FACTORY, [], [BOT])
        await asyncio.sleep(self.rng.uniform(1, 20))
        try:
            with world.transaction():
                groups.change_members(world, self.town.old_group().group, FACTORY, [BOT], [])
        except PhoneError as odd:
            self._note(str(odd))
        if self.rng.random() < 0.7:
            refused(lambda: self.town.says(FACTORY, "/here", None, self.town.old_group().group))

    async def _clock_jumps(self) -> None:
        days = self.rng.choice((-1, 1))
        self.town.wall.ahead += DAYS * days
        await asyncio.sleep(self.rng.uniform(0, 20))
        if self.rng.random() < 0.5:
            self.town.wall.ahead -= DAYS * days

    async def _busy(self) -> None:
        with self.town.places.held():
            await asyncio.sleep(self.rng.choice((0.5, 3, 12)))

    async def clears_up(self) -> None:
        """The weather clears, people come back, time passes until nothing is owed."""
        town = self.town
        town.wire.weather.rate = 0.0
        town.places.clears_up()
        for person in sorted(self.blocked - {self.stays_blocked}):
            self._block(person, blocked=False)
        for person in sorted(town.wire.deactivated):
            self._back(person)
        due = None
        for _ in range(40):
            quiet = await town.quiet()
            due = await town.read(_next_due)
            if due is None:
                if not quiet:
                    self.told.faults.append("it does not come to rest")
                return
            town.suspends(max((due - town.wall()).total_seconds(), 1.0))
        self.told.faults.append(f"always something owed: {due}")

    def _note(self, what: str) -> None:
        for person, number in self.town.numbers.items():  # drawn anew on each first day
            what = what.replace(number, f"shop-of-{person}")
        self.told.trace.append(f"{self.town.loop.time():.3f} {what}")


def _next_due(store: SqlStore) -> datetime | None:
    """Return when the next alert is due, or work that somebody held when the clock was ahead."""
    held = select(func.min(Job.lease_until)).where(col(Job.state) == "waiting")
    both = (store.alerts.next_due(()), store.session.scalar(held))
    return min((one for one in both if one is not None), default=None)
