"""A database file per test, with the counters of `shelves` in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.sqlite import connect
from tests.storage.shelves import DDL, Shelves


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database file with empty tables."""
    file = tmp_path / "daifa.sqlite3"
    raw = connect(file)
    raw.executescript(DDL).close()
    raw.close()
    return file


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database[Shelves]]:
    """That file, opened."""
    async with Database.open(path, Shelves) as database:
        yield database
