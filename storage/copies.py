"""Whole copies of the database: backups, and one before anything irreversible is done to it.

`VACUUM INTO` reads one snapshot and writes a compact file without what was deleted, while others go
on working; it does not wait for the disk, so that is done here (https://sqlite.org/lang_vacuum.html).
The key file is not part of a copy.
"""

import fcntl
import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from storage.durable import sync
from storage.inspecting import BACKUP, DatabaseDamaged, faults_of

_KEPT = 3
_MOMENT: Final = "%Y%m%dT%H%M%S%fZ"
_NAMED: Final = re.compile(r"-(\d{8}T\d{12}Z)-(?:step\d{4}|replaced)\.[^.]+$")


class CopyFailed(Exception):
    """No copy was made, nothing stands under its name; the message says why and what to do."""

    def __init__(self, target: Path, reason: str) -> None:
        super().__init__(f"The database could not be copied to {target}: {reason}.")
        self.target = target


@dataclass(frozen=True, slots=True, order=True)
class Copy:
    """A copy that stands under its final name, and is therefore whole."""

    made_at: datetime
    path: Path

    @property
    def size(self) -> int:
        """Return its size in bytes."""
        return self.path.stat().st_size


def copies_of(path: Path) -> Path:
    """The folder that copies made before an irreversible step go to."""
    return path.parent / "copies"


def named(path: Path, what: str, now: datetime | None = None) -> str:
    """Return the name of a copy of this database made now; `what` is its step, or `replaced`."""
    moment = (now or datetime.now(UTC)).strftime(_MOMENT)
    return f"{path.stem}-{moment}-{what}{path.suffix}"


def copies_in(folder: Path, path: Path) -> list[Copy]:
    """Return the copies of this database in a folder, the oldest first, by the time they name."""
    found = [one for one in folder.glob(f"{path.stem}-*{path.suffix}") if _NAMED.search(one.name)]
    return sorted(Copy(_moment(one), one) for one in found)


def copy_aside(path: Path, step: str) -> Path:
    """Copy the database, name the copy with the time and its step, keep the last three.

    Raises `CopyFailed`, `storage.inspecting.DatabaseDamaged`.
    """
    folder = copies_of(path)
    copy = copy_whole(path, folder / named(path, f"step{step}"))
    older = [one for one in copies_in(folder, path) if "-step" in one.path.name]
    for one in older[:-_KEPT]:
        one.path.unlink()
    return copy.path


def copy_whole(path: Path, target: Path) -> Copy:
    """Copy the database to `target` (mode 0600) while others go on using it.

    The copy is checked and on the disk before it bears its name; one that was cut short never
    does. Raises `CopyFailed`, also where `target` exists, and `DatabaseDamaged`.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _clear(target.parent, path)
        if target.exists():
            raise CopyFailed(target, "there is a file of that name; choose another")
        with _partial(path, target) as partial:
            with closing(sqlite3.connect(path, isolation_level=None)) as raw:
                raw.execute("VACUUM INTO ?", (str(partial),))
            mark(partial, BACKUP)
            if faults := faults_of(partial):
                raise DatabaseDamaged(path, faults[0])
            sync(partial)
            partial.replace(target)
        sync(target.parent)
    except OSError as error:
        raise CopyFailed(target, error.strerror or type(error).__name__) from error
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise DatabaseDamaged(path, str(error)) from error
        raise CopyFailed(target, str(error)) from error
    return Copy(datetime.now(UTC), target)


def mark(path: Path, application: int) -> None:
    """Say in a file's header whether it is a backup; it has no log of its own then."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = DELETE").close()
        raw.execute(f"PRAGMA application_id = {application}").close()


def drop_older(folder: Path, path: Path, before: datetime) -> int:
    """Delete the copies in a folder made before then, with what lies beside them; how many."""
    old = [one for one in copies_in(folder, path) if one.made_at < before]
    for one in old:
        for file in (one.path, *beside(one.path)):
            file.unlink(missing_ok=True)
    for left in (*folder.glob(f"{path.stem}-*.partial"), *path.parent.glob(f"{path.name}.staged*")):
        if left.stat().st_mtime < before.timestamp():  # a killed command's
            left.unlink(missing_ok=True)
    return len(old)


def beside(path: Path) -> tuple[Path, Path]:
    """Return the files SQLite keeps beside a database: what is committed and not yet in it."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def file_copied(source: Path, target: Path) -> None:
    """Copy a file's bytes and wait for the disk; mode 0600."""
    target.touch(mode=0o600)
    shutil.copyfile(source, target)
    sync(target)


@contextmanager
def _partial(path: Path, target: Path) -> Iterator[Path]:
    """Give the place of an unfinished copy; locked, so that nobody takes it for a dead one's."""
    partial = target.with_name(f"{path.stem}-{os.getpid()}-{threading.get_ident()}.partial")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield partial
    finally:
        partial.unlink(missing_ok=True)
        os.close(descriptor)


def _clear(folder: Path, path: Path) -> None:
    """Remove unfinished copies whose makers have ended."""
    for left in folder.glob(f"{path.stem}-*.partial"):
        try:
            descriptor = os.open(left, os.O_RDWR)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink(missing_ok=True)
        except BlockingIOError:
            continue  # somebody is at it
        finally:
            os.close(descriptor)


def _moment(copy: Path) -> datetime:
    found = _NAMED.search(copy.name)
    assert found is not None  # noqa: S101 - the caller looked
    return datetime.strptime(found[1], _MOMENT).replace(tzinfo=UTC)
