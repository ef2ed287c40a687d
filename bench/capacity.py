"""`python -m bench.capacity`: what an act costs in processor time, here and in the database.

docs/scale.md is written from it. Processor time, of all threads and of every process of the server,
is what capacity follows from: unlike the clock it hardly moves when others use the machine. A file
and a server hold the same house. Then sixteen people press at once, by the clock.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psutil
from sqlalchemy import URL

from bench import servers
from bench.house import BOT_ID, NEW_ORDERS, Prepared, bring, prepare
from bench.printing import machine
from bench.races import calm_the_collector
from bench.taps import Raw, confirming, replying
from bench.telegram import instant_bot
from bot.dispatcher import routing
from bot.house import House
from core.ports import Store
from core.services import Services
from core.values import Rules
from storage.keyring import Keyring
from storage.moving.mover import move
from storage.postgres import open_server
from storage.sealing import Sealer
from storage.store import store_maker

AT_ONCE = 16
WARM = 60


class Sizes(NamedTuple):
    """How many of each, and in how many rounds."""

    acts: int = 300
    rounds: int = 5
    orders: int = 1_000

    @property
    def taps(self) -> int:
        """Return how many drafts are confirmed: one by one, and by sixteen."""
        return WARM + self.acts * (1 + self.rounds)


class Cost(NamedTuple):
    """Microseconds of processor time of one act: our process's, the server's; and by the clock."""

    ours: float
    servers: float
    clock: float


class Scene(NamedTuple):
    """A house, and what its database's own processes have spent so far, in seconds."""

    name: str
    house: House
    spent: Callable[[], float]


async def measure(folder: Path, sizes: Sizes, tell: Callable[[str], object]) -> None:
    """Measure everything on a file, on a server, and on one whose events programs follow."""
    calm_the_collector()
    made = await prepare(folder, sizes.taps)
    async with made.opened(made.copy("file.sqlite3")) as house:
        await _scene(Scene("file", house, lambda: 0.0), made, sizes, tell)
    with servers.booted(folder) as server:
        await servers.told(server, "CREATE DATABASE moved")
        url = server.set(database="moved")
        await move(made.copy("moved.sqlite3"), url, lambda _: None)
        await servers.told(url, "VACUUM ANALYZE")
        for name, followed in (("server", False), ("server, events followed", True)):
            async with _served(made, await servers.copied(url, "copy")) as (house, spent):
                if followed:
                    await house.database.write(partial(_follow, made))
                await _scene(Scene(name, house, spent), made, sizes, tell)


@asynccontextmanager
async def _served(made: Prepared, url: URL) -> AsyncIterator[tuple[House, Callable[[], float]]]:
    async with servers.connected(url) as raw:
        server = psutil.Process(await raw.fetchval("SELECT pg_backend_pid()")).parent()
    assert server is not None
    async with open_server(url, store_maker(Sealer(Keyring.load(made.keys)))) as database:
        yield House(database, Services(Rules()), BOT_ID, "daifa_bot"), partial(_spent, server)


def _follow(made: Prepared, store: Store) -> None:
    """Give programs of both shops a key: from now on their events are fed."""
    for one in (made.merchant, made.factory):
        Services(Rules()).programs.keys.make(store, one, "bench", ("read",))


def _spent(server: psutil.Process) -> float:
    """Return the processor time of a server and of all it has started, ended ones too."""
    own = server.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in server.children():
        times = child.cpu_times()
        total += times.user + times.system
    return float(total)


async def _scene(scene: Scene, made: Prepared, sizes: Sizes, tell: Callable[[str], object]) -> None:
    feed = partial(routing().feed_raw_update, instant_bot(), house=scene.house)
    taps, replies = confirming(made), _later(replying(made)[: WARM + sizes.acts])
    one_by_one, several = taps[: WARM + sizes.acts], taps[WARM + sizes.acts :]
    for what, raws in (("确认分配 tap", one_by_one), ("number by reply", replies)):
        await _all(feed, raws[:WARM])
        tell(_words(scene, what, await _cost(scene, partial(_all, feed, raws[WARM:]), sizes.acts)))
    database, orders = scene.house.database, range(NEW_ORDERS, NEW_ORDERS + sizes.orders)
    brings = partial(bring, scene.house.services, merchant=made.merchant, numbers=orders)
    cost = await _cost(scene, lambda: database.write(brings), sizes.orders)
    tell(_words(scene, f"order of an import of {sizes.orders:,}", cost))
    rounds = [several[n : n + sizes.acts] for n in range(0, len(several), sizes.acts)]
    costs = [await _cost(scene, partial(_sixteen, feed, one), len(one)) for one in rounds]
    middle = sorted(costs, key=lambda one: one.clock)[len(costs) // 2]
    tell(_words(scene, f"确认分配 tap, {AT_ONCE} at once", middle))


def _later(raws: Sequence[Raw]) -> list[Raw]:
    """Give updates numbers of their own: a repeated one changes nothing."""
    return [{**raw, "update_id": raw["update_id"] + 10**6} for raw in raws]


async def _cost(scene: Scene, work: Callable[[], Awaitable[object]], many: int) -> Cost:
    clock, own, others = time.perf_counter(), time.process_time(), scene.spent()
    await work()
    spent = time.process_time() - own, scene.spent() - others, time.perf_counter() - clock
    return Cost(*(one / many * 1e6 for one in spent))


async def _all(feed: Callable[[Raw], Awaitable[object]], raws: Sequence[Raw]) -> None:
    for raw in raws:
        await feed(raw)


async def _sixteen(feed: Callable[[Raw], Awaitable[object]], raws: Sequence[Raw]) -> None:
    left = list(raws)

    async def work() -> None:
        while left:
            await feed(left.pop())

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


def _words(scene: Scene, what: str, cost: Cost) -> str:
    return (
        f"| {scene.name} | {what} | {cost.ours:,.0f} µs | {cost.servers:,.0f} µs "
        f"| {1e6 / (cost.ours + cost.servers):,.0f} | {1e6 / cost.clock:,.0f} |"
    )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    parser.add_argument("--folder", type=Path, default=None, help="where databases are made")
    given = parser.parse_args()
    sizes = Sizes(acts=20, rounds=1, orders=20) if given.quick else Sizes()
    with tempfile.TemporaryDirectory(prefix="daifa-capacity-", dir=given.folder) as own:
        print(
            "| where | an act | ours | the server's | a core, a second | by the clock, a second |"
        )
        print("|---|---|---|---|---|---|")
        asyncio.run(measure(Path(own), sizes, partial(print, flush=True)))
        print(machine(Path(own).parent), f"Process {os.getpid()}.")


if __name__ == "__main__":
    main()
