"""A word said to the other processes of the house, heard by those that listen just then."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any, Final

from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from sharing.link import PREFIX, Link

LISTEN: Final = 5.0  # seconds of silence, then it is asked whether it lives
AGAIN: Final = 1.0  # seconds until an absent Redis is listened to again


class Channel:
    """One of Redis's channels; what is said here is not heard here."""

    def __init__(self, link: Link, name: str) -> None:
        self._link, self._name = link, PREFIX + name
        self._run = secrets.token_hex(8)

    async def say(self, word: str = "") -> None:
        """Say it. Raises `RedisAway`."""
        await self._link.ask(lambda redis: redis.publish(self._name, f"{self._run} {word}"))

    async def listen(
        self, heard: Callable[[str], object], listening: Callable[[], object] = lambda: None
    ) -> None:
        """Call `heard` with each word until cancelled; `listening` after a time of deafness."""
        while True:
            try:
                async with self._link.redis.pubsub(ignore_subscribe_messages=True) as ear:
                    await ear.subscribe(self._name)
                    listening()
                    await self._hear(ear, heard)
            except (RedisError, OSError) as error:
                self._link.lost(error)
                await asyncio.sleep(AGAIN)

    async def _hear(self, ear: PubSub, heard: Callable[[str], object]) -> None:
        while True:
            said: dict[str, Any] | None = await ear.get_message(timeout=LISTEN)
            if said is not None and said["type"] == "message":
                run, _, word = said["data"].partition(" ")
                if run != self._run:
                    heard(word)
