"""Each test has a Redis of its own, and ways to it as several processes have."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sharing.link import Link, linked
from tests.sharing.servers import RedisServer


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory() as folder:  # a socket's path must be short
        server = RedisServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture
async def links(redis: RedisServer) -> AsyncIterator[tuple[Link, Link]]:
    """Two processes' ways to the same Redis."""
    async with linked(redis.url, again=0.05) as one, linked(redis.url, again=0.05) as two:
        yield one, two
