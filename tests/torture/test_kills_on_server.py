"""Five processes, PostgreSQL and Redis, each killed under load: nothing lost, nothing doubled.

The town, its people and the reckoning are those of `test_kills`; the house is two webs behind a
proxy, a courier and its standby, and a scheduler, moved here from the file of the first day.
Processes die by SIGKILL, one or all of them; PostgreSQL crashes and is back at once or later than
anybody waits; Redis dies and comes back empty. `KILL_SEED` repeats a story's plan.
"""

import asyncio
import os
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import pytest

from app.settings import Settings
from tests.proof import Proving
from tests.server import ENGINES, address
from tests.sharing.servers import RedisServer
from tests.torture.engines import Postgres
from tests.torture.estate import Estate
from tests.torture.manning import Begun, engines, manned
from tests.torture.reading import Reader, address_of
from tests.torture.reckoning import UNDER_WAY, WORKS, Seen, Windows, Work
from tests.torture.story import worked
from tests.torture.town import Town

SEED: Final = 80001
STORY: Final = 60  # blows to one company
DEEDS: Final = (1, 2, 3, 5, 8)  # how much is done between two blows
LONGEST: Final = 11.0  # seconds without a deed until the next one: longer than a lease
WAITS: Final = (0.0, 2.0, 2.0, 4.0)  # seconds for what is to be cut off
EARLY: Final = 0.15  # of all blows come while what fell last is still starting
AWAY: Final = (0.0, 0.0, 1.0, 7.0)  # seconds a server stays away; a visit waits for five
Blow = Literal["web", "courier", "scheduler", "all", "postgres", "redis"]
SHARES: Final[Mapping[Blow, float]] = {
    "courier": 0.3, "web": 0.25, "scheduler": 0.15, "postgres": 0.15, "redis": 0.1, "all": 0.05,
}  # fmt: skip
# Whose work is cut off by a blow. Redis has nobody's.
CUT: Final[Mapping[Blow, tuple[Work, ...]]] = {
    "courier": ("alerts",), "web": ("jobs",), "scheduler": ("calls",), "postgres": WORKS,
    "redis": (), "all": WORKS,
}  # fmt: skip


@dataclass
class Story:
    """What was seen in one story, or in several."""

    seen: Seen = field(default_factory=Seen)
    windows: list[Windows] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    blows: list[Blow] = field(default_factory=list)

    def add(self, other: "Story") -> None:
        self.seen.add(other.seen)
        self.windows += other.windows
        self.left += other.left
        self.blows += other.blows


