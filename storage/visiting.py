"""What every visit is, at a file's desk as on a server: a plain function, whole or not at all."""

import inspect
from collections.abc import Callable
from typing import TypeVar

from sqlmodel import Session

T = TypeVar("T")


def done(session: Session, work: Callable[[], T], *, writes: bool) -> T:
    """Do the work in the session's transaction, and commit what it wrote.

    Raises `TypeError` for asynchronous work, and what the work or the database raises.
    """
    try:
        result = work()
    except StopIteration as error:  # a future cannot carry it: the caller would wait for ever
        raise RuntimeError("the work raised StopIteration") from error
    _refuse_awaitable(result)
    if writes:
        session.commit()
    else:
        session.flush()  # an entity changed by a read is a mistake: let the database refuse it
    return result


def _refuse_awaitable(result: object) -> None:
    """Raise `TypeError` where work was asynchronous: nobody would ever run it."""
    if inspect.isawaitable(result):
        if inspect.iscoroutine(result):
            result.close()
        raise TypeError("work for the database must be a plain function, not an asynchronous one")
