"""Running and writing migration steps: the part that needs Alembic, imported only when it does."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text

from storage import differences as comparing
from storage.sealing import Sealer
from storage.sqlite import connect, engine_over

_SCRIPTS = Path(__file__).parent / "migrations"


class UnnamedConstraints(Exception):
    """A step would make constraints without names, which no later step could change."""


class BrokenReferences(Exception):
    """After the steps some rows point at rows that do not exist."""


def run(path: Path, versions: Path, sealer: Sealer | None = None) -> None:
    """Bring the file to the last step in one transaction. Raises what the steps raise.

    A step that seals what stood in clear finds `sealer` among the configuration's attributes.
    """
    with _transaction(path) as connection:
        run_on(connection, versions, sealer)
        if broken := connection.execute(text("PRAGMA foreign_key_check")).all():
            raise BrokenReferences(f"{len(broken)} rows, the first in {broken[0][0]}")


def run_on(connection: Connection, versions: Path, sealer: Sealer | None = None) -> None:
    """Do all steps in the transaction of an open connection. Raises what the steps raise."""
    config = _config(connection, versions, MetaData())
    config.attributes["sealer"] = sealer
    command.upgrade(config, "head")


def compact(path: Path) -> None:
    """Write the file anew: what the steps removed is in none of its pages any more."""
    raw = connect(path)
    try:
        raw.execute("VACUUM").close()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        raw.close()


def differences(path: Path, tables: MetaData) -> list[str]:
    """How the file differs from the models, one line each."""
    with _transaction(path) as connection:
        return comparing.differences(connection, tables)


def write(path: Path, versions: Path, tables: MetaData, number: str, message: str) -> None:
    """Write the step from the file (which is at the last step) to the models."""
    if nameless := comparing.unnamed(tables):
        raise UnnamedConstraints(f"Name every constraint first, in: {', '.join(nameless)}")
    with _transaction(path) as connection:
        config = _config(connection, versions, tables)
        command.revision(config, message, autogenerate=True, rev_id=number)


@contextmanager
def _transaction(path: Path) -> Iterator[Connection]:
    """One write transaction in which tables may be made anew under those that refer to them."""
    raw = connect(path)
    try:
        raw.execute("PRAGMA foreign_keys = OFF").close()  # is ignored once a transaction runs
        with engine_over(raw, "BEGIN IMMEDIATE").begin() as connection:
            yield connection
    finally:
        raw.close()


def _config(connection: Connection, versions: Path, tables: MetaData) -> Config:
    config = Config()
    for option, value in (
        ("script_location", str(_SCRIPTS)),
        ("version_locations", str(versions)),
        ("path_separator", "newline"),
        ("file_template", "%(rev)s_%(slug)s"),
    ):
        config.set_main_option(option, value.replace("%", "%%"))
    config.attributes.update(connection=connection, tables=tables)
    return config
