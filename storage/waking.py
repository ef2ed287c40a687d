"""Something was written, said to the house's other processes by the server: NOTIFY and LISTEN.

At most once in `TOGETHER` and on a connection of its own: a NOTIFY within the transactions that
write would make them commit one after another (its queue has one lock). One that is lost costs the
time until the next look, never more.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog
from sqlalchemy import URL

from storage.leases import FAILED
from storage.server_url import DRIVER

log = structlog.stdlib.get_logger(__name__)

CHANNEL: Final = "daifa_wrote"
TOGETHER: Final = 0.02  # seconds within which several writes are said once
PATIENCE: Final = 5.0  # seconds for an answer of the server, and between two looks at it
AGAIN: Final = 1.0  # seconds until a server that is away is listened to again


class NotifyCarrier:
    """Tells the others that something was committed here, and hears it of them."""

    def __init__(self, url: URL) -> None:
        plain = url.set(drivername=DRIVER.partition("+")[0])
        self._dsn = plain.render_as_string(hide_password=False)
        self._run = secrets.token_hex(8)
        self._wrote = asyncio.Event()

    def tell(self) -> None:
        """Something was committed here; returns at once."""
        self._wrote.set()

    async def run(self, heard: Callable[[], object]) -> None:
        """Carry until cancelled: call `heard` when something was committed elsewhere."""

        def notified(_connection: Any, _pid: int, _channel: str, run: object) -> None:
            if run != self._run:
                heard()

        while True:
            try:
                await self._carry(notified, heard)
            except (*FAILED, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("other processes cannot be heard", error=type(error).__name__)
                await asyncio.sleep(AGAIN)

    async def _carry(self, notified: Callable[..., None], heard: Callable[[], object]) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=PATIENCE, command_timeout=PATIENCE)
        try:
            await connection.add_listener(CHANNEL, notified)
            heard()  # whatever was said while nobody listened
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        await self._wrote.wait()
                if self._wrote.is_set():
                    self._wrote.clear()
                    await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, self._run)
                else:
                    await connection.execute("SELECT 1")  # does it still live?
                await asyncio.sleep(TOGETHER)
        finally:
            connection.terminate()
