"""What one process counts holds for the others; without Redis each goes by its own count."""

import asyncio

from structlog.testing import capture_logs

from bot.flood import BURST, PER_SECOND, Flood
from sharing.link import Link
from sharing.tallies import Kind, Tally
from tests.sharing.servers import RedisServer

FLOOD = Kind("flood", BURST, PER_SECOND)
PERSON = 7


def sharing(link: Link) -> tuple[Flood, Tally]:
    """Return one process's buckets, and what tells the others of them."""
    flood = Flood(clock=lambda: 0.0)
    tally = Tally(link, FLOOD, lambda who, left, calm: flood.heard(int(who), left, calm))
    flood.share = lambda person, n, calm: tally.spent(str(person), n, calm)
    return flood, tally


async def test_a_person_who_sends_through_two_processes_has_one_burst(
    links: tuple[Link, Link],
) -> None:
    (one, its), (two, others) = (sharing(link) for link in links)
    taken = [one.comes(PERSON) for _ in range(BURST)].count("taken")
    taken += [two.comes(PERSON)].count("taken")  # nothing is heard of it yet
    assert taken == BURST + 1
    await its.exchange()
    await others.exchange()
    assert two.comes(PERSON) == "first"
    assert one.comes(PERSON) == "first"
    assert two.comes(PERSON + 1) == "taken"


async def test_who_is_calmed_in_one_process_is_calmed_in_the_other(
    links: tuple[Link, Link],
) -> None:
    (one, its), (two, others) = (sharing(link) for link in links)
    while one.comes(PERSON) == "taken":
        pass
    await its.exchange()
    assert not two.calmed(PERSON)
    two.comes(PERSON)
    await others.exchange()
    assert two.calmed(PERSON)


async def test_redis_emptied_or_away_costs_the_sharing_and_nothing_else(
    redis: RedisServer, links: tuple[Link, Link]
) -> None:
    one, its = sharing(links[0])
    for _ in range(BURST):
        one.comes(PERSON)
    await its.exchange()
    await links[0].redis.flushall()
    one.comes(PERSON + 1)
    await its.exchange()
    assert one.comes(PERSON) == "first"  # it knows that itself

    redis.stop()
    with capture_logs() as logs:
        for _ in range(3):
            one.comes(PERSON + 2)
            await its.exchange()
        assert not links[0].here
        redis.start()
        await asyncio.sleep(0.06)  # so long it is not asked again
        one.comes(PERSON + 2)
        await its.exchange()
    assert links[0].here
    assert [log["event"] for log in logs] == [
        "Redis is away: each process goes by what it knows itself", "Redis is back",
    ]  # fmt: skip
