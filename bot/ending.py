"""The end of the process: how long it takes, and telling it from a cancellation let slip."""

import asyncio
from typing import Final

# Seconds that what is in flight may take when the process ends. There are two steps, what brings
# work in and what does it: with a last word to Telegram they are over within ten seconds.
PATIENCE: Final = 3.0


def ending() -> bool:
    """Return whether the running task itself was asked to end.

    Asked inside `except CancelledError`: if not, the error came from within, and is a failure like
    any other.
    """
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0
