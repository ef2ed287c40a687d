"""APScheduler rings bells at intervals of the monotonic clock; what is due stands elsewhere.

APScheduler keeps the next time of a job as a moment, and asks `datetime.now(its time zone)` whether
that has come: with a usual zone a wall clock set back by a day rings nothing for a day. The zone
here answers with the event loop's own clock, which only ever goes forward (docs/decisions/0023).
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # whatever moment: only differences are looked at


class Monotonic(tzinfo):
    """A zone in which it is as late as the running event loop says; made within that loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def fromutc(self, _wall: datetime) -> datetime:
        """Return now, whatever the wall clock says: what `datetime.now(zone)` asks a zone for."""
        return (_BEGINNING + timedelta(seconds=self._loop.time())).replace(tzinfo=self)

    def utcoffset(self, _moment: datetime | None) -> timedelta:
        """Return nothing: its moments are compared among themselves."""
        return timedelta()

    def dst(self, _moment: datetime | None) -> timedelta:
        """Return nothing."""
        return timedelta()

    def tzname(self, _moment: datetime | None) -> str:
        """Return what it is called in the scheduler's own log."""
        return "monotonic"


class Every(BaseTrigger):  # type: ignore[misc]
    """Fires so long after it fired last; what was missed is missed, and fires once."""

    def __init__(self, interval: timedelta) -> None:
        self.interval = interval

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return when it fires next."""
        return now + self.interval


@contextmanager
def ringing(bells: dict[str, tuple[asyncio.Event, timedelta]]) -> Iterator[None]:
    """Set each of these events again and again, so long after it was set last, within the block."""
    scheduler = AsyncIOScheduler(
        timezone=Monotonic(),
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    for name, (bell, interval) in bells.items():
        scheduler.add_job(_ring, Every(interval), args=[bell], id=name, name=name)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


async def _ring(bell: asyncio.Event) -> None:
    bell.set()
