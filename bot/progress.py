"""A progress message that moves while work runs elsewhere: in the database's thread, say.

It is edited at most once a second (Telegram asks for about that in one chat), past the database,
which is busy with the very work; an edit that fails is only a step nobody saw.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from aiogram.exceptions import AiogramError

PAUSE = 1.0  # seconds between two edits

Show = Callable[[int, int], Awaitable[object]]


class Steps:
    """How much is done, of how much: told from any thread."""

    def __init__(self) -> None:
        self.now = (0, 0)

    def __call__(self, done: int, every: int) -> None:
        """Take the figures in."""
        self.now = (done, every)


@asynccontextmanager
async def moving(show: Show, pause: float = PAUSE) -> AsyncIterator[Steps]:
    """Show the steps told meanwhile, whenever they have moved; the last edit is over at the end."""
    steps, over = Steps(), asyncio.Event()
    showing = asyncio.create_task(_show_steps(show, steps, over, pause))
    try:
        yield steps
    finally:
        over.set()
        await showing


async def _show_steps(show: Show, steps: Steps, over: asyncio.Event, pause: float) -> None:
    shown = (0, 0)
    while not over.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), pause)
        if steps.now != shown and not over.is_set():
            shown = steps.now
            with suppress(AiogramError):
                await show(*shown)
