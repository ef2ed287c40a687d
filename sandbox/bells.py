"""Waiting without polling: whoever waits for news of a name is woken when that name rings."""

import asyncio
from collections import defaultdict


class Bells:
    """All waiting in the sandbox goes through here, so that stopping it ends every wait."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.closed = False

    def ring(self, name: str) -> None:
        for event in self._waiting[name]:
            event.set()

    def close(self) -> None:
        """Wake everybody, for good: later waits return at once."""
        self.closed = True
        for name in list(self._waiting):
            self.ring(name)

    async def wait(self, name: str, seconds: float) -> None:
        """Until it rings, at most `seconds`. Check your condition first: the past is not told."""
        if self.closed or seconds <= 0:
            return
        event = asyncio.Event()
        self._waiting[name].add(event)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return
        finally:
            self._waiting[name].discard(event)
