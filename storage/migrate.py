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
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from storage.copies import copies_of, copy_aside
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

    def __init__(self, path: Path, found: str, known: str | None) -> None:
        super().__init__(
            f"The database {path} is at step {found}, this version knows steps up to "
            f"{known or 'none'}. Install the newer version again, or put back a copy from "
            f"{copies_of(path)}."
        )
        self.path = path
        self.found = found
        self.known = known


class DatabaseForeign(MigrationError):
    """The file is a database of something else."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The file {path} is a database, but not one of daifa's. "
            "Point DAIFA_DATABASE_PATH at another file."
        )
        self.path = path


class MigrationFailed(MigrationError):
    """A step failed and was taken back whole."""

    def __init__(self, path: Path, reason: str) -> None:
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
        Raises `DatabaseNewer`, `DatabaseForeign`, `MigrationFailed`, and `AlreadyOwned` if another
        process migrates for over a minute.
        """
        head = self.head()
        if head is None or self._step_of(path) == head:
            return False
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        owner = Ownership(path.with_name(f"{path.name}.migrating"))
        owner.acquire(_PATIENCE)
        try:
            step = self._step_of(path)
            if step == head:
                return False
            if step is None:
                path.touch(mode=0o600)  # SQLite gives its other files the mode of this one
            else:
                copy_aside(path, step)
            self._run_steps(path, sealer, compact=step is not None)
        finally:
            owner.release()
        return True

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

    def _run_steps(self, path: Path, sealer: "Sealer | None", *, compact: bool) -> None:
        from alembic.util import CommandError
        from sqlalchemy.exc import SQLAlchemyError

        from storage import steps
        from storage.sqlite import DatabaseError

        try:
            steps.run(path, self.versions, sealer)
            if compact:
                steps.compact(path)
        except (
            steps.BrokenReferences,
            SQLAlchemyError,
            sqlite3.Error,
            CommandError,
            DatabaseError,
        ) as error:
            raise MigrationFailed(path, str(error)) from error

    def _step_of(self, path: Path) -> str | None:
        """The step the file is at, None if it is missing or empty."""
        if not path.exists():
            return None
        with closing(sqlite3.connect(path)) as raw:
            try:
                names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
            except sqlite3.DatabaseError:
                raise DatabaseForeign(path) from None
            if not names:
                return None
            if "alembic_version" not in names:
                raise DatabaseForeign(path)
            found = raw.execute("SELECT version_num FROM alembic_version").fetchone()
        if found is None:
            return None
        step: str = found[0]
        known = self.head()
        if known is None or step > known:
            raise DatabaseNewer(path, step, known)
        return step


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
