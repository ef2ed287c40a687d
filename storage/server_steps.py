"""Bringing a PostgreSQL database to the tables this code expects: the same steps as for a file.

One process at a time, by a lock in the server, and all steps in one transaction: a step that fails
leaves the database as it was. No copy is made first; the server's own backups are.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import URL, Connection, bindparam, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.errors import DatabaseUnavailable
from storage.migrate import DatabaseNewer, MigrationFailed, Migrations
from storage.sealing import Sealer
from storage.server_faults import UNREACHED, reason_of
from storage.server_locks import MIGRATING
from storage.server_moves import refuse_half_moved
from storage.server_url import server_name

T = TypeVar("T")

_LOCK = text("SELECT pg_advisory_xact_lock(:lock)").bindparams(bindparam("lock", MIGRATING))
_STEP = text("SELECT version_num FROM alembic_version")
_KEY_MARK = text("SELECT fingerprint FROM key_mark")
_FOREIGN = (
    "The database {where} has tables and none of them are daifa's. Give it an empty one: "
    "CREATE DATABASE daifa"
)


async def upgrade_server(
    url: URL, sealer: Sealer | None = None, migrations: Migrations | None = None
) -> bool:
    """Bring the database to the last step; True if there was anything to do.

    Waits for another process that migrates. Raises `DatabaseUnavailable`, `DatabaseNewer`,
    `MigrationFailed`, `storage.server_moves.MoveUnfinished`.
    """
    steps_of = migrations or Migrations()
    return await _asked(url, lambda connection: _bring_up(connection, url, steps_of, sealer))


async def differences_of(url: URL, migrations: Migrations | None = None) -> list[str]:
    """How the database differs from the models, one line each; nothing of it stays."""
    from storage import differences

    tables = (migrations or Migrations()).tables()
    return await _asked(url, lambda connection: differences.differences(connection, tables))


async def sealed_already(url: URL) -> bool:
    """Return whether some key ring seals what is in the database. Raises `DatabaseUnavailable`."""

    def look(connection: Connection) -> bool:
        there = inspect(connection).has_table("key_mark")
        return there and connection.scalar(_KEY_MARK) is not None

    return await _asked(url, look)


async def _asked(url: URL, work: Callable[[Connection], T]) -> T:
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    except UNREACHED as error:
        raise DatabaseUnavailable(server_name(url), reason_of(error)) from error
    finally:
        await engine.dispose()


def _bring_up(
    connection: Connection, url: URL, migrations: Migrations, sealer: Sealer | None
) -> bool:
    refuse_half_moved(connection, url)
    head = migrations.head()
    if head is None or _step(connection, url, head) == head:
        return False
    connection.execute(_LOCK)
    if _step(connection, url, head) == head:
        return False  # done by another process meanwhile
    from alembic.util import CommandError
    from sqlalchemy.exc import SQLAlchemyError

    from storage import steps

    try:
        with connection.begin_nested():
            steps.run_on(connection, migrations.versions, sealer)
    except (SQLAlchemyError, CommandError) as error:
        raise MigrationFailed(server_name(url), reason_of(error)) from error
    return True


def _step(connection: Connection, url: URL, head: str) -> str | None:
    """Return the step the database is at, None if it is empty."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise MigrationFailed(server_name(url), _FOREIGN.format(where=server_name(url)))
    step: str | None = connection.scalar(_STEP)
    if step is not None and step > head:
        raise DatabaseNewer(server_name(url), step, head)
    return step
