"""The simulated town over PostgreSQL: the same people and weather, and what happens to a server.

The house, its people, its Telegram and the judgement are those of `test_seeds`; each seed has a
database of its own on a real server. Besides all that is drawn there, connections are cut amid a
visit and at its commit, the answer to a commit is lost, others come between, the server is away.

`SEED=123 python -m pytest -s tests/torture/test_seeds_on_server.py -k replayed` plays one again.

Not simulated besides: several visits at the very same moment (`tests/storage/test_at_once.py`),
leases and what several processes tell each other (`test_kills_on_server`).
"""

import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import pytest

from tests.proof import Proving
from tests.torture.simulator.on_server import ServerPlaces
from tests.torture.simulator.seeds import Told, play

SHORT, FULL = 1, 500
PROCESSES = 2


@cache
def places() -> ServerPlaces:
    """Return this process's desks, kept from seed to seed."""
    return ServerPlaces(Path(tempfile.mkdtemp(prefix="seeds-")) / "daifa.sqlite3")


def played(seed: int) -> tuple[Told, int]:
    """Play a seed over the server; returns how many visits went wrong besides."""
    kept = places()
    before = kept.troubles.seen
    return play(seed, kept), kept.troubles.seen - before


def test_over_a_server_the_promises_hold(proves: Proving) -> None:
    seeds = range(1, proves.size(SHORT, FULL) + 1)
    began = perf_counter()
    told = _all(seeds) if proves.full else [played(seed) for seed in seeds]
    took = perf_counter() - began
    wrong = {one.seed: one.faults for one, _ in told if one.faults}
    proves.saw("seeds in which a promise broke", len(wrong), "0")
    proves.saw("seeds played", f"{len(told):,} in {took:,.0f} s", f"{len(seeds):,}")
    proves.saw("acts of people", f"{sum(one.acts for one, _ in told):,}")
    calls, broken = sum(one.calls for one, _ in told), sum(one.broken for one, _ in told)
    proves.saw("calls to Telegram, those that went wrong", f"{calls:,}, {broken:,}")
    cut = sum(n for _, n in told)
    proves.saw("visits cut off, left unanswered, or come between", f"{cut:,}")
    assert not wrong, "\n".join(f"SEED={n}: {'; '.join(all_)[:600]}" for n, all_ in wrong.items())
    assert cut, "nothing happened to the server"


def test_the_same_number_is_the_same_play_over_a_server() -> None:
    (once, cut), (again, _) = played(2), played(2)
    assert once.trace == again.trace
    assert cut, "nothing happened to the server in it"


@pytest.mark.skipif("SEED" not in os.environ, reason="SEED=number plays one again")
def test_one_is_replayed() -> None:
    told, _ = played(int(os.environ["SEED"]))
    print(*told.trace, told.hash, *told.faults, sep="\n")  # noqa: T201
    assert not told.faults


def _all(seeds: range) -> list[tuple[Told, int]]:
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        return list(pool.map(played, seeds, chunksize=10))
