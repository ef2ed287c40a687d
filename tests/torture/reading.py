"""A look into a house's database from beside it: the same question for a file and for a server."""

import asyncio
import time
from typing import Any, Final

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.settings import Settings
from storage.server_faults import UNREACHED

AWAY: Final = 60.0  # seconds a server is waited for that is being started again


class Reader:
    """Asks one database in SQL that both engines know; writes nothing."""

    def __init__(self, url: URL) -> None:
        """`url` is `address_of`'s."""
        self._here = url.get_backend_name() == "sqlite"
        self._engine = create_async_engine(
            url, poolclass=NullPool, connect_args={"timeout": 10.0},
            isolation_level=None if self._here else "AUTOCOMMIT",
        )  # fmt: skip

    async def rows(self, question: str, **values: object) -> list[tuple[Any, ...]]:
        """Return what a question finds; a server that is away is waited for."""
        until = time.monotonic() + AWAY
        while True:
            try:
                async with self._engine.connect() as connection:
                    found = await connection.execute(text(question), values)
                    return [tuple(row) for row in found]
            except UNREACHED:
                if self._here or time.monotonic() > until:
                    raise
            await asyncio.sleep(0.2)

    async def is_whole(self) -> None:
        """See that a file's pages, indexes and references are. Raises `AssertionError`.

        A server's pages bear checksums: `engines.Postgres.is_whole`.
        """
        if self._here:
            assert await self.rows("PRAGMA integrity_check") == [("ok",)]
            assert await self.rows("PRAGMA foreign_key_check") == []


def address_of(settings: Settings) -> URL:
    """Return where a house keeps what it keeps; a file is only read there."""
    if settings.server is not None:
        return settings.server
    path = f"file:{settings.database_path.resolve()}"
    return URL.create("sqlite+aiosqlite", database=path, query={"mode": "ro", "uri": "true"})
