"""Two processes have updates of one chat: one after the other, the lower number first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from sharing.lanes import RedisLanes
from sharing.link import Link
from tests.sharing.servers import RedisServer, until

CHAT = -100_123_456_789


@asynccontextmanager
async def nowhere(_chat: int, _update: int) -> AsyncIterator[None]:
    """Keep no order at all."""
    yield


class Handler:
    """Notes who is at work, and works until let go."""

    def __init__(self) -> None:
        self.began: list[int] = []
        self.at_once = 0
        self.most = 0
        self.go = asyncio.Event()

    async def handle(self, lanes: RedisLanes, update: int, chat: int = CHAT) -> None:
        async with lanes.lane(chat, update):
            self.began.append(update)
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            await self.go.wait()
            await asyncio.sleep(0)
            self.at_once -= 1


async def test_one_after_the_other_the_lower_number_first(links: tuple[Link, Link]) -> None:
    one, two = (RedisLanes(link, nowhere) for link in links)
    handler = Handler()
    first = asyncio.create_task(handler.handle(one, 5))
    await until(lambda: handler.began == [5])
    others = [asyncio.create_task(handler.handle(lanes, n)) for lanes, n in ((two, 9), (one, 7))]
    elsewhere = asyncio.create_task(handler.handle(two, 8, CHAT + 1))
    await until(lambda: handler.began == [5, 8])  # another chat waits for nobody
    await asyncio.sleep(0.15)
    assert handler.began == [5, 8]
    handler.go.set()
    await asyncio.gather(first, elsewhere, *others)
    assert handler.began == [5, 8, 7, 9]
    assert not await links[0].redis.keys("daifa:lane:*")


async def test_nobody_waits_long_for_a_process_that_died(links: tuple[Link, Link]) -> None:
    died, lives = (RedisLanes(link, nowhere, alive=0.3) for link in links)
    handler = Handler()
    held = asyncio.create_task(handler.handle(died, 1))  # `run`, which says it lives, is not there
    await until(lambda: handler.began == [1])
    waits = asyncio.create_task(handler.handle(lives, 2))
    await until(lambda: handler.began == [1, 2])
    handler.go.set()
    await asyncio.gather(held, waits)


async def test_emptied_away_and_back_every_update_is_handled(
    redis: RedisServer, links: tuple[Link, Link]
) -> None:
    lanes = [RedisLanes(link, nowhere) for link in links]
    living = [asyncio.create_task(one.run()) for one in lanes]
    handler = Handler()
    handler.go.set()
    held = asyncio.Event()

    async def hold() -> None:
        async with lanes[0].lane(CHAT, 1):
            held.set()
            redis.stop()
            redis.start()  # with nothing in it

    await hold()
    await asyncio.gather(*(handler.handle(lanes[n % 2], n) for n in range(2, 12)))
    await asyncio.sleep(0.06)
    await links[0].ask(lambda one: one.ping())
    busy = asyncio.gather(*(handler.handle(lanes[n % 2], n) for n in range(12, 24)))
    await links[1].redis.flushall()
    await busy
    assert sorted(handler.began) == list(range(2, 24))
    for task in living:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("cut", [False, True])
async def test_a_place_given_up_is_nobodys(links: tuple[Link, Link], cut: bool) -> None:
    one, two = (RedisLanes(link, nowhere) for link in links)
    handler = Handler()
    first = asyncio.create_task(handler.handle(one, 1))
    await until(lambda: handler.began == [1])
    if cut:
        gives_up = asyncio.create_task(handler.handle(two, 2))
        await asyncio.sleep(0.05)
        gives_up.cancel()
        await asyncio.gather(gives_up, return_exceptions=True)
    third = asyncio.create_task(handler.handle(one, 3))
    handler.go.set()
    await first
    if cut:
        await two.leave()  # as its heartbeat does
    await third
    assert handler.began == [1, 3]
