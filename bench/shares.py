"""Where the time of a tap goes: a profile of the handled update, summed up by whose code it is.

The database works in the event loop's own thread here, so that one profiler sees all. A profiler
makes many small calls look dearer than they are: shares are to be compared, not added to figures.
"""

import asyncio
import cProfile
import pstats
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from bench.house import Prepared, prepare
from bench.races import calm_the_collector
from bench.taps import Raw, confirming, replying
from bench.telegram import instant_bot
from bot.dispatcher import routing
from storage.sqlite import Desk
from storage.store import SqlStore

T = TypeVar("T")
HERE = str(Path(__file__).parent.parent)
WHOSE = {
    "sqlalchemy": "SQLAlchemy", "sqlmodel": "SQLModel", "aiogram": "aiogram",
    "pydantic": "pydantic", "pydantic_core": "pydantic", "cryptography": "cryptography",
}  # fmt: skip
WARM = 20


class Share(NamedTuple):
    """Whose code, and its part of the time."""

    whose: str
    part: float


class _Inline:
    """A place in the caller's own thread."""

    inside = False

    def __init__(self, desk: Desk[SqlStore]) -> None:
        self._desk = desk

    async def visit(self, work: Callable[[SqlStore], T]) -> T:
        return self._desk.visit(work)

    async def settle(self) -> None:
        self._desk.settle()

    async def take_over(self) -> None:
        self._desk.take_over()

    def stop(self) -> None:
        self._desk.close()


async def measure(folder: Path, updates: int) -> dict[str, list[Share]]:
    """Return the shares of a 确认分配 tap and of a number by reply, largest first."""
    calm_the_collector()
    made = await prepare(folder, WARM + updates)
    return {
        "确认分配 tap": await _shares(made, confirming(made)),
        "number by reply": await _shares(made, replying(made)),
    }


async def _shares(made: Prepared, raws: list[Raw]) -> list[Share]:
    bot, tree, profile = instant_bot(), routing(), cProfile.Profile()
    async with made.opened(made.copy("shares.sqlite3"), place=_inline) as house:
        feed = partial(tree.feed_raw_update, bot, house=house)
        for raw in raws[:WARM]:
            await feed(raw)
        profile.enable()
        for raw in raws[WARM:]:
            await feed(raw)
        profile.disable()
    return shares_of(pstats.Stats(profile))


async def _inline(open_desk: Callable[[], Desk[SqlStore]]) -> _Inline:
    await asyncio.sleep(0)
    return _Inline(open_desk())


def shares_of(stats: Any) -> list[Share]:
    """Sum up a profile; what is built in counts to who called it, SQLite's own calls to SQLite."""
    spent: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, callers) in stats.stats.items():
        if file != "~":
            spent[_whose(file)] += own
        elif "sqlite3." in name:
            spent["SQLite"] += own
        else:
            for (caller, _, _), (_, _, theirs, _) in callers.items():
                spent[_whose(caller)] += theirs
    whole = sum(spent.values())
    return [Share(whose, took / whole) for whose, took in spent.most_common()]


def _whose(file: str) -> str:
    _, installed, package = file.partition("site-packages/")
    if installed:
        return WHOSE.get(package.split("/")[0].removesuffix(".py"), "other libraries")
    if file.startswith(HERE):
        return "ours: " + file.removeprefix(HERE).strip("/").split("/")[0]
    return "Python's library"
