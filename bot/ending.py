"""The end of the process: how long it takes, and telling it from a cancellation let slip."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")

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


async def unbroken(work: Coroutine[Any, Any, T], told: Callable[[], object] | None = None) -> T:
    """Return what `work` does; told to end meanwhile, let it come to its own end first.

    For taking work from the database: cut off, it would be committed there and known to nobody
    here, and whoever comes next would have to suppose that it had been begun. `told` is called
    when it is told to end, for work that may then take no more.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if told is not None:
            told()
        await asyncio.wait({task}, timeout=PATIENCE)
        raise
