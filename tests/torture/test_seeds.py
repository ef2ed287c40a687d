"""A simulated town: people, faults and time drawn from a number.

The whole house as `app.running.serving` puts it together (dispatcher and handlers, polling and
inbox, use cases, the courier with python-telegram-bot, worker, ticks) in one event loop whose time
is not real, over a real SQLite file; its Telegram is the playground without HTTP. A seed draws what
people do and what goes wrong: answers lost before and after the call was done, 429 with 5, 60 and
3600 seconds, 5xx, HTML, cut JSON, chats blocked and deactivated, the group upgraded, the bot thrown
out, updates repeated and hours late, the file busy, the wall clock set a day off.

`SEED=123 python -m pytest -s tests/torture/test_seeds.py -k replayed` plays one again, aloud.

Not simulated: sockets and HTTP (uvicorn, TLS, the API, webhooks of programs and of Telegram),
threads and child processes (paper, pictures, barcodes; files are read in place), selling platforms,
being killed, and the order in which a file system writes. Other harnesses do those.
"""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter
from typing import TypeVar

import pytest

from tests.proof import Proving
from tests.torture.simulator.again import differs
from tests.torture.simulator.crossing import crosses
from tests.torture.simulator.seeds import play

T = TypeVar("T")

SHORT, FULL = 50, 10_000
PROCESSES = 2


def test_whatever_is_drawn_the_promises_hold(proves: Proving) -> None:
    seeds = range(1, proves.size(SHORT, FULL) + 1)
    began = perf_counter()
    told = _played(seeds, PROCESSES if proves.full else 1, play)
    took = perf_counter() - began
    wrong = {one.seed: one.faults for one in told if one.faults}
    acts, broken = sum(one.acts for one in told), sum(one.broken for one in told)
    proves.saw("seeds in which a promise broke", len(wrong), "0")
    proves.saw("seeds played", f"{len(told):,} in {took:,.0f} s", f"{len(seeds):,}")
    proves.saw("acts of people", f"{acts:,}")
    proves.saw("calls to Telegram, those that went wrong",
               f"{sum(one.calls for one in told):,}, {broken:,}")  # fmt: skip
    assert not wrong, _in_words(wrong)
    assert broken > len(seeds), "the weather was too fine to mean anything"


def test_the_same_number_is_the_same_play() -> None:
    once, again = play(7), play(7)
    assert once.trace == again.trace
    assert play(8).hash != once.hash


def test_updates_that_come_again_change_nothing(proves: Proving) -> None:
    """Repeated anywhere after they were first delivered, they end in the same state."""
    seeds = range(1, proves.size(3, 1_000) + 1)
    told = _played(seeds, PROCESSES if proves.full else 1, differs)
    wrong = {seed: lines for seed, lines in zip(seeds, told, strict=True) if lines}
    proves.saw("plays that ended otherwise with updates repeated", len(wrong), "0")
    proves.saw("plays played twice", f"{len(seeds):,}")
    assert not wrong, _in_words(wrong)


def test_chats_that_act_on_different_orders_may_cross(proves: Proving) -> None:
    """Whichever is first, they end in the same state."""
    seeds = range(1, proves.size(2, 500) + 1)
    told = _played(seeds, PROCESSES if proves.full else 1, crosses)
    wrong = {seed: lines for seed, lines in zip(seeds, told, strict=True) if lines}
    proves.saw("plays that ended otherwise with chats interleaved", len(wrong), "0")
    proves.saw("plays interleaved", f"{len(seeds):,}")
    assert not wrong, _in_words(wrong)


@pytest.mark.skipif("SEED" not in os.environ, reason="SEED=number plays one again")
def test_one_is_replayed() -> None:
    told = play(int(os.environ["SEED"]))
    print(*told.trace, told.hash, *told.faults, sep="\n")  # noqa: T201
    assert not told.faults


def _played(seeds: range, processes: int, one: Callable[[int], T]) -> list[T]:
    if processes == 1:
        return [one(seed) for seed in seeds]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return list(pool.map(one, seeds, chunksize=20))


def _in_words(wrong: dict[int, list[str]]) -> str:
    return "\n".join(f"SEED={seed}: {'; '.join(faults)[:600]}" for seed, faults in wrong.items())
