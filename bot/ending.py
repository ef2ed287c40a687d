"""Telling the end of the process from a cancellation that some library let slip."""

import asyncio


def ending() -> bool:
    """Return whether the running task itself was asked to end.

    Asked inside `except CancelledError`: if not, the error came from within, and is a failure like
    any other.
    """
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0
