"""One at a time among several processes, for moments: locks of the server, held by a connection.

For what must not happen twice at once though nothing would be lost by it: one chat's updates in two
processes, one shop's tokens renewed by both. A process has one connection for all that it holds,
and the server lets go of all of it when the process ends, however it ends. Where the server cannot
be asked, the work goes on without: what it writes needs the server too.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.leases import FAILED

log = structlog.stdlib.get_logger(__name__)

ASK_AGAIN: Final = (0.01, 0.1)  # seconds between the first and the later looks whether it is free
_TAKE: Final = text("SELECT pg_try_advisory_lock(:key)")
_GIVE: Final = text("SELECT pg_advisory_unlock(:key)")


class Turns:
    """What one process holds. Ask for the same thing twice at once only from another process."""

    def __init__(self, engine: AsyncEngine) -> None:
        """`engine` is `storage.leases.lease_engine`'s, and nobody else's."""
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._asking = asyncio.Lock()

    @asynccontextmanager
    async def alone(self, what: str) -> AsyncIterator[None]:
        """Have it to oneself within the block."""
        key = _key_of(what)
        taken = await self._taken(key)
        try:
            yield
        finally:
            if taken:
                with suppress(*FAILED):  # with its connection all it held is free
                    await self._ask(_GIVE, key)

    async def close(self) -> None:
        """Let go of everything."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*FAILED):
                await connection.close()

    async def _taken(self, key: int) -> bool:
        """Wait until it is free, and take it; False where the server cannot be asked."""
        pause, longest = ASK_AGAIN
        try:
            while not await self._ask(_TAKE, key):
                await asyncio.sleep(pause)
                pause = min(pause * 2, longest)
        except FAILED as error:
            log.warning("nobody can be kept waiting", error=type(error).__name__)
            return False
        return True

    async def _ask(self, statement: Any, key: int) -> bool:
        async with self._asking:
            try:
                if self._connection is None:
                    self._connection = await self._engine.connect()
                answer = await self._connection.execute(statement, {"key": key})
                return bool(answer.scalar_one())
            except BaseException:
                await asyncio.shield(self._give_up())
                raise

    async def _give_up(self) -> None:
        """A connection that failed, or was cut off, may hold what nobody knows of."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*FAILED):
                await connection.invalidate()
            with suppress(*FAILED):
                await connection.close()


def _key_of(what: str) -> int:
    digest = hashlib.blake2b(f"daifa {what}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
