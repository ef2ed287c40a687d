"""Databases with very many orders, made by set-based SQL: the use cases would take hours."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from bench.house import sample_ship_from
from core.entities import Role
from core.ids import key
from core.ports import Store
from core.services import Services
from core.values import Actor, Rules
from storage.database import Database
from storage.keyring import Keyring
from storage.migrate import upgrade
from storage.sealing import Sealer
from storage.store import store_maker

MERCHANTS = 5
STEP = timedelta(seconds=30)  # between two orders
BYTES = 1_900  # an order takes with everything about it
SPARE = 2_000_000_000  # bytes of memory left to the rest
SCRIPT = Path(__file__).parent / "orders.sql"


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled database: its size, its file, and the two shops with most of the orders.

    `usual` are two of the others, which have a few each.
    """

    orders: int
    path: Path
    merchant: Actor
    factory: Actor
    usual: tuple[Actor, Actor]


async def fill(folder: Path, keys: Path, orders: int, merchants: int = MERCHANTS) -> Filled:
    """Make a database of `orders` orders, of some merchants and many factories.

    Five million take 9 GB and some minutes. Raises `RuntimeError` where there is no room for them.
    """
    _refuse_small(folder, orders * BYTES)
    path = folder / f"orders{orders}.sqlite3"
    factories = max(4, min(200, orders // 500))
    upgrade(path)
    services = Services(Rules())
    make_store = store_maker(Sealer(Keyring.load_or_create(keys)))

    def shops(store: Store) -> list[Actor]:
        roles: list[Role] = ["merchant"] * merchants
        roles += ["factory"] * factories
        return [_open(services, store, 1001 + n, role) for n, role in enumerate(roles)]

    async with Database.open(path, make_store) as database:
        actors = await database.write(shops)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        _insert(raw, orders, merchants, factories)
    usual = actors[1], actors[merchants + 1]
    return Filled(orders, path, actors[0], actors[merchants], usual)


def _refuse_small(folder: Path, needed: int) -> None:
    """Raise unless there is room; what is kept in memory must also leave some of it."""
    free = shutil.disk_usage(folder).free
    if folder.is_relative_to("/dev/shm"):
        free = min(free, psutil.virtual_memory().available - SPARE)
    if free < needed:
        raise RuntimeError(
            f"{folder} has room for {max(free, 0) / 1e9:.0f} GB, and {needed / 1e9:.0f} GB are "
            "needed: give a folder on a larger disk with --folder"
        )


def _open(services: Services, store: Store, telegram_id: int, role: Role) -> Actor:
    account = services.accounts.meet(store, telegram_id, "林")
    name = f"{role}{telegram_id}"
    shop = services.shops.open(store, key(account), role, name, sample_ship_from())
    return Actor(key(account), key(shop))


def _insert(raw: sqlite3.Connection, orders: int, merchants: int, factories: int) -> None:
    """Run the script with the indexes taken away, and build them at the end."""
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
        raw.execute(f"PRAGMA {pragma}").close()
    indexes = raw.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        raw.execute(f"DROP INDEX {name}")
    raw.execute("CREATE TEMP TABLE given (orders, merchants, factories, since, step)")
    since = datetime.now(UTC) - orders * STEP
    micros = (since - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    raw.execute(
        "INSERT INTO given VALUES (?, ?, ?, ?, ?)",
        (orders, merchants, factories, micros, STEP // timedelta(microseconds=1)),
    )
    raw.executescript(SCRIPT.read_text("utf-8"))
    for _, sql in indexes:
        raw.execute(sql)
    raw.execute("PRAGMA journal_mode = WAL").close()


def broken(path: Path) -> list[str]:
    """Return what is wrong with the made-up data: rows that point nowhere, counts that lie."""
    with closing(sqlite3.connect(path)) as raw:
        wrong = [str(row) for row in raw.execute("PRAGMA foreign_key_check").fetchmany(5)]
        counted = raw.execute(
            "SELECT sum(n) FROM counter WHERE name IN ('unassigned', 'stopped')"
        ).fetchone()[0]
        found = raw.execute(
            "SELECT count(*) FROM orders WHERE tab IN ('unassigned', 'stopped')"
        ).fetchone()[0]
    return [*wrong, *([] if counted == found else [f"counters say {counted}, there are {found}"])]
