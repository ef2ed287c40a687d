"""A firm per test, on each of the databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.firm import Firm, founded
from tests.server import ENGINES


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """What keeps the firm: a file, or a server."""
    return str(request.param)


@pytest.fixture
async def firm(tmp_path: Path, engine: str) -> AsyncIterator[Firm]:
    """A merchant and a factory, bound."""
    async with founded(tmp_path, engine=engine) as firm:
        await firm.binds()
        yield firm


@pytest.fixture
async def strangers(tmp_path: Path, engine: str) -> AsyncIterator[Firm]:
    """A merchant and a factory who do not know each other yet."""
    async with founded(tmp_path, engine=engine) as firm:
        yield firm
