"""`daifa web`, `daifa courier`, `daifa scheduler`: one house by several processes over PostgreSQL.

Each role is some of the parts of `daifa run`. Of the web any number work at once; of what is led
(`app.parts.lead`) one process does the work and the others of its role wait to take it over. Long
jobs are the web's: it is what grows with the number of people, and a job is shown where it was
asked for without anybody being woken. So is polling, where Telegram is not told an address.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Final, Literal

import structlog

from app.facing import point_telegram_here, start_face, start_health, telegrams_door
from app.failures import CannotStart
from app.opening import opened
from app.parts import start_courier, start_outward, start_polling, start_ticks, start_worker
from app.running import Running, patiently
from app.serve import calm_the_collector
from app.settings import Settings
from app.stopping import StoppedStarting, Stopping
from bot.courier import Pace
from bot.menu import publish_menus

Role = Literal["web", "courier", "scheduler"]
log = structlog.stdlib.get_logger(__name__)


async def run_role(role: Role, settings: Settings, pace: Pace | None = None) -> None:
    """Serve in one role until SIGINT or SIGTERM; then finish what is in flight.

    `pace` is the courier's. Raises `CannotStart`, and what a start fails in.
    """
    if settings.server is None:
        raise CannotStart(
            f"daifa {role} is one of several processes, and a SQLite file has one: set "
            "DAIFA_DATABASE_URL to a PostgreSQL database, or use daifa run."
        )
    if settings.bot_token is None:
        raise CannotStart(f"daifa {role} needs DAIFA_BOT_TOKEN; without one, use daifa run.")
    stopping = Stopping()
    stopping.heed()
    token = settings.bot_token.get_secret_value()
    async with AsyncExitStack() as stack:
        with suppress(StoppedStarting):
            async with stopping.starting():
                running = await stack.enter_async_context(
                    opened(settings, token, settings.telegram_api)
                )
                await _PARTS[role](running, pace)
            log.info("serving", role=role, bot=running.house.username)
            calm_the_collector()
            await running.wait(stopping.told)


async def _web(running: Running, _: Pace | None) -> None:
    """People and programs come in here; any number of processes."""
    settings = running.settings
    start_worker(running)
    await patiently(partial(publish_menus, running.bot))
    if settings.public_url is None:
        start_face(settings, running)
        await patiently(running.bot.delete_webhook)
        start_polling(running)
    else:
        start_face(settings, running, telegrams_door(running))
        await point_telegram_here(settings, running)


async def _courier(running: Running, pace: Pace | None) -> None:
    """Alerts go out here; one process for each bot, another waits."""
    start_courier(running, pace)
    start_health(running.settings, running)


async def _scheduler(running: Running, _: Pace | None) -> None:
    """What happens by the clock, and towards platforms and programs; one process."""
    start_ticks(running)
    start_outward(running)
    start_health(running.settings, running)


_PARTS: Final[Mapping[Role, Callable[[Running, Pace | None], Awaitable[None]]]] = {
    "web": _web, "courier": _courier, "scheduler": _scheduler,
}  # fmt: skip
