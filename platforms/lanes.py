"""Several shops worked on at once and none twice: what falls due is claimed, done, and let go.

Everything stands in the database; here is only who is at work. Whatever goes wrong with one shop
stays with it, and a database that fails is asked again: the house goes on.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Generic, Protocol, TypeVar

import structlog

from core.ports import Store
from platforms.working import Database

RETRY: Final = 2.0  # seconds after the database failed
SHORTEST: Final = 0.05  # seconds until the next look, while what is due belongs to who is at work
LONGEST: Final = 60.0  # seconds until the next look, if nothing wakes it: the clock may be set

log = structlog.stdlib.get_logger(__name__)


class Job(Protocol):
    """Something to do for one linked shop."""

    @property
    def link_id(self) -> int:
        """Return the shop's link."""
        ...


J = TypeVar("J", bound=Job)


class Lanes(ABC, Generic[J]):
    """Works until cancelled; `told` is called when a shop is owed news."""

    lanes: int

    def __init__(
        self, database: Database, *, told: Callable[[], object], now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._told = told
        self._now = now
        self._woken = asyncio.Event()
        self._busy: set[int] = set()

    @abstractmethod
    def _next_due(self, store: Store) -> datetime | None:
        """When something is due next."""

    @abstractmethod
    def _claim(self, store: Store, room: int, busy: Sequence[int]) -> Sequence[J]:
        """What is due now, one for each link, none of those that are busy."""

    @abstractmethod
    async def _work(self, job: J) -> None:
        """Do it, and keep what became of it."""

    def wake(self) -> None:
        """Something may be due: look."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled; what is under way then is due again after its lease."""
        async with asyncio.TaskGroup() as under_way:
            while True:
                self._woken.clear()
                try:
                    await self._round(under_way)
                except Exception as error:  # noqa: BLE001 - what is due waits; so do we
                    log.error("platforms cannot be looked at", error=type(error).__name__)
                    await asyncio.sleep(RETRY)

    async def _round(self, under_way: asyncio.TaskGroup) -> None:
        """Begin with what is due, or wait for what falls due next."""
        due = await self._database.read(self._next_due)
        room, busy = self.lanes - len(self._busy), tuple(self._busy)
        jobs: Sequence[J] = ()
        if room > 0 and due is not None and due <= self._now():
            jobs = await self._database.write(lambda store: self._claim(store, room, busy))
        for job in jobs:
            self._busy.add(job.link_id)
            under_way.create_task(self._one(job))
        if not jobs:
            await self._wait(due)

    async def _one(self, job: J) -> None:
        try:
            await self._work(job)
        except Exception as error:  # noqa: BLE001 - no shop may end the house's work
            log.error("a platform's shop fails", link=job.link_id, error=type(error).__name__)
        finally:
            self._busy.discard(job.link_id)
            self._woken.set()

    async def _wait(self, due: datetime | None) -> None:
        seconds = (due - self._now()).total_seconds() if due else LONGEST
        try:
            async with asyncio.timeout(min(max(seconds, SHORTEST), LONGEST)):
                await self._woken.wait()
        except TimeoutError:
            return
