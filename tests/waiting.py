"""Waiting until something holds that is not said in a chat: looked at anew after every write."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

PATIENCE = 20.0  # seconds; what is waited for takes a fraction of one


class Writes(Protocol):
    """A database that tells of its writes."""

    def after_write(self, told: Callable[[], object]) -> None: ...


class Bell:
    """Rings whenever something was written."""

    def __init__(self, database: Writes) -> None:
        self._rung = asyncio.Event()
        database.after_write(self._rung.set)

    async def until(self, holds: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
        """Return once it holds; others' databases are looked at a few times a second too."""
        async with asyncio.timeout(patience):
            while not await holds():
                self._rung.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await self._rung.wait()
