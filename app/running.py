"""A bot at work: what it is made of, the tasks that must not end by themselves, and their end."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
import telegram
from aiogram import Bot
from aiogram.exceptions import (
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from api.posting import Poster
from api.rates import Rates
from api.selling import Seller
from app.backing import Backing
from app.selling import Selling
from app.settings import Settings
from app.together import Together
from app.ways import Ways
from bot.ending import PATIENCE
from bot.house import House
from bot.inbox import Inbox
from bot.polling import TokenRefused
from platforms.sheets.alias_table import MoreNames
from storage.database import Database
from storage.store import SqlStore

T = TypeVar("T")
log = structlog.stdlib.get_logger(__name__)


@dataclass(slots=True)
class Running:
    """A bot at work: its house, its inbox, and the tasks that must not end by themselves.

    What it does is started part by part (`app.parts`): all of them, or those of a role.
    """

    settings: Settings
    ways: Ways
    database: Database[SqlStore]
    house: House
    bot: Bot
    courier_bot: telegram.Bot
    inbox: Inbox
    poster: Poster
    selling: Selling
    sellers: Mapping[str, Seller]
    more_names: MoreNames
    backing: Backing
    together: Together | None = None  # with the house's other processes
    rates: Rates = field(default_factory=Rates)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    doors: set[asyncio.Task[None]] = field(default_factory=set)
    woken: set[Callable[[], object]] = field(default_factory=set)

    def start(self, work: Coroutine[Any, Any, None], name: str, *, door: bool = False) -> None:
        """Run `work` beside the others; a `door` brings work in, and ends before they do."""
        self.tasks.append(asyncio.create_task(work, name=name))
        if door:
            self.doors.add(self.tasks[-1])

    def wrote(self) -> None:
        """Something was committed, here or elsewhere: whoever works by what is written looks."""
        for told in tuple(self.woken):
            told()

    @contextmanager
    def waking(self, *told: Callable[[], object]) -> Iterator[None]:
        """Call these within the block whenever something was committed."""
        self.woken.update(told)
        try:
            yield
        finally:
            self.woken.difference_update(told)

    async def wait(self, stop: asyncio.Event) -> None:
        """Return when told to stop; raise what any of the tasks raised."""
        stopping = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait({stopping, *self.tasks}, return_when="FIRST_COMPLETED")
        stopping.cancel()
        for task in done - {stopping}:
            task.result()

    async def close(self) -> None:
        """End every task, the doors first, and let what is in flight finish for a while."""
        await _end(self.doors)
        await asyncio.gather(
            self.inbox.close(PATIENCE), _end(task for task in self.tasks if task not in self.doors)
        )
        await _end(self.house.saying.copy())


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel all of them, and wait until they have come to their end."""
    ending = list(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)


async def patiently(ask: Callable[[], Awaitable[T]], pause: float = 1.0) -> T:
    """Return Telegram's answer; waits while it cannot be reached. Raises `TokenRefused`."""
    while True:
        try:
            return await ask()
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise TokenRefused from None
        except (TelegramNetworkError, TelegramServerError, TelegramRetryAfter) as error:
            log.warning("Telegram cannot be reached", again_in=pause, error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30)
