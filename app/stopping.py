"""Leaving when told to: the first SIGTERM or SIGINT ends the house in order, a second one at once.

Ending in order takes less than ten seconds (`bot.ending`), what supervisors commonly wait before
they kill; where it would take longer, it is cut off. Whatever is cut off is done again at the next
start: nothing depends on an orderly end.
"""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

LONGEST: Final = 9.5  # seconds; work in a thread, a drawing say, knows no end of its own
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class StoppedStarting(Exception):
    """Told to stop before it had started."""


class Stopping:
    """Whether the process was told to stop."""

    def __init__(self) -> None:
        self.told = asyncio.Event()
        self._starting: asyncio.Timeout | None = None

    def heed(self) -> None:
        """Listen to signals from now on."""
        loop = asyncio.get_running_loop()
        for sign in SIGNALS:
            loop.add_signal_handler(sign, self._stop)

    @asynccontextmanager
    async def starting(self) -> AsyncIterator[None]:
        """Give up what is begun in this block when told to stop. Raises `StoppedStarting`.

        Telegram may be out of reach for hours while it starts.
        """
        try:
            async with asyncio.timeout(None) as self._starting:
                yield
        except TimeoutError:
            if not self.told.is_set():
                raise
            raise StoppedStarting from None
        finally:
            self._starting = None

    def _stop(self) -> None:
        self.told.set()
        loop = asyncio.get_running_loop()
        for sign in SIGNALS:
            loop.remove_signal_handler(sign)
            signal.signal(sign, signal.SIG_DFL)  # Python's own SIGINT would end in order as well
        cut_off = threading.Timer(LONGEST, os._exit, (0,))
        cut_off.daemon = True
        cut_off.start()
        if self._starting is not None:
            self._starting.reschedule(loop.time())
