"""One process that does everything for one bot: conversation, alerts, work, ticks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from api.posting import Poster
from api.selling import Seller
from app.backing import Backing
from app.building import Clock, make_house, rules_of, utc_now
from app.keeping import disk_of
from app.selling import Selling, open_selling
from app.settings import Settings
from app.ticks import Ticks
from app.ways import Ways
from bot.calming import Calming
from bot.courier import Courier, Pace
from bot.dispatcher import routing
from bot.ending import PATIENCE
from bot.handlers import (
    answering_job,
    batches_job,
    days_job,
    exporting_job,
    importing_job,
    pasting_job,
    printing_job,
    recalling_job,
    rules_job,
    scanning_job,
    tickets_job,
)
from bot.house import House
from bot.inbox import Feed, Inbox
from bot.jobs import Failed
from bot.menu import publish_menus
from bot.polling import Polling, TokenRefused
from bot.putting_off import later, sorry
from bot.restored import lost_time
from bot.screens.alerts import alert_screen
from bot.sweeper import Sweeper
from bot.telegram_out import close_courier_bot
from bot.worker import Worker
from core.ports import Store
from core.services import Services
from platforms.barcodes.reading import read_barcodes
from platforms.sheets.extending import read_more_names
from storage.database import Database
from storage.ownership import Ownership
from storage.store import SqlStore

T = TypeVar("T")
log = structlog.stdlib.get_logger(__name__)


@dataclass(slots=True)
class Running:
    """A bot at work: its house, its inbox, and the tasks that must not end by themselves."""

    database: Database[SqlStore]
    house: House
    bot: Bot
    inbox: Inbox
    poster: Poster
    selling: Selling
    sellers: Mapping[str, Seller]
    backing: Backing
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    doors: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self, work: Coroutine[Any, Any, None], name: str, *, door: bool = False) -> None:
        """Run `work` beside the others; a `door` brings work in, and ends before they do."""
        self.tasks.append(asyncio.create_task(work, name=name))
        if door:
            self.doors.add(self.tasks[-1])

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


@asynccontextmanager
async def serving(
    settings: Settings,
    token: str,
    api_base: str,
    *,
    clock: Clock = utc_now,
    pace: Pace | None = None,
    ways: Ways | None = None,
) -> AsyncIterator[Running]:
    """Open the house and start everything but the way updates come in.

    `pace` is the courier's; by default what Telegram asks for. `ways` lead out of the process.
    """
    ways = ways or Ways()
    async with AsyncExitStack() as stack:
        more_names = read_more_names(settings.column_aliases) if settings.column_aliases else {}
        with disk_of(settings.database_path):
            settings.database_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            stack.enter_context(Ownership(settings.database_path.with_suffix(".lock")))
        database = await stack.enter_async_context(ways.database(settings, clock))
        await database.take_over()
        await database.write(_take_over)
        bot = ways.bot(settings, token, api_base)
        stack.push_async_callback(bot.session.close)
        me = await patiently(bot.get_me)
        poster = await stack.enter_async_context(Poster.open(private=settings.webhooks_private))
        services = Services(rules_of(settings))
        selling, sellers = await stack.enter_async_context(
            open_selling(settings, database, services, clock)
        )
        lost = await database.read(lost_time)
        house = make_house(
            settings, database, services, me, ping=poster.ping, sellers=selling, lost=lost
        )
        courier_bot = ways.courier_bot(settings, token, api_base)
        stack.push_async_callback(close_courier_bot, courier_bot)
        inbox = Inbox(
            house, _feed(house, bot), sorry(bot), calm=Calming(house, bot), later=later(bot)
        )
        running = Running(
            database, house, bot, inbox, poster,
            selling, sellers, Backing(settings),
        )  # fmt: skip
        stack.push_async_callback(running.close)
        render = alert_screen(house.services, settings.default_lang)
        doers = {
            **importing_job.import_doers(house, bot, ways.read_sheet(more_names)),
            **printing_job.printing_doers(house, bot),
            **exporting_job.export_doers(house, bot),
            **pasting_job.number_doers(house, bot, ways.read_numbers),
            **scanning_job.scanning_doers(house, bot, read_barcodes),
            **answering_job.answer_doers(house, bot),
            **batches_job.batch_doers(house, bot),
            **recalling_job.recall_doers(house, bot),
            **days_job.stats_doers(house, bot),
            **rules_job.rule_doers(house, bot),
            **tickets_job.ticket_doers(house, bot),
        }
        rooms = (
            importing_job, printing_job, exporting_job, scanning_job, batches_job, pasting_job,
            recalling_job, days_job, rules_job, answering_job, tickets_job,
        )  # fmt: skip
        gave_up = {kind: screen for room in rooms for kind, screen in room.GAVE_UP.items()}
        settle = {**recalling_job.SETTLE, **importing_job.SETTLE, **answering_job.SETTLE}
        running.start(database.until_lost(), "database")
        worker = Worker(house, doers, Failed(house, bot, gave_up, settle))
        running.start(Courier(house, courier_bot, render, pace).run(), "courier")
        running.start(worker.run(), "worker")
        running.start(Ticks(house, Sweeper(house, bot).sweep, database.settle).run(), "ticks")
        await patiently(partial(publish_menus, bot))
        yield running


def _take_over(store: Store) -> None:
    """Go on where a killed run stopped. The lock is ours, so no lease is anybody's any more.

    Without this a killed run's alerts and webhooks would wait for a minute, and a file being read
    for five.
    """
    store.alerts.release()
    store.jobs.release()
    store.platforms.release()
    store.tickets.release()
    store.webhooks.release()


def start_polling(running: Running, timeout: int = 30) -> None:
    """Bring updates in by our own polling."""
    running.start(Polling(running.bot, running.inbox, timeout=timeout).run(), "polling", door=True)


def _feed(house: House, bot: Bot) -> Feed:
    dispatcher = routing()

    async def feed(raw: dict[str, Any]) -> None:
        with suppress(TelegramForbiddenError):  # they blocked the bot while a refusal was said
            await dispatcher.feed_raw_update(bot, raw, house=house)

    return feed
