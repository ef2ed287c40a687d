"""What is kept where: the database and its keys, before anything opens them.

Imports nothing heavy: `daifa backup` and `daifa restore` need no more than this.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.settings import Settings
from storage.copies import CopyFailed, copies_in
from storage.inspecting import FileRefused, fingerprint_in, step_in
from storage.keyring import Keyring, KeyringError
from storage.migrate import MigrationError, upgrade
from storage.ownership import AlreadyOwned
from storage.restoring import RestoreRefused


class AlreadyServed(Exception):
    """Another run on this machine serves the bot, perhaps with another folder."""

    def __init__(self, pid: int | None) -> None:
        which = "" if pid is None else f" (process {pid})"
        super().__init__(
            f"Another run{which} serves this bot already. Stop it first: two would each take "
            "some of the messages."
        )


class DatabaseLost(Exception):
    """There is no database, but backups of one."""

    def __init__(self, path: Path, newest: Path) -> None:
        super().__init__(
            f"The database {path} is gone. Put its newest backup back (daifa restore {newest}), "
            f"or move the backups out of {newest.parent} to begin with nothing."
        )


class DiskRefused(Exception):
    """What is kept cannot be kept there; the message says what to do."""

    def __init__(self, path: Path, error: OSError) -> None:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        advice = "Make room" if full else "See that this account may write there"
        super().__init__(
            f"{path} cannot be written ({error.strerror}). {advice}, then start again; "
            "nothing was changed."
        )


class ServersOwn(Exception):
    """Copies of a server's database are the server's business; the message says whose."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The database is {where}, on a PostgreSQL server: back it up with pg_dump or the "
            "server's own backups, and put it back with pg_restore (docs/operating.md)."
        )


class WrongKeys(Exception):
    """The key file is not the one that sealed this database; the message says what to do."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            f"The key file {settings.keys_path} does not belong to the database "
            f"{database_name(settings)}. Put the right one back, or point DAIFA_KEYS_PATH at it."
        )


# What the machine, its disk, or what is on it, says no to; each message says what to do.
REFUSED = (
    AlreadyServed, DatabaseLost, DiskRefused, ServersOwn, WrongKeys, KeyringError, MigrationError,
    AlreadyOwned, FileRefused, CopyFailed, RestoreRefused,
)  # fmt: skip


def database_name(settings: Settings) -> str:
    """Return how sentences call the database: its file, or its name on its server."""
    if settings.server is None:
        return str(settings.database_path)
    from storage.server_url import server_name

    return server_name(settings.server)


def own_copies(settings: Settings) -> None:
    """Go on where copies of the database are ours to make. Raises `ServersOwn`."""
    if settings.server is not None:
        raise ServersOwn(database_name(settings))


def playground_folder(settings: Settings) -> Path:
    """Return where the playground keeps everything of its own."""
    return settings.var / "playground"


def in_playground(settings: Settings) -> Settings:
    """Return the settings of a run without a token: nothing it keeps is anybody's real data."""
    folder = playground_folder(settings)
    own = {
        "database_path": folder / "daifa.sqlite3", "keys_path": folder / "keys.json",
        "backup_path": folder / "backups", "database_url": None, "redis_url": None,
    }  # fmt: skip
    return settings.model_copy(update=own)


def open_keys(settings: Settings) -> Keyring:
    """Read the key ring; it is made only where there is no database it could be missing from.

    Raises `storage.keyring.KeyringError`.
    """
    path = settings.database_path
    if settings.server is not None or (path.exists() and path.stat().st_size):
        return Keyring.load(settings.keys_path)
    return Keyring.load_or_create(settings.keys_path)


@contextmanager
def disk_of(path: Path) -> Iterator[None]:
    """Turn what the disk of the database refuses into a sentence. Raises `DiskRefused`."""
    try:
        yield
    except OSError as error:
        raise DiskRefused(Path(error.filename or path), error) from error


def foreign(path: Path, keys: Keyring) -> bool:
    """Return whether other keys sealed what is in the file. Raises as `inspecting.reading`."""
    mark = fingerprint_in(path) if step_in(path) else None
    return mark not in {None, keys.fingerprint()}


def bring_up(settings: Settings, path: Path) -> Keyring:
    """Return the keys of a database that is now up to date.

    Raises `WrongKeys`, `DatabaseLost`, `storage.keyring.KeyringError`,
    `storage.migrate.MigrationError`, `storage.inspecting.FileRefused`, `OSError`.
    """
    from storage.sealing import Sealer

    if not path.exists() and (backups := copies_in(settings.backup_path, path)):
        raise DatabaseLost(path, backups[-1].path)
    keys = open_keys(settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and path.stat().st_size and foreign(path, keys):
        raise WrongKeys(settings)  # before a step could seal anything with them
    upgrade(path, Sealer(keys))
    return keys
