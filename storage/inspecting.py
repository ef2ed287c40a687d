"""What a database file says of itself before anybody works with it: read only, nothing changed.

A connection that may write would bring what lies in the write-ahead log into the file as it
closes; one that only reads leaves both as they are (https://sqlite.org/wal.html#readonly).
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

LOOK: Final = 0.3  # seconds a start may spend on looking for damage; a small house is seen whole
BACKUP: Final = 0x64616966  # "daif": the application id in a backup's header, and nowhere else
_MAGIC: Final = b"SQLite format 3\0"
_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TALLIED: Final = ("shop", "orders", "assignment", "shipment")


class FileRefused(Exception):
    """Nobody works with this file; the message says why and what to do."""


class DatabaseDamaged(FileRefused):
    """The file, or the log beside it, is not what was written; nobody works with it any more."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(
            f"The database {path} is damaged ({reason}). Nothing was changed. "
            "Put the newest backup back: daifa restore FILE"
        )
        self.path = path
        self.reason = reason


class DatabaseForeign(FileRefused):
    """The file is not a database of ours."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The file {path} is not one of daifa's databases. "
            "Point DAIFA_DATABASE_PATH at another file."
        )
        self.path = path


class LogNotItsOwn(FileRefused):
    """A backup was copied over the database by hand: the log beside it is of what was there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is a backup, but {path.name}-wal beside it is of the database that was there. "
            "Nothing was changed. Put the backup in its place with daifa restore FILE"
        )
        self.path = path


class DatabaseOutOfReach(FileRefused):
    """The file can not be read or not be written here."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The database {path} cannot be used ({reason}). See that this account may write "
            "it and its folder, and that the disk has room."
        )
        self.path = path


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that can change nothing, and say plainly why there is none.

    Raises `DatabaseDamaged`, `DatabaseForeign`, `DatabaseOutOfReach`.
    """
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as raw:
            yield raw
    except sqlite3.Error as error:
        raise refusal(path, error) from error


def refusal(path: Path, error: sqlite3.Error) -> FileRefused:
    """Return why a file cannot be worked with."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_NOTADB and not _torn(path):
        return DatabaseForeign(path)
    if code in _DAMAGED:
        return DatabaseDamaged(path, str(error))
    return DatabaseOutOfReach(path, str(error))


def look_over(path: Path, patience: float | None = LOOK) -> None:
    """Look for damage, pages and log together, for so many seconds. Raises as `reading` does."""
    with reading(path) as raw:
        if patience is not None:
            until = time.monotonic() + patience
            raw.set_progress_handler(lambda: time.monotonic() > until, 10_000)
        try:
            found = [line for (line,) in raw.execute("PRAGMA quick_check(1)")]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return  # as much as there was time for is whole
    if found != ["ok"]:
        raise DatabaseDamaged(path, found[0].splitlines()[-1])


def faults_of(path: Path) -> list[str]:
    """Return what is wrong with a file, looked at whole: pages, indexes, references."""
    with reading(path) as raw:
        found = [line for (line,) in raw.execute("PRAGMA integrity_check(5)") if line != "ok"]
        found += [f"a row of {row[0]} points nowhere" for row in
                  raw.execute("SELECT * FROM pragma_foreign_key_check LIMIT 5")]  # fmt: skip
    return found


def is_backup(path: Path) -> bool:
    """Return whether the file itself, whatever log lies beside it, was made as a backup."""
    return application_of(path) == BACKUP


def application_of(path: Path) -> int:
    """Return the application id in a file's header, 0 where it has none.

    It is at byte 68: https://sqlite.org/fileformat2.html#the_database_header
    """
    with path.open("rb") as file:
        return int.from_bytes(file.read(72)[68:], "big")


def step_in(path: Path) -> str | None:
    """Return the step a file's tables are at, None where there are none. Raises as `reading`."""
    with reading(path) as raw:
        names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
        if names and "alembic_version" not in names:
            raise DatabaseForeign(path)
        found = raw.execute("SELECT version_num FROM alembic_version").fetchone() if names else None
    return found[0] if found else None


def fingerprint_in(path: Path) -> str | None:
    """Return which key ring sealed what is in a file, None before the first start."""
    with reading(path) as raw:
        found = raw.execute("SELECT fingerprint FROM key_mark").fetchone()
    return found[0] if found else None


def begun_in(path: Path) -> datetime | None:
    """Return when the file's database was first worked with, None before that."""
    with reading(path) as raw:
        found = raw.execute("SELECT since FROM key_mark").fetchone()
    return EPOCH + timedelta(microseconds=found[0]) if found else None


def newest_in(path: Path) -> datetime | None:
    """Return when somebody last did anything that is kept, None where nobody has."""
    with reading(path) as raw:
        found = raw.execute("SELECT at FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return EPOCH + timedelta(microseconds=found[0]) if found else None


def tally(path: Path) -> dict[str, int]:
    """Return how many rows the tables people speak of have."""
    with reading(path) as raw:
        return {
            name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - ours
            for name in _TALLIED
        }


def _torn(path: Path) -> bool:
    """Return whether the file once was a database: its beginning is gone, not another's."""
    with path.open("rb") as file:
        begun = file.read(len(_MAGIC))
    return begun in {_MAGIC, bytes(len(_MAGIC))}
