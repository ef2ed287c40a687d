"""A firm per test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.firm import Firm, founded


@pytest.fixture
async def firm(tmp_path: Path) -> AsyncIterator[Firm]:
    """A merchant and a factory, bound."""
    async with founded(tmp_path) as firm:
        await firm.binds()
        yield firm


@pytest.fixture
async def strangers(tmp_path: Path) -> AsyncIterator[Firm]:
    """A merchant and a factory who do not know each other yet."""
    async with founded(tmp_path) as firm:
        yield firm
