"""A firm per test, on each of the databases."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.firm import Firm, founded
from tests.server import ENGINES

# Tried on a server too: what is decided by many at once, and each kind of statement. The rest is
# on a file only, for time's sake; CORE_ON_SERVER=1 tries all of it.
ON_SERVER = {
    "test_answering", "test_append_only", "test_changing_many", "test_claims", "test_extras",
    "test_import_slices", "test_once", "test_packing", "test_ticks", "test_undoing",
}  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every test that asks for a firm the databases it is tried on."""
    if "engine" in metafunc.fixturenames:
        both = metafunc.module.__name__.rpartition(".")[2] in ON_SERVER
        every = both or "CORE_ON_SERVER" in os.environ
        metafunc.parametrize("engine", ENGINES if every else ENGINES[:1], indirect=True)


@pytest.fixture
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
