"""Bringing a database to the tables this code expects, before anything else opens it.

Runs at every start, so the usual case (nothing to do) reads one row and one folder and imports no
Alembic. Otherwise one process at a time copies the file aside and migrates it in one transaction.

    python -m storage.migrate new "what changes"   # write the next step from the models
    python -m storage.migrate check                # do steps and models agree? exit code 1 if not
"""

import argparse
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from storage.copies import CopyFailed, beside, copies_of, copy_aside, mark
from storage.durable import sync
from storage.inspecting import LogNotItsOwn, is_backup, look_over, step_in
from storage.moved import refuse_moved
from storage.ownership import Ownership

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from storage.sealing import Sealer

_HERE = Path(__file__).parent / "migrations"
_PATIENCE = 60.0  # seconds another process may take to migrate


class MigrationError(Exception):
    """The database was left as it was; the message says why and what to do."""


class DatabaseNewer(MigrationError):
    """The database was written by a later version of this program."""

    def __init__(self, path: Path | str, found: str, known: str | None) -> None:
        back = f" from {copies_of(path)}" if isinstance(path, Path) else ""
        super().__init__(
            f"The database {path} is at step {found}, this version knows steps up to "
            f"{known or 'none'}. Install the newer version again, or put back a copy{back}."
        )
        self.path = path
        self.found = found
        self.known = known


class NotCompacted(MigrationError):
    """The steps are done; what they removed is still in the file's free pages."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The database {path} is up to date, but could not be written anew ({reason}). Make "
            "room for a second copy of it, then start again."
        )
        self.path = path


class DatabaseEmptied(MigrationError):
    """The file is there, and nothing is in it: a database is never made so."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The database {path} has been emptied: it has no bytes. Put the newest backup back "
            f"(daifa restore FILE), or remove {path} to begin with nothing."
        )
        self.path = path


class DatabaseGone(MigrationError):
    """The file is missing, and what was last written to it lies beside its place."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The database {path} is missing, but {path.name}-wal beside it has changes of its. "
            "Put the database back where it was, or the newest backup: daifa restore FILE"
        )
        self.path = path


class RestoringCutShort(MigrationError):
    """`daifa restore` ended half-way: what stands there may be neither the old nor the new."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Putting a backup in the place of {path} was cut short. Run daifa restore again."
        )
        self.path = path


