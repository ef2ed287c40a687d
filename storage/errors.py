"""What a database can fail in, whichever it is; the work itself was not at fault."""

from pathlib import Path

from core.errors import CannotKeep

Where = Path | str  # a file, or a server's address without its password


class DatabaseError(Exception):
    """The database could not do its part; the work itself was not at fault."""


class DatabaseUnavailable(DatabaseError):
    """It cannot be opened."""

    def __init__(self, where: Where, reason: str) -> None:
        super().__init__(f"cannot open the database {where}: {reason}")
        self.where = where
        self.reason = reason


class DatabaseBusy(DatabaseError, CannotKeep):
    """Others held it longer than we wait; nothing was done, trying again is safe."""

    def __init__(self, where: Where, by: str = "by another process") -> None:
        super().__init__(f"the database {where} is locked {by}")
        self.where = where


class DatabaseUnwritable(DatabaseError, CannotKeep):
    """The disk is full or refuses to write; nothing was done, trying again later is safe."""

    def __init__(self, where: Where, reason: str) -> None:
        super().__init__(f"the database {where} cannot be written: {reason}")
        self.where = where


class DatabaseAway(DatabaseError, CannotKeep):
    """The server does not answer; nothing was done, trying again later is safe."""

    def __init__(self, where: Where, reason: str) -> None:
        super().__init__(f"the database {where} does not answer: {reason}")
        self.where = where


class DatabaseUncertain(DatabaseError, CannotKeep):
    """The server went away while it was told to commit: all of the work is kept, or none of it.

    Trying again is safe where a mark in the same transaction says that it was done.
    """

    def __init__(self, where: Where) -> None:
        super().__init__(f"the database {where} went away before it said whether all was kept")
        self.where = where


class Superseded(DatabaseError):
    """Another run has taken the database over meanwhile: nothing of this one is written any more.

    On SQLite that takes a lock file that was deleted under a run that lived, stopped or very slow.
    """

    def __init__(self, where: Where) -> None:
        super().__init__(
            f"Another run has taken over the database {where}: this one ends. "
            "Never delete the lock file while a run may live."
        )
        self.where = where
