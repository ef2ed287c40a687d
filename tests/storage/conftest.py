"""A database per test with the counters of `shelves` in it: a file, or one of a server's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from storage.database import Database
from storage.postgres import open_server
from storage.sqlite import connect
from tests.server import ENGINES, server_database, told
from tests.storage.shelves import DDL, SERVER_DDL, Shelves


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database file with empty tables."""
    file = tmp_path / "daifa.sqlite3"
    raw = connect(file)
    raw.executescript(DDL).close()
    raw.close()
    return file


@pytest.fixture
async def on_file(path: Path) -> AsyncIterator[Database[Shelves]]:
    """That file, opened."""
    async with Database.open(path, Shelves) as database:
        yield database


@pytest.fixture
async def url() -> AsyncIterator[URL]:
    """A database of a server with empty tables."""
    async with server_database("template0") as url:
        await told(SERVER_DDL, at=url)
        yield url


@pytest.fixture
async def on_server(url: URL) -> AsyncIterator[Database[Shelves]]:
    """That database, opened."""
    async with open_server(url, Shelves) as database:
        yield database


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest) -> Database[Shelves]:
    """What both of them promise is tried on each."""
    opened: Database[Shelves] = request.getfixturevalue(
        "on_file" if request.param == "sqlite" else "on_server"
    )
    return opened
