"""The clock of the house: APScheduler only ticks, what is due stands in the database.

A tick that fails is logged and comes again; one that is late comes once. The waits between ticks
are monotonic: a wall clock that is set back a day stops nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import structlog

from app.ticking import ringing
from bot.house import House
from core.erasing.erasing import Erasing
from core.ports import Store

log = structlog.stdlib.get_logger(__name__)

VANISH: Final = timedelta(seconds=5)
EXPIRE: Final = timedelta(seconds=60)
ADD_UP: Final = timedelta(seconds=15)
PORTION: Final = 5_000
FORGET: Final = timedelta(hours=1)
BATCH: Final = 100
# Each digest brings a picture that takes about a second to draw, and the courier other news:
# so a thousand shops are told of their day within a quarter of an hour.
DIGESTS, TELL = 20, timedelta(seconds=20)


class Ticks:
    """Everything that happens by the clock alone.

    `sweep` removes messages that must vanish, `settle` empties what stands beside the database.
    """

    def __init__(
        self,
        house: House,
        sweep: Callable[[], Awaitable[object]],
        settle: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._house = house
        self._sweep, self._settle = sweep, settle
        self._erasing = Erasing(house.services.rules)

    async def run(self) -> None:
        """Tick until cancelled: everything at once at the start, then at its own pace."""
        works: list[tuple[Callable[[], Awaitable[None]], timedelta]] = [
            (self.vanish, VANISH),
            (self.expire_bindings, EXPIRE),
            (self.add_up, ADD_UP),
            (self.forget_marks, FORGET),
            (self.drop_drafts, FORGET),
            (self.adopt_shops, FORGET),
            (self.forget_for_programs, FORGET),
            (self.erase, FORGET),
            (self.tell, TELL),
        ]
        bells = {work.__name__: (asyncio.Event(), every) for work, every in works}
        # At once, not at the next tick, when what stands on a screen is old.
        bells[self.vanish.__name__] = (self._house.outdated, VANISH)
        with ringing(bells):
            async with asyncio.TaskGroup() as ticking:
                for work, _ in works:
                    bell, _ = bells[work.__name__]
                    ticking.create_task(_again(work, bell), name=work.__name__)

    async def vanish(self) -> None:
        """Remove messages whose time is over."""
        await self._sweep()

    async def expire_bindings(self) -> None:
        """End requests nobody answered in time; both sides are told."""
        expire = self._house.services.bindings.expire
        while True:
            ended = await self._house.database.write(lambda store: expire(store, BATCH))
            if ended:
                self._house.owed.set()
            if ended < BATCH:
                return

    async def add_up(self) -> None:
        """Add up what was counted apart."""
        await self._house.database.write(lambda store: store.add_up())

    async def tell(self) -> None:
        """Tell what fell due, then shops of their day, for which days that are over are counted."""
        try:
            await self.count_days()
        finally:  # a day that cannot be counted keeps nobody from hearing of a deadline
            await self.tell_due()
        await self.tell_days()

    async def count_days(self) -> None:
        """Count the days that are over."""
        database, days = self._house.database, self._house.services.days
        while await database.read(days.behind):
            await database.write(days.tally)

    async def tell_due(self) -> None:
        """Tell what fell due: deadlines, silence, changes nobody has seen, days of goods.

        The courier waits for the end of it: of all that is due a chat gets one message.
        """
        tell, told = self._house.services.timing.tell_due, 0
        async with self._house.telling:
            while True:
                done = await self._house.database.write(lambda store: tell(store, PORTION))
                told += done.n
                if done.all:
                    break
        if told:
            self._house.owed.set()

    async def tell_days(self) -> None:
        """Tell shops of their yesterday at their hour."""
        database, digests = self._house.database, self._house.services.digests
        if await database.read(digests.waiting):
            await database.write(lambda store: digests.tell(store, DIGESTS))
            self._house.owed.set()

    async def forget_marks(self) -> None:
        """Forget marks of updates that Telegram no longer repeats."""
        services = self._house.services
        kept = services.rules.marks_kept
        await self._house.database.write(lambda store: store.chats.forget_marks(store.now - kept))
        await self._house.database.write(services.platforms.syncing.forget)

    async def drop_drafts(self) -> None:
        """Drop prepared work nobody came back to."""
        kept = self._house.services.rules.draft_kept

        def work(store: Store) -> int:
            return store.drafts.drop_older(store.now - kept)

        await self._house.database.write(work)

    async def adopt_shops(self) -> None:
        """Give shops that were opened since their daily digest."""
        await self._house.database.write(self._house.services.digests.adopt)

    async def forget_for_programs(self) -> None:
        """Forget answers to programs, and events, that are kept no longer."""
        services = self._house.services
        await self._house.database.write(services.programs.answers.forget)
        await self._house.database.write(services.programs.feed.forget)

    async def erase(self) -> None:
        """Erase recipients whose time is over; then the log of writing forgets them too."""
        database, kept = self._house.database, self._house.services.rules.retention
        await database.write(lambda store: store.erasing.hush(store.now - kept))
        while await database.write(self._erasing.due):
            log.info("recipients of orders that are over were erased")
        if self._settle is not None:
            await self._settle()


async def _again(work: Callable[[], Awaitable[None]], bell: asyncio.Event) -> None:
    """Work at once, then whenever the bell rings; never twice at once.

    Whatever goes wrong with it goes wrong alone.
    """
    while True:
        bell.clear()
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - it comes again, and the other ticks go on
            log.error("a tick failed", tick=work.__name__, error=type(error).__name__)
        await bell.wait()
