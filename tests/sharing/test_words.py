"""What is said in one process is heard in the others; what could not be said is looked for."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot.guessing import PER_PERSON, Guesses
from sharing.channels import Channel
from sharing.link import Link
from sharing.waking import RedisCarrier
from tests.sharing.servers import RedisServer, until


class Otherwise:
    """Another way to wake, which only counts."""

    def __init__(self) -> None:
        self.told = 0

    def tell(self) -> None:
        self.told += 1

    async def run(self, heard: Callable[[], object]) -> None:
        await asyncio.Event().wait()


@asynccontextmanager
async def listening(*works: Any) -> Any:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def test_a_write_wakes_the_others_once_for_many_and_not_itself(
    links: tuple[Link, Link],
) -> None:
    here, there = (RedisCarrier(link, Otherwise()) for link in links)
    own: list[int] = []
    theirs: list[int] = []
    async with listening(here.run(lambda: own.append(1)), there.run(lambda: theirs.append(1))):
        await until(lambda: own and theirs)  # whoever begins to listen looks once
        for _ in range(1_000):
            here.tell()
        await until(lambda: len(theirs) > 1)
        await asyncio.sleep(0.1)
        assert (len(own), len(theirs)) == (1, 2)


async def test_redis_away_wakes_go_the_other_way_and_come_back(
    redis: RedisServer, links: tuple[Link, Link]
) -> None:
    otherwise = Otherwise()
    here, there = RedisCarrier(links[0], otherwise), RedisCarrier(links[1], Otherwise())
    theirs: list[int] = []
    async with listening(here.run(lambda: None), there.run(lambda: theirs.append(1))):
        await until(lambda: theirs)
        redis.stop()
        here.tell()
        await until(lambda: otherwise.told)
        redis.start()
        seen = len(theirs)
        await until(lambda: len(theirs) > seen)  # it listens again, and looks
        here.tell()
        await until(lambda: len(theirs) > seen + 1)


async def test_guesses_made_in_one_process_count_in_the_other(links: tuple[Link, Link]) -> None:
    one, two = Guesses(), Guesses()
    said, ear = Channel(links[0], "guessed"), Channel(links[1], "guessed")
    ready = asyncio.Event()
    async with listening(ear.listen(lambda word: two.heard(int(word)), ready.set)):
        await ready.wait()
        for _ in range(PER_PERSON):
            one.wrong(7)
            await said.say("7")
        await until(lambda: refused(two, 7))
    assert refused(one, 7)
    assert not refused(two, 8)
    assert two.total == 0


def refused(guesses: Guesses, person: int) -> bool:
    from core.people.staff_errors import GuessedTooOften

    try:
        guesses.may(person)
    except GuessedTooOften:
        return True
    return False
