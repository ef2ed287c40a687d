"""The way to Redis, which may go away at any moment: what it is for is done without it then.

Nothing is kept in Redis that is not kept elsewhere, or may not be forgotten: emptied in the middle
of work, it costs a limit that is not shared for a moment, never a message.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

T = TypeVar("T")
log = structlog.stdlib.get_logger(__name__)

PREFIX: Final = "daifa:"
PATIENCE: Final = 0.5  # seconds for a connection, and for an answer
AGAIN: Final = 1.0  # seconds in which an absent Redis is not asked again


class RedisAway(Exception):
    """It did not answer, or did not answer a moment ago: go on without it."""


class Link:
    """One process's connections to Redis; `failures` since the start, `here` while it answers."""

    def __init__(self, redis: Redis, *, again: float = AGAIN) -> None:
        """Use `linked`."""
        self.redis = redis
        self.failures = 0
        self.here = True
        self._again = again
        self._again_at = 0.0

    async def ask(self, work: Callable[[Redis], Awaitable[T]]) -> T:
        """Return Redis's answer. Raises `RedisAway`: at once, where it was away a moment ago."""
        if not self.here and time.monotonic() < self._again_at:
            raise RedisAway
        try:
            answer = await work(self.redis)
        except (RedisError, OSError) as error:
            self.lost(error)
            raise RedisAway from error
        self.found()
        return answer

    def lost(self, error: Exception) -> None:
        """It did not answer; said once, until it is back."""
        self.failures += 1
        self._again_at = time.monotonic() + self._again
        if self.here:
            self.here = False
            log.warning("Redis is away: each process goes by what it knows itself",
                        error=type(error).__name__)  # fmt: skip

    def found(self) -> None:
        """It answers."""
        if not self.here:
            self.here = True
            log.warning("Redis is back")


@asynccontextmanager
async def linked(url: str, *, again: float = AGAIN) -> AsyncIterator[Link]:
    """Open a way to Redis for the length of the block; whether it is there shows when it is asked.

    redis-py would try again by itself, and make whoever waits wait three times as long.
    """
    redis: Redis = Redis.from_url(
        url, decode_responses=True, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0), health_check_interval=5,
    )  # fmt: skip
    try:
        yield Link(redis, again=again)
    finally:
        await redis.aclose()
