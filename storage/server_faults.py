"""What an error of a PostgreSQL server, or of the way to it, means for the work that met it.

The codes are the server's SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from typing import Final, Literal

import asyncpg
from sqlalchemy.exc import DBAPIError

# conflict: somebody else came between, the same again sees what they left. lost: the connection,
# or the server, is gone. unwritable, damaged: what is kept cannot be. None: the work's own fault.
Fault = Literal["conflict", "lost", "unwritable", "damaged"]

_CODES: Final[tuple[tuple[Fault, set[str]], ...]] = (
    # A unique violation (23505) is one, too: the row was not there to be seen when this visit
    # began. The same again meets it where the business asks for it, and says so in its own words.
    ("conflict", {"40001", "40P01", "55P03", "23505"}),
    ("unwritable", {"53100", "53200", "58030", "25006"}),
    ("damaged", {"XX001", "XX002"}),
    ("lost", {"57P01", "57P02", "57P03", "57P05", "53300", "25P03"}),
)
_CONNECTION: Final = "08"  # the class of all that is wrong with a connection


class CutOff(Exception):
    """The way to the server broke, or it took too long: the work itself raises nothing of it."""


FAILURES: Final = (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, CutOff)
# What opening a connection may raise besides.
UNREACHED: Final = (*FAILURES, OSError, TimeoutError)


def fault_of(error: BaseException) -> Fault | None:
    """Return what kind of fault an error of `FAILURES` is."""
    if isinstance(error, CutOff):
        return "lost"
    code = code_of(error)
    known = next((fault for fault, codes in _CODES if code in codes), None)
    if known is None and (code[:2] == _CONNECTION or _cut_off(error)):
        return "lost"
    if isinstance(error, DBAPIError) and "InvalidCachedStatement" in type(error.orig).__name__:
        return "conflict"  # a migration went past a statement that was ready: it is made anew
    return known


def code_of(error: BaseException) -> str:
    """Return the SQLSTATE; empty where the server said nothing."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None) or ""


def _cut_off(error: BaseException) -> bool:
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or "closed" in str(error.orig)
    return isinstance(error, asyncpg.InterfaceError)


def reason_of(error: BaseException) -> str:
    """Return the server's own words, in one line: they name no password."""
    cause = getattr(error, "orig", None) or error
    said = f"{getattr(cause, '__cause__', None) or cause}".partition("\n")[0]
    return said or type(error).__name__