async def test_whatever_falls_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, begun: Begun, proves: Proving
) -> None:
    if not proves.full:
        pytest.skip("some hundred seconds at the least: a figure of make torture")
    blows = proves.size(6, 300)
    total, stories = Story(), max(1, blows // STORY)
    first = int(os.environ.get("KILL_SEED", SEED))
    for number in range(stories):
        folder = tmp_path / f"story-{number}"
        total.add(await told(folder, begun, first + number, blows // stories))
    says(proves, total)


@pytest.mark.parametrize("keeper", ENGINES, indirect=True)
async def test_a_reader_sees_the_first_day_on_either_engine(keeper: str, first_day: Begun) -> None:
    """What the reckoning rests on: one question, the same answer."""
    folder, numbers = first_day
    there = address("begun").render_as_string(hide_password=False)
    settings = Settings(_env_file=None, var=folder / "var",
                        database_url=there if keeper == "postgresql" else None)  # fmt: skip
    reader = Reader(address_of(settings))
    question = "SELECT number FROM shop WHERE role = :role ORDER BY id"
    assert await reader.rows(question, role="factory") == [(one,) for one in numbers[1:]]
    assert await reader.rows("SELECT id FROM alert WHERE state = 'owed'") == []
    await reader.is_whole()


async def told(folder: Path, begun: Begun, seed: int, blows: int) -> Story:
    """Tell one story; a failure says by which seed it was planned."""
    rng = random.Random(seed)
    plan = _plan(blows, rng)
    try:
        async with engines() as (postgres, redis):
            story = await lived(folder, begun, plan, rng, (postgres, redis))
            await postgres.is_whole()
            return story
    except BaseException as error:
        error.add_note(f"KILL_SEED={seed} repeats this plan; the house's logs: {folder}/*.log")
        raise


def _plan(blows: int, rng: random.Random) -> list[Blow]:
    """Return what falls, in turn: of each kind one at least."""
    kinds, weights = list(SHARES), list(SHARES.values())
    plan = [*kinds, *rng.choices(kinds, weights, k=max(0, blows - len(kinds)))]
    return rng.sample(plan, len(plan))


async def lived(
    folder: Path, begun: Begun, plan: Sequence[Blow], rng: random.Random,
    engines: tuple[Postgres, RedisServer],
) -> Story:  # fmt: skip
    """Let everybody work while one thing falls after another, then look."""
    async with manned(folder, begun, rng, engines) as (town, estate):
        windows = Windows()
        killing = killer_works(town, estate, plan, windows)
        seen = await worked(town, windows, killing, 300 + 30 * len(plan))
    return Story(seen, [windows], estate.left, list(plan))


async def killer_works(town: Town, estate: Estate, plan: Sequence[Blow], windows: Windows) -> None:
    """Strike at random moments, most of them while much is under way."""
    rng = town.rng
    for blow in plan:
        await town.has_moved(rng.choice(DEEDS), LONGEST)
        if blow == "postgres":
            await is_under_way(town, blow)
            await crashes(estate, windows, rng)
        elif blow == "redis":
            estate.redis.stop()
            await windows.look(town.reader, killed=True, at=CUT[blow])
            await asyncio.sleep(rng.choice(AWAY))
            estate.redis.start()
        else:
            victims = estate.processes if blow == "all" else [await estate.one_of(blow, rng)]
            await is_under_way(town, blow)
            await estate.are_killed(victims)
            await estate.their_last_is_done(town.reader)
            await windows.look(town.reader, killed=True, at=CUT[blow])
            await estate.are_started(victims)
        await town.hears()
        if rng.random() > EARLY:
            await estate.is_ready()
    await town.closes()


async def is_under_way(town: Town, blow: Blow) -> None:
    """Wait for some of the work that is to be cut off, for a while; strike somewhere within it."""
    work = town.rng.choice(CUT[blow])
    with suppress(TimeoutError):
        async with asyncio.timeout(town.rng.choice(WAITS)):
            while not await town.rows(UNDER_WAY[work]):  # noqa: ASYNC110 - it has no bell
                await asyncio.sleep(0.01)
    await asyncio.sleep(town.rng.uniform(0, 0.12))


async def crashes(estate: Estate, windows: Windows, rng: random.Random) -> None:
    """The database's server stops amid everything, and is looked at before others see it."""
    postgres = estate.postgres
    await postgres.crash()
    async with postgres.seen_aside():
        aside = Reader(postgres.address(estate.database, aside=True))
        await windows.look(aside, killed=True)
    await asyncio.sleep(rng.choice(AWAY))
    await postgres.starts()


def says(proves: Proving, total: Story) -> None:
    """Write what was seen, and hold it against what was promised."""
    seen, windows = total.seen, total.windows
    n = {kind: total.blows.count(kind) for kind in SHARES}
    assert sum(one.kills for one in windows) == len(total.blows)
    hit, calls, jobs = (sum(getattr(one, name) for one in windows)
                        for name in ("hit", "hit_calls", "hit_jobs"))  # fmt: skip
    proves.saw(
        "Killed at random moments under load",
        f"{len(total.blows)} times: {n['web']} a web, {n['courier']} the courier, "
        f"{n['scheduler']} the scheduler, {n['all']} all five; PostgreSQL crashed {n['postgres']} "
        f"times, Redis {n['redis']}; {hit} hit a message on its way, {calls} a platform call, "
        f"{jobs} a job",
    )
    proves.saw("Orders lost or brought in twice", f"0 of {seen.orders:,}", "0")
    proves.saw("Assignments lost or doubled", f"0 of {seen.assignments:,}", "0")
    proves.saw("Parcels lost or doubled", f"0 of {seen.parcels:,}", "0")
    proves.saw("Alerts that never arrived", f"0 of {seen.alerts:,}", "0")
    tries = sum(len(one.alerts) for one in windows)
    proves.saw(
        "Messages repeated, each marked 可能重复",
        f"{seen.repeats:,} of {seen.told:,}, for {tries:,} that a blow caught on their way; "
        "0 unmarked",
        "as many as were caught at most",
    )
    proves.saw(
        "Platform calls not made, or shown twice there", f"0 of {seen.platform_calls:,}", "0"
    )
    proves.saw(
        "Events missed by who follows them, webhooks not received",
        f"0 of {seen.events:,}; {seen.posted_again:,} came again, under the same id", "0",
    )  # fmt: skip
    proves.saw("Every counter and every page's checksum after it", "ok", "ok")
    proves.saw("Processes that ended by themselves, and were started again", len(total.left))
