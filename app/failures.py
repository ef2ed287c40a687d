"""Why a start failed, as a sentence that says what to do instead of a traceback."""

from app.keeping import REFUSED
from bot.polling import TokenRefused
from platforms.sheets.extending import AliasesRefused
from storage.errors import DatabaseBusy, DatabaseUnavailable, DatabaseUnwritable, Superseded
from storage.ownership import AlreadyOwned


class CannotStart(Exception):
    """The message says why, and what to do."""


STARTING = (
    *REFUSED, CannotStart, TokenRefused, DatabaseUnavailable, DatabaseBusy,
    DatabaseUnwritable, Superseded, AliasesRefused,
)  # fmt: skip


def explained(error: BaseException) -> str:
    """Return the sentence for a failed start."""
    if isinstance(error, AlreadyOwned):
        return f"{error} Stop that process first; two would answer everybody twice."
    if isinstance(error, AliasesRefused):
        return f"DAIFA_COLUMN_ALIASES: {error}"
    return str(error)
