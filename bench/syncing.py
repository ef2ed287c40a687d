"""Orders coming in from a platform: a linked shop's day, over the platform's own answering time.

The floor is the sandbox asked for the same pages and its answers thrown away, then the same rows
inserted by bare `sqlite3`, a transaction a page. Ours, then the floor, in turn, in one process.
"""

import asyncio
import gc
import resource
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

import httpx

import sandbox
from bench.figures import Row
from bench.house import Prepared, prepare
from bench.races import calm_the_collector
from core.platforms.facts import Grant
from core.platforms.syncing import EVERY
from core.ports import Store
from core.services import Services
from core.values import Rules
from platforms.calling import open_client
from platforms.doudian.calls import Doudian
from platforms.doudian.gateway import Gateway
from platforms.doudian.opening import DoudianSettings, open_doudian, read_doudian_values
from platforms.doudian.signing import App
from platforms.syncer import Syncer
from platforms.working import Renewing
from sandbox.cast import DOUDIAN_APP, SHOPS
from storage.database import Database
from storage.store import SqlStore

TABLES = ("orders", "order_line", "recipient", "outside_order", "audit")
LATELY = timedelta(minutes=28)  # so long they took to come: pages follow each other


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many orders, how often."""

    orders: int = 10_000
    rounds: int = 3


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one round, and kilobytes the process had grown by after it."""

    synced: float
    answered: float
    inserted: float
    grown: float


class Selling(NamedTuple):
    """The platform as the house asks it, and bare; and a shop's yes."""

    doudian: Doudian
    gateway: Gateway
    grant: Grant
    since: datetime  # before its first order


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the rows of the sync."""
    calm_the_collector()
    made = await prepare(folder, 1)
    async with _platform(folder, sizes.orders) as selling:
        rounds = [await _round(made, selling, sizes.orders) for _ in range(sizes.rounds)]
    floor = median(one.answered + one.inserted for one in rounds) * 1e3
    ours = median(one.synced for one in rounds) * 1e3
    what = f"{sizes.orders:,} orders of a platform synced"
    return [
        Row("sync", what, ours, floor, 3.0, "ms", f"{sizes.rounds} rounds"),
        Row("sync", "  the platform's answers alone",
            median(one.answered for one in rounds) * 1e3, unit="ms"),
        Row("sync", "  memory grown by after the last of the rounds, over the first",
            rounds[-1].grown, rounds[0].grown or None, unit="kB"),
    ]  # fmt: skip


@asynccontextmanager
async def _platform(folder: Path, orders: int) -> AsyncIterator[Selling]:
    """A sandbox with so many orders of one shop, and that shop's yes."""
    shop = next(one.id for one in SHOPS if one.platform == "doudian" and one.role == "merchant")
    config = sandbox.Config(state=folder / "sandbox.sqlite3")
    since = _now() - LATELY - timedelta(minutes=1)
    async with sandbox.start(config) as address, open_client() as client:
        async with httpx.AsyncClient(base_url=f"{address}/control", timeout=120) as operator:
            over = LATELY.total_seconds()
            new = {"shop": shop, "count": orders, "over": over, "quiet": True}
            (await operator.post("/orders", json=new)).raise_for_status()
            code = (await operator.post("/authorise", json={"shop": shop})).json()["code"]
        app = App(DOUDIAN_APP.key, DOUDIAN_APP.secret)
        settings = DoudianSettings(app, DOUDIAN_APP.service, f"{address}/doudian")
        values = read_doudian_values()
        doudian = open_doudian(settings, values, client)
        gateway = Gateway(app, values, client, settings.url)
        yield Selling(doudian, gateway, await doudian.granted(code), since)


async def _round(made: Prepared, selling: Selling, orders: int) -> Spent:
    gc.collect()
    path, services = made.copy("sync.sqlite3"), Services(Rules())
    async with made.database(path) as database:
        await database.write(lambda store: _link(services, made, store, selling))
        began = time.perf_counter()
        await _sync(database, services, selling.doudian)
        synced = time.perf_counter() - began
        there = await database.read(lambda store: store.counts(made.merchant.shop_id))
        assert there["unassigned"] >= orders
    began = time.perf_counter()
    await _ask(selling)
    answered = time.perf_counter() - began
    inserted = _insert(path, made.copy("floor.sqlite3"))
    return Spent(synced, answered, inserted, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _link(services: Services, made: Prepared, store: Store, selling: Selling) -> None:
    linking = services.platforms.linking
    word = linking.begin(store, made.merchant, "doudian")
    link = linking.finish(store, "doudian", word, selling.grant)
    link.synced_to = selling.since


async def _sync(database: Database[SqlStore], services: Services, doudian: Doudian) -> None:
    """Look at the platform until everything has been taken."""
    syncing, platforms = services.platforms.syncing, {"doudian": doudian}
    renewing, wrote = Renewing(database, syncing, _now), asyncio.Event()
    syncer = Syncer(database, platforms, renewing, syncing, told=lambda: None, now=_now)
    database.after_write(wrote.set)
    looking = asyncio.create_task(syncer.run())
    while not await database.read(_caught_up):
        wrote.clear()
        await wrote.wait()
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)


def _caught_up(store: Store) -> bool:
    """Nothing is left: the next look is a whole pause away from the last."""
    [link] = store.platforms.own(1)
    return link.ok_at is not None and link.due_at == link.ok_at + EVERY


async def _ask(selling: Selling) -> None:
    """Ask for the same pages; what was answered is thrown away."""
    start, now, most = int(selling.since.timestamp()), int(time.time()), selling.doudian.bounds
    for begins in range(start, now, int(most.window)):
        ends, page, full = min(begins + int(most.window), now), 0, True
        while full:
            asked = {
                "update_time_start": begins, "update_time_end": ends, "page": page,
                "size": most.page, "order_by": "update_time", "order_asc": True,
            }  # fmt: skip
            said = await selling.gateway.call("order/searchList", asked, selling.grant.access_token)
            full, page = len(said["shop_order_list"]) == most.page, page + 1


def _insert(full: Path, bare: Path) -> float:
    """Insert what came in into a database without it, a hundred orders a transaction."""
    with closing(sqlite3.connect(full)) as source, closing(sqlite3.connect(bare)) as target:
        target.execute("PRAGMA journal_mode = WAL")
        target.execute("PRAGMA synchronous = FULL")
        rows = {table: _new_rows(source, target, table) for table in TABLES}
        pages = max(1, len(rows["orders"]) // 100)
        began = time.perf_counter()
        for page in range(pages):
            with target:
                for table, some in rows.items():
                    size = -(-len(some) // pages)
                    part = some[page * size : (page + 1) * size]
                    marks = ",".join("?" * len(part[0])) if part else ""
                    if part:
                        target.executemany(f"INSERT INTO {table} VALUES({marks})", part)
        return time.perf_counter() - began


def _new_rows(
    source: sqlite3.Connection, target: sqlite3.Connection, table: str
) -> list[tuple[object, ...]]:
    there = set(target.execute(f"SELECT * FROM {table}"))
    return [row for row in source.execute(f"SELECT * FROM {table}") if row not in there]


def _now() -> datetime:
    return datetime.now(UTC)
