"""The worker: does what takes too long for a handler, from rows that survive a restart.

A job is leased while worked on and the lease is renewed, so a job of a process that died is taken
up again; a doer must therefore be repeatable.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

import structlog

from bot.ending import PATIENCE, ending, unbroken
from bot.house import House
from core.entities import Job, JobState
from core.ids import key
from core.ports import Store

log = structlog.stdlib.get_logger(__name__)

Doer = Callable[[Job], Awaitable[object]]

TRIES: Final = 3
LEASE: Final = timedelta(minutes=5)


class Worker:
    """Does jobs until cancelled: `doers` by the job's kind, `failed` tells of one given up.

    `lease` and `retry` (the first pause after a failure, doubled after the second) are on the
    store's clock, `look` is in seconds.
    """

    def __init__(
        self,
        house: House,
        doers: Mapping[str, Doer],
        failed: Doer,
        *,
        at_once: int = 2,
        lease: timedelta = LEASE,
        retry: timedelta = timedelta(seconds=2),
        look: float = 30.0,
    ) -> None:
        self._house = house
        self._doers = doers
        self._failed = failed
        self._at_once = at_once
        self._lease = lease
        self._retry = retry
        self._look = look
        self._working: dict[asyncio.Task[None], int] = {}  # and the job of each

    async def run(self) -> None:
        """Work until cancelled; a job that is not done soon after goes back for the next run."""
        try:
            while True:
                self._house.jobs.clear()
                while len(self._working) < self._at_once and await unbroken(self._take()):
                    pass
                await self._wait()
        finally:
            late: set[asyncio.Task[None]] = set()
            if self._working:
                _, late = await asyncio.wait(self._working, timeout=PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _take(self) -> bool:
        """Start the oldest waiting job; False when there is none."""
        try:
            job = await self._house.database.write(self._claim)
        except Exception as error:  # noqa: BLE001 - jobs wait; so do we
            log.error("jobs cannot be read", error=type(error).__name__)
            return False
        if job is None:
            return False
        task = asyncio.create_task(self._work(job), name=f"job {job.id}")
        self._working[task] = key(job)
        task.add_done_callback(self._free)
        return True

    def _claim(self, store: Store) -> Job | None:
        return store.jobs.claim(store.now + self._lease, self._working.values())

    def _free(self, task: asyncio.Task[None]) -> None:
        self._working.pop(task)
        self._house.jobs.set()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._look):
                await self._house.jobs.wait()
        except TimeoutError:
            return

    async def _work(self, job: Job) -> None:
        renewing = asyncio.create_task(self._renew(job))
        try:
            try:
                error = await self._do(job)
            finally:
                renewing.cancel()  # before the job is put down, or it could be taken up again
            await self._end(job, error)
        except asyncio.CancelledError:
            await self._put(job, "waiting", attempts=job.attempts - 1)  # no fault of the job
            raise
        except Exception as error:  # noqa: BLE001 - the lease runs out and it is taken up again
            log.error("a job could not be ended", job=job.id, error=type(error).__name__)

    async def _do(self, job: Job) -> str | None:
        """Do the job; return the name of the error, if any."""
        if job.attempts > TRIES:
            return "ProcessDied"  # in every try
        try:
            await self._doers[job.kind](job)
        except asyncio.CancelledError as error:
            if ending():
                raise
            return type(error).__name__
        except Exception as error:  # noqa: BLE001 - one job's mistake must not stall the others
            return type(error).__name__
        return None

    async def _end(self, job: Job, error: str | None) -> None:
        if error is None:
            await self._put(job, "done")
        elif job.attempts < TRIES:
            await self._again(job, error)
        else:
            log.error("a job was given up", job=job.id, kind=job.kind, error=error)
            await self._give_up(job)

    async def _give_up(self, job: Job) -> None:
        """Tell of it, then end it: were it ended first, a kill in between would tell nobody."""
        try:
            await self._failed(job)
        except Exception as error:  # noqa: BLE001 - a chat that takes no messages, say
            log.warning("nobody could be told", job=job.id, error=type(error).__name__)
        await self._put(job, "failed")

    async def _again(self, job: Job, error: str) -> None:
        pause = self._retry * 2 ** (job.attempts - 1)
        log.warning("a job failed", job=job.id, kind=job.kind, tried=job.attempts, error=error)
        await self._put(job, "waiting", pause=pause)
        asyncio.get_running_loop().call_later(pause.total_seconds(), self._house.jobs.set)

    async def _renew(self, job: Job) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 2)
            try:
                await self._put(job, "waiting", pause=self._lease)
            except Exception as error:  # noqa: BLE001 - half a lease is left to try again
                log.warning("a lease was not renewed", job=job.id, error=type(error).__name__)

    async def _put(
        self,
        job: Job,
        state: JobState,
        *,
        pause: timedelta | None = None,
        attempts: int | None = None,
    ) -> None:
        """Store how the job stands; it is taken again after `pause`."""

        def work(store: Store) -> None:
            row = store.jobs.get(key(job))
            if row is None:
                return
            row.state = state
            row.lease_until = store.now + pause if pause is not None else None
            if attempts is not None:
                row.attempts = attempts

        await self._house.database.write(work)
