"""Waiting without polling: whoever waits for news of a name is woken when that name rings."""

import asyncio
from collections import defaultdict


class Bells:
    """All waiting in the playground goes through here, so that stopping it ends every wait."""

    def __init__(self) -> None:
        self._waiters: dict[str, set[asyncio.Future[None]]] = defaultdict(set)
        self.closed = False

    def ring(self, name: str) -> None:
        for waiter in self._waiters.pop(name, ()):
            if not waiter.done():
                waiter.set_result(None)

    def close(self) -> None:
        """Wake everybody, for good: later waits return at once."""
        self.closed = True
        for name in list(self._waiters):
            self.ring(name)

    async def wait(self, name: str, seconds: float) -> bool:
        """True when it rang within `seconds`. Check your condition first: the past is not told."""
        if self.closed or seconds <= 0:
            return False
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters[name].add(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            return False
        finally:
            waiting = self._waiters.get(name)
            if waiting is not None:
                waiting.discard(waiter)
                if not waiting:
                    del self._waiters[name]
        return not self.closed
