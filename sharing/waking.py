"""Something was written, said to the other processes: couriers and those who wait look at once.

A wake-up says nothing but that; whoever is woken looks into the database. One that is lost costs
the time until the next look.
"""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from sharing.channels import Channel
from sharing.link import Link, RedisAway

TOGETHER: Final = 0.02  # seconds within which several writes are said once


class Carrier(Protocol):
    """How one process's writes are made known to the others."""

    def tell(self) -> None:
        """Something was committed here; returns at once."""
        ...

    async def run(self, heard: Callable[[], object]) -> None:
        """Carry until cancelled: call `heard` when something was committed elsewhere."""
        ...


class RedisCarrier:
    """Wake-ups by Redis; away, by `otherwise`, which is listened to always."""

    def __init__(self, link: Link, otherwise: Carrier, *, together: float = TOGETHER) -> None:
        self._otherwise, self._together = otherwise, together
        self._channel = Channel(link, "wrote")
        self._wrote = asyncio.Event()

    def tell(self) -> None:
        """Something was committed here; returns at once."""
        self._wrote.set()

    async def run(self, heard: Callable[[], object]) -> None:
        """Carry until cancelled: call `heard` when something was committed elsewhere."""
        async with asyncio.TaskGroup() as carrying:
            carrying.create_task(self._say())
            # What was said while nobody listened is made good by one look.
            carrying.create_task(self._channel.listen(lambda _: heard(), heard))
            carrying.create_task(self._otherwise.run(heard))

    async def _say(self) -> None:
        while True:
            await self._wrote.wait()
            self._wrote.clear()
            try:
                await self._channel.say()
            except RedisAway:
                self._otherwise.tell()
            await asyncio.sleep(self._together)
