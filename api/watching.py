"""Who waits for events, and waking them: one look at the database for all of them.

A commit of this process is looked at once; what another process wrote within a second.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

log = structlog.stdlib.get_logger(__name__)

OTHERS = 1.0  # seconds until what another process wrote is looked for
LookSince = Callable[[int], Awaitable[Mapping[int, int]]]


@dataclass(eq=False, slots=True)
class _Waiter:
    """One that waits; up to `head` nothing has happened to its shop that it does not know."""

    shop_id: int
    head: int
    woken: asyncio.Event


class Watch:
    """Programs that wait for their shop's next event."""

    def __init__(self, since: LookSince) -> None:
        """`since` returns the shops something has happened to behind a cursor, with the newest."""
        self._since = since
        self._waiting: set[_Waiter] = set()
        self._look = asyncio.Event()
        self._closed = False

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def close(self) -> None:
        """Let nobody wait any more: the house closes."""
        self._closed = True
        for one in self._waiting:
            one.woken.set()

    def wrote(self) -> None:
        """Something was committed: look, if anybody waits."""
        if self._waiting:
            self._look.set()

    async def wait(self, shop_id: int, head: int, seconds: float) -> bool:
        """Return whether something happened to the shop behind `head` within so many seconds."""
        if self._closed:
            return False
        mine = _Waiter(shop_id, head, asyncio.Event())
        self._waiting.add(mine)
        self._look.set()  # it may have happened before anybody waited
        try:
            async with asyncio.timeout(seconds):
                await mine.woken.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(mine)
        return not self._closed

    async def run(self) -> None:
        """Wake whom something happened to, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(OTHERS if self._waiting else None):
                    await self._look.wait()
            except TimeoutError:
                pass
            self._look.clear()
            if self._waiting:
                try:
                    await self._wake()
                except Exception as error:  # noqa: BLE001 - they wait on; so do we
                    log.error("events cannot be looked for", error=type(error).__name__)
                    await asyncio.sleep(OTHERS)

    async def _wake(self) -> None:
        looked = list(self._waiting)
        newest = await self._since(min(one.head for one in looked))
        last = max(newest.values(), default=0)
        for one in looked:
            if newest.get(one.shop_id, 0) > one.head:
                one.woken.set()
            else:  # up to there is nothing for it: the next look need not go over it again
                one.head = max(one.head, last)
