"""The parts a bot at work is made of: `daifa run` has all of them, a role its own (`app.roles`).

What only one process may do is led: by the run itself on a SQLite file, by who holds the lease on a
server.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

from api.sending import Sender
from app.building import Clock, utc_now
from app.doing import worker_of
from app.leading import Fenced, Leading
from app.opening import opened, release_outward
from app.running import Running, patiently
from app.settings import Settings
from app.ticks import Ticks
from app.ways import Ways
from bot.courier import Courier, Pace
from bot.house import Database
from bot.menu import publish_menus
from bot.polling import Polling
from bot.screens.alerts import alert_screen
from bot.sweeper import Sweeper
from bot.worker import LEASE
from core.errors import CannotKeep
from core.ports import Store
from storage.errors import DatabaseError

# Nobody says that another process died: so long its job waits. Renewed at half of it.
JOB_LEASE: Final = timedelta(minutes=1)
Work = Callable[[Database], Coroutine[Any, Any, None]]


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

    async def deliver(database: Database) -> None:
        house = replace(running.house, database=database)
        await Courier(house, running.courier_bot, render, pace).run()

    lead(running, "courier", deliver, lambda store: store.alerts.release())
    if running.together is not None:
        running.start(_owed_elsewhere(running), "owed elsewhere")


def start_worker(running: Running) -> None:
    """Do what takes too long for a handler; any number of processes may."""
    lease = LEASE if running.together is None else JOB_LEASE
    running.start(worker_of(running, lease=lease).run(), "worker")


def start_ticks(running: Running) -> None:
    """Do what happens by the clock alone."""

    async def tick(database: Database) -> None:
        house = replace(running.house, database=database)
        await Ticks(house, Sweeper(house, running.bot).sweep, running.database.settle).run()

    lead(running, "ticks", tick)
    if running.together is not None:
        running.together.heard.append(running.house.outdated.set)


def start_outward(running: Running) -> None:
    """Look at platforms and tell them, and programs of shops, what they are owed."""
    house = running.house

    async def go(database: Database) -> None:
        delivering = house.services.programs.delivering
        sender = Sender(database, delivering, running.poster, house.owed.set, house.hooks)
        workers = running.selling.workers(database)
        with running.waking(sender.wrote, *(one.wake for one in workers)):
            await _side_by_side(sender.run(), *(one.run() for one in workers))

    lead(running, "outward", go, release_outward)
    if running.together is not None:
        running.together.heard += [house.hooks.set, running.wrote]


def start_backing(running: Running) -> None:
    """Make backups by the clock; of a server, the server's own tools do."""
    if running.settings.server is None:
        running.start(running.backing.run(), "backing")


def start_polling(running: Running, timeout: int = 30) -> None:
    """Bring updates in by our own polling."""

    async def poll(_: Database) -> None:
        await Polling(running.bot, running.inbox, timeout=timeout).run()

    lead(running, "polling", poll, door=True)


def lead(
    running: Running, name: str, work: Work, release: Callable[[Store], object] | None = None,
    *, door: bool = False,
) -> None:  # fmt: skip
    """Do what only one process may; `release` ends what one before this had begun."""
    others = running.together
    if others is None:
        running.start(work(running.database), name, door=door)
        return

    async def led(database: Fenced) -> None:
        if release is not None:
            await database.write(release)
        await work(database)

    leading = Leading(others.leases, running.database, f"{name}-{running.house.bot_id}", led)
    others.leading.append(leading)
    running.start(leading.run(), name, door=door)


async def _owed_elsewhere(running: Running) -> None:
    """Wake the courier when another process owed an alert: by a look, for claiming writes."""
    woken = asyncio.Event()
    assert running.together is not None  # noqa: S101 - started only then
    running.together.heard.append(woken.set)
    while True:
        await woken.wait()
        woken.clear()
        try:
            due, now = await running.database.read(
                lambda store: (store.alerts.next_due(()), store.now)
            )
        except (CannotKeep, DatabaseError):
            continue  # the courier looks by itself soon enough
        if due is not None and due <= now:
            running.house.owed.set()


async def _side_by_side(*works: Coroutine[Any, Any, None]) -> None:
    """Do all of these until cancelled, or until one fails: its failure is raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