class MigrationFailed(MigrationError):
    """A step failed and was taken back whole."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(
            f"The database {path} could not be brought up to date and is unchanged: {reason}"
        )
        self.path = path


def _product_tables() -> "MetaData":
    from core.tables import metadata

    return metadata


@dataclass(frozen=True)
class Migrations:
    """A folder of numbered steps, and the tables they should add up to."""

    versions: Path = _HERE / "versions"
    tables: "Callable[[], MetaData]" = _product_tables

    def head(self) -> str | None:
        """The number of the last step, from the file names."""
        return max((file.name[:4] for file in self.versions.glob("[0-9]*_*.py")), default=None)

    def upgrade(self, path: Path, sealer: "Sealer | None" = None) -> bool:
        """Bring the file to the last step, making it if missing; True if there was anything to do.

        `sealer` is for steps that seal what stood in clear; a file without any such needs none.
        Raises `DatabaseNewer` and the other `MigrationError`s, `storage.inspecting.FileRefused`,
        and `AlreadyOwned` if another process migrates for over a minute.
        """
        head = self.head()
        if head is None or (self._step_of(path) == head and not _to_do(path)):
            return False
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        owner = Ownership(path.with_name(f"{path.name}.migrating"))
        owner.acquire(_PATIENCE)
        try:
            step = self._step_of(path)
            if step == head and not _to_do(path):
                return False
            if step is not None and is_backup(path):
                mark(path, 0)  # put there by hand: from now on it has a log of its own
            self._bring_up(path, step, sealer)
        finally:
            owner.release()
        return True

    def _bring_up(self, path: Path, step: str | None, sealer: "Sealer | None") -> None:
        if step is None:
            self._make(path, sealer)
        elif step != self.head():
            self._copied(path, step)
            self._compacted(path, lambda: self._run_steps(path, sealer))
        elif _unfinished(path).exists():
            self._compacted(path, lambda: None)

    def differences(self, path: Path) -> list[str]:
        """How the database differs from the models, one line each."""
        from storage import steps

        return steps.differences(path, self.tables())

    def check(self) -> list[str]:
        """How a database made by the steps alone would differ from the models."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "check.sqlite3"
            self.upgrade(path)
            return self.differences(path)

    def new(self, message: str) -> Path | None:
        """Write the next step from the models and return it; None if there is nothing to write.

        Read what it wrote before committing it. Raises `storage.steps.UnnamedConstraints`.
        """
        from storage import steps

        if not self.check():
            return None
        number = f"{int(self.head() or 0) + 1:04}"
        with TemporaryDirectory() as folder:
            path = Path(folder) / "new.sqlite3"
            self.upgrade(path)
            steps.write(path, self.versions, self.tables(), number, message)
        return next(self.versions.glob(f"{number}_*.py"))

    def _make(self, path: Path, sealer: "Sealer | None") -> None:
        """Make it beside its place: an empty file under its name has lost what was in it."""
        made = path.with_name(f"{path.name}.new")
        for left in (made, *beside(made)):
            left.unlink(missing_ok=True)
        made.touch(mode=0o600)  # SQLite gives its other files the mode of this one
        self._run_steps(made, sealer, path)
        for old in beside(path):
            old.unlink(missing_ok=True)
        made.replace(path)
        sync(path.parent)

    def _copied(self, path: Path, step: str) -> None:
        try:
            copy_aside(path, step)
        except CopyFailed as error:
            raise MigrationFailed(path, str(error)) from error

    def _compacted(self, path: Path, work: Callable[[], object]) -> None:
        """Do it, and write the file anew after it; killed in between, the next start does."""
        from sqlalchemy.exc import SQLAlchemyError

        from storage import steps
        from storage.errors import DatabaseError

        _unfinished(path).touch(mode=0o600)
        work()
        try:
            steps.compact(path)
        except (SQLAlchemyError, sqlite3.Error, DatabaseError) as error:
            raise NotCompacted(path, str(error)) from error
        _unfinished(path).unlink()

    def _run_steps(self, path: Path, sealer: "Sealer | None", named: Path | None = None) -> None:
        from alembic.util import CommandError
        from sqlalchemy.exc import SQLAlchemyError

        from storage import steps
        from storage.errors import DatabaseError

        try:
            steps.run(path, self.versions, sealer)
        except (
            steps.BrokenReferences,
            SQLAlchemyError,
            sqlite3.Error,
            CommandError,
            DatabaseError,
        ) as error:
            raise MigrationFailed(named or path, str(error)) from error

    def _step_of(self, path: Path) -> str | None:
        """The step the file is at, None if it is missing; looked over for damage first."""
        if path.with_name(f"{path.name}.restoring").exists():
            raise RestoringCutShort(path)
        if not path.exists():
            log = beside(path)[0]
            if log.exists() and log.stat().st_size:
                raise DatabaseGone(path)
            return None
        if not path.stat().st_size:
            raise DatabaseEmptied(path)
        if is_backup(path) and (log := beside(path)[0]).exists() and log.stat().st_size:
            raise LogNotItsOwn(path)
        refuse_moved(path)
        look_over(path)
        step = step_in(path)
        known = self.head()
        if step is not None and (known is None or step > known):
            raise DatabaseNewer(path, step, known)
        return step


def _unfinished(path: Path) -> Path:
    """The mark that the file is still to be written anew."""
    return path.with_name(f"{path.name}.compacting")


def _to_do(path: Path) -> bool:
    """Return whether something is to be done to a file that is at the last step."""
    return _unfinished(path).exists() or is_backup(path)


def upgrade(path: Path, sealer: "Sealer | None" = None) -> bool:
    """Bring the product's database up to date at start; see `Migrations.upgrade`."""
    return Migrations().upgrade(path, sealer)


def differences(path: Path) -> list[str]:
    """How a database differs from the product's models; see `Migrations.differences`."""
    return Migrations().differences(path)


def main(arguments: Sequence[str], migrations: Migrations | None = None) -> int:
    """The two commands named above; returns the exit code."""
    migrations = migrations or Migrations()
    parser = argparse.ArgumentParser(prog="python -m storage.migrate")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("new", help="write the next step from the models").add_argument("message")
    commands.add_parser("check", help="do steps and models agree?")
    given = parser.parse_args(arguments)
    if given.command == "new":
        written = migrations.new(given.message)
        sys.stdout.write(f"{written or 'Steps and models agree: nothing to write.'}\n")
        return 0
    found = migrations.check()
    sys.stdout.write("\n".join(found or ["Steps and models agree."]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
