"""Work that one process does at a time: led while a lease is held, waited for otherwise."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog

from core.errors import CannotKeep
from storage.database import Database
from storage.errors import DatabaseError
from storage.leases import FAILED, Held, LeaseLost, Leases, fenced
from storage.store import SqlStore

T = TypeVar("T")
log = structlog.stdlib.get_logger(__name__)

ASK: Final = 0.5  # seconds between two looks of who waits
SPARE: Final = 1 / 4  # of a lease's life: so long before its end the work is stopped


class Fenced:
    """The database as a leader has it: what it writes counts only while it leads."""

    def __init__(self, database: Database[SqlStore], held: Held) -> None:
        self._database, self._held = database, held
        self.lost = asyncio.Event()

    async def read(self, work: Callable[[SqlStore], T]) -> T:
        """As `Database.read`."""
        return await self._database.read(work)

    async def write(self, work: Callable[[SqlStore], T]) -> T:
        """As `Database.write`; raises `LeaseLost` where another leads meanwhile."""

        def while_mine(store: SqlStore) -> T:
            fenced(store.session, self._held)
            return work(store)

        try:
            return await self._database.write(while_mine)
        except LeaseLost:
            self.lost.set()
            raise


Work = Callable[[Fenced], Awaitable[None]]


class Leading:
    """One piece of work among the processes of a house; `since` while this one leads, else None.

    `work` is given the database to work with, and works until it is cancelled.
    """

    def __init__(
        self, leases: Leases, database: Database[SqlStore], name: str, work: Work, *,
        ask: float = ASK,
    ) -> None:  # fmt: skip
        self.name = name
        self.since: float | None = None
        self._until = 0.0  # by `time.monotonic`, while it leads
        self._leases, self._database, self._work, self._ask = leases, database, work, ask

    async def run(self) -> None:
        """Lead whenever nobody else does, until cancelled; the next one then goes on at once.

        Raises what the work raises.
        """
        while True:
            held = await self._taken()
            log.info("leads", work=self.name, turn=held.turn)
            self.since = time.monotonic()
            try:
                await self._lead(held)
            except (CannotKeep, DatabaseError) as error:
                log.warning("cannot lead", work=self.name, error=type(error).__name__)
            finally:
                self.since = None
                await self._leases.release(held)
            log.warning("leads no more", work=self.name, turn=held.turn)
            await asyncio.sleep(self._ask)

    async def _taken(self) -> Held:
        """Wait until the lease is ours."""
        while True:
            try:
                held = await self._leases.take(self.name)
            except FAILED as error:
                log.warning("leases cannot be asked for", error=type(error).__name__)
                held = None
            if held is not None:
                return held
            await asyncio.sleep(self._ask)

    async def _lead(self, held: Held) -> None:
        """Work as long as the lease is renewed; what is under way ends while it still is."""
        self._until = held.until
        database = Fenced(self._database, held)
        work = asyncio.ensure_future(self._work(database))
        keeping = asyncio.create_task(self._keep(held))
        losing = asyncio.create_task(database.lost.wait())
        try:
            ends = {work, keeping, losing}
            while not any(one.done() for one in ends) and (left := self._left()) > 0:
                await asyncio.wait(ends, timeout=left, return_when="FIRST_COMPLETED")
        finally:
            ended = work.done()
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            for task in (keeping, losing):
                task.cancel()
            await asyncio.gather(keeping, losing, return_exceptions=True)
        if ended:
            work.result()

    def _left(self) -> float:
        """Return the seconds until the work must be stopped, unless the lease is renewed."""
        return self._until - self._leases.life * SPARE - time.monotonic()

    async def _keep(self, held: Held) -> None:
        """Renew at a third of the lease's life until cancelled; return when it is lost."""
        while True:
            await asyncio.sleep(self._leases.life / 3)
            try:
                self._until = (await self._leases.renew(held)).until
            except LeaseLost:
                return
            except FAILED as error:
                log.warning("a lease was not renewed", work=self.name, error=type(error).__name__)
