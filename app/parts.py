"""The parts a bot at work is made of: `daifa run` has all of them, a role its own (`app.roles`)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from api.sending import Sender
from app.building import Clock, utc_now
from app.doing import worker_of
from app.opening import opened
from app.running import Running, patiently
from app.settings import Settings
from app.ticks import Ticks
from app.ways import Ways
from bot.courier import Courier, Pace
from bot.menu import publish_menus
from bot.polling import Polling
from bot.screens.alerts import alert_screen
from bot.sweeper import Sweeper


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
    """Open the house and start everything but the ways in, and what only the HTTP face needs.

    `pace` is the courier's; by default what Telegram asks for. `ways` lead out of the process.
    """
    async with opened(settings, token, api_base, clock=clock, ways=ways) as running:
        start_courier(running, pace)
        start_worker(running)
        start_ticks(running)
        await patiently(partial(publish_menus, running.bot))
        yield running


def start_courier(running: Running, pace: Pace | None = None) -> None:
    """Bring what is owed to chats."""
    render = alert_screen(running.house.services, running.house.default_lang)
    courier = Courier(running.house, running.courier_bot, render, pace)
    running.start(courier.run(), "courier")


def start_worker(running: Running) -> None:
    """Do what takes too long for a handler."""
    running.start(worker_of(running).run(), "worker")


def start_ticks(running: Running) -> None:
    """Do what happens by the clock alone."""
    sweep = Sweeper(running.house, running.bot).sweep
    running.start(Ticks(running.house, sweep, running.database.settle).run(), "ticks")


def start_outward(running: Running) -> None:
    """Look at platforms and tell them, and programs of shops, what they are owed."""
    for worker in running.selling.workers():
        running.start(worker.run(), type(worker).__name__.lower())
    house = running.house
    delivering = house.services.programs.delivering
    sender = Sender(house.database, delivering, running.poster, house.owed.set, house.hooks)
    running.database.after_write(sender.wrote)
    running.start(sender.run(), "webhooks")


def start_backing(running: Running) -> None:
    """Make backups by the clock."""
    running.start(running.backing.run(), "backing")


def start_polling(running: Running, timeout: int = 30) -> None:
    """Bring updates in by our own polling."""
    running.start(Polling(running.bot, running.inbox, timeout=timeout).run(), "polling", door=True)
