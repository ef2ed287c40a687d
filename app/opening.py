"""Opening a bot's house: database, keys, Telegram and platforms, before any of it is at work."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError

from api.posting import Poster
from app.backing import Backing
from app.building import Clock, make_house, rules_of, utc_now
from app.keeping import disk_of
from app.running import Running, patiently
from app.selling import open_selling
from app.settings import Settings
from app.together import Together, together
from app.ways import Ways
from bot.calming import Calming
from bot.dispatcher import routing
from bot.house import House
from bot.inbox import Feed, Inbox
from bot.putting_off import later, sorry
from bot.restored import lost_time
from bot.telegram_out import close_courier_bot
from core.ports import Store
from core.services import Services
from platforms.sheets.extending import read_more_names
from storage.ownership import Ownership


@asynccontextmanager
async def opened(
    settings: Settings, token: str, api_base: str, *, clock: Clock = utc_now,
    ways: Ways | None = None,
) -> AsyncIterator[Running]:  # fmt: skip
    """Open the house; nothing is at work yet but what has to know whether the database lasts.

    `ways` lead out of the process.
    """
    ways = ways or Ways()
    async with AsyncExitStack() as stack:
        more_names = read_more_names(settings.column_aliases) if settings.column_aliases else {}
        if settings.server is None:
            stack.enter_context(_alone(settings.database_path))
        database = await stack.enter_async_context(ways.database(settings, clock))
        others: Together | None = None
        if settings.server is None:
            await database.take_over()
            await database.write(_take_over)
        else:
            others = await stack.enter_async_context(together(settings.server, settings.redis_url))
            database.after_write(others.carrier.tell)
        bot = ways.bot(settings, token, api_base)
        stack.push_async_callback(bot.session.close)
        me = await patiently(bot.get_me)
        poster = await stack.enter_async_context(Poster.open(private=settings.webhooks_private))
        services = Services(rules_of(settings))
        selling, sellers = await stack.enter_async_context(
            open_selling(
                settings, database, services, clock, alone=others.turns.alone if others else None
            )
        )
        lost = await database.read(lost_time)
        house = make_house(
            settings, database, services, me, ping=poster.ping, sellers=selling, lost=lost
        )
        if others is not None:
            house = replace(house, known_people=0)
        selling.tell_to(house.owed.set)
        courier_bot = ways.courier_bot(settings, token, api_base)
        stack.push_async_callback(close_courier_bot, courier_bot)
        inbox = Inbox(
            house, _feed(house, bot), sorry(bot), calm=Calming(house, bot), later=later(bot),
            lane=others.lane if others else None,
        )  # fmt: skip
        running = Running(
            settings, ways, database, house, bot, courier_bot, inbox,
            poster, selling, sellers, more_names, Backing(settings), others,
        )  # fmt: skip
        stack.push_async_callback(running.close)
        database.after_write(running.wrote)
        if others is not None:
            others.share(inbox.flood, house.guesses, running.rates)
            others.start(running.start)
        running.start(database.until_lost(), "database")
        yield running


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Be the one run over this file. Raises `AlreadyOwned`, `DiskRefused`."""
    with ExitStack() as stack:
        with disk_of(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            stack.enter_context(Ownership(path.with_suffix(".lock")))
        yield


def _take_over(store: Store) -> None:
    """Go on where a killed run stopped. The lock is ours, so no lease is anybody's any more.

    Without this a killed run's alerts and webhooks would wait for a minute, and a file being read
    for five.
    """
    store.alerts.release()
    store.jobs.release()
    release_outward(store)


def release_outward(store: Store) -> None:
    """End what a run before this had begun with platforms and programs."""
    store.platforms.release()
    store.tickets.release()
    store.webhooks.release()


def _feed(house: House, bot: Bot) -> Feed:
    dispatcher = routing()

    async def feed(raw: dict[str, Any]) -> None:
        with suppress(TelegramForbiddenError):  # they blocked the bot while a refusal was said
            await dispatcher.feed_raw_update(bot, raw, house=house)

    return feed
