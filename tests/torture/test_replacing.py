"""Each of five processes replaced in turn while people work: nothing lost, nothing said twice.

A rolling restart as docs/operating.md has it, by the town and the reckoning of `test_kills`: stop
one (SIGTERM), start it, wait for `/readyz`, go on with the next. Nothing is in doubt after it, so
no message may be marked as a possible repeat. `KILL_SEED` repeats a story's plan.
"""

import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.proof import Proving
from tests.torture.estate import PARTS, Estate
from tests.torture.manning import Begun, engines, manned
from tests.torture.reckoning import Seen, Windows
from tests.torture.story import worked
from tests.torture.town import Town

SEED: Final = 90001
DEEDS: Final = (1, 2, 3, 5)  # how much is done before the next one
LONGEST: Final = 5.0  # seconds without a deed until then


@dataclass
class Times:
    """Seconds each process took: until it had ended, and until its next life was ready."""

    ending: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)


async def test_a_rolling_restart_loses_nothing_and_repeats_nothing(
    tmp_path: Path, begun: Begun, proves: Proving
) -> None:
    if not proves.full:
        pytest.skip("a figure of make torture; the story is stories/test_several_processes")
    rounds, seed = proves.size(2, 20), int(os.environ.get("KILL_SEED", SEED))
    times = Times()
    try:
        async with (
            engines() as (postgres, redis),
            manned(tmp_path / "house", begun, random.Random(seed), (postgres, redis)) as there,
        ):
            town, estate = there
            rolling = rolls(town, estate, rounds, times)
            seen = await worked(town, Windows(), rolling, 300 + 100 * rounds)
    except BaseException as error:
        error.add_note(f"KILL_SEED={seed} repeats this plan; the house's logs: {tmp_path}/*/*.log")
        raise
    assert estate.left == []
    says(proves, seen, times)


async def rolls(town: Town, estate: Estate, rounds: int, times: Times) -> None:
    """Replace one process after another, in a new order each time."""
    for _ in range(rounds):
        for one in town.rng.sample(estate.processes, len(estate.processes)):
            await town.has_moved(town.rng.choice(DEEDS), LONGEST)
            began = time.monotonic()
            assert await estate.is_ended(one) == 0, one.said()
            times.ending.append(time.monotonic() - began)
            began = time.monotonic()
            await one.starts()
            await one.stands()
            times.ready.append(time.monotonic() - began)
            await town.hears()
    await town.closes()


def says(proves: Proving, seen: Seen, times: Times) -> None:
    """Write what was seen; the reckoning has held it against what was promised."""
    assert seen.repeats == 0
    ended = len(times.ending)
    proves.saw("Processes replaced under load, one after another",
               f"{ended} times, {ended // len(PARTS)} times each")  # fmt: skip
    proves.saw("Orders, assignments, parcels lost or doubled",
               f"0 of {seen.orders:,}, {seen.assignments:,}, {seen.parcels:,}", "0")  # fmt: skip
    proves.saw("Alerts that never arrived, or came twice, marked or not",
               f"0 of {seen.alerts:,}", "0")  # fmt: skip
    proves.saw(
        "Platform calls not made, or shown twice there", f"0 of {seen.platform_calls:,}", "0"
    )
    proves.saw("Events missed by who follows them, webhooks not received",
               f"0 of {seen.events:,}; {seen.posted_again:,} came again, under the same id",
               "0")  # fmt: skip
    proves.saw("Seconds until a process told to end had ended, the longest",
               f"{max(times.ending):.1f}")  # fmt: skip
    proves.saw("Seconds until its next life was ready, the longest", f"{max(times.ready):.1f}")
