"""Every list and card at five million orders over its time at ten thousand.

Looked at as the screens look: whole visits of the real storage, in turn at both sizes. Places are
drawn all over the list, so that pages and cards come from anywhere in the file.
"""

import random
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

from bench.figures import Row, micros, middle
from bench.millions import Filled, fill
from bench.statements import Tape, recording
from core.columns import UtcDateTime
from core.entities import MerchantTab
from core.orders.narrowing import Conditions
from core.orders.views import Cursor
from core.ports import Store
from core.services import Services
from core.values import Actor, Rules
from storage.database import Database
from storage.keyring import Keyring
from storage.sealing import Sealer
from storage.store import SqlStore, store_maker

Look = Callable[[Store], object]
PAGE = 10
LARGE = (
    "orders", "order_line", "recipient", "assignment", "assignment_piece", "shipment",
    "shipment_piece", "audit", "alert",
)  # fmt: skip


class Sizes(NamedTuple):
    """How many orders in the small and in the large database, and how often each look."""

    small: int = 10_000
    large: int = 5_000_000
    rounds: int = 7
    looks: int = 30


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its name, and the looks at it (at other places of the list) it is tried with."""

    name: str
    looks: list[Look]


class Screens:
    """All screens over one database; `many` is how many places of a list are drawn."""

    def __init__(self, filled: Filled, raw: sqlite3.Connection, many: int) -> None:
        self.filled = filled
        self.raw = raw
        self.many = many
        self._use = Services(Rules())
        self._random = random.Random(1)

    def all(self) -> list[Screen]:
        """Return every list, count and card of both roles."""
        return [*self._merchants(), *self._factories()]

    def _merchants(self) -> list[Screen]:
        use, me = self._use, self.filled.merchant
        tabs: tuple[MerchantTab, ...] = ("unassigned", "to_ship", "shipped", "stopped")
        screens = [Screen("merchant: menu", [lambda s: self._menu(s, me)])]
        for tab in tabs:
            screens += [
                Screen(f"merchant: {tab}, first page", [self._orders(tab, None)]),
                Screen(
                    f"merchant: {tab}, a page within",
                    [self._orders(tab, one) for one in self._within("orders", "merchant_id", tab)],
                ),
            ]
        ids = [row[1] for tab in tabs for row in self._drawn("orders", "merchant_id", tab)]
        self._random.shuffle(ids)
        numbers = [self._one("SELECT order_no FROM orders WHERE id = ?", one) for one in ids]
        return [
            *screens,
            Screen("merchant: order card", [_of(use.listing.order, me, one) for one in ids]),
            *(
                Screen(f"merchant: find by {what}", [_of(use.finding.orders, me, n) for n in texts])
                for what, texts in self._findable(ids, numbers)
            ),
            *self._narrowed(),
            Screen("merchant: order history", [_of(use.past.of_order, me, one) for one in ids]),
            Screen("merchant: bound factories", [lambda s: use.bindings.page(s, me, 0, PAGE)]),
            Screen("merchant: binding card", [_of(use.bindings.view, me, self._binding())]),
        ]

    def _narrowed(self) -> list[Screen]:
        """Return pages under a filter: one that many orders match, some, and none at all.

        In the longest list, so that both sizes walk as far as a page ever does.
        """
        me = self.filled.merchant
        asked = {
            "common": Conditions(province="浙江"),
            "of a factory": Conditions(self.filled.factory.shop_id, code="B-1"),
            "matching nothing": Conditions(province="西藏", code="none"),
        }
        within = [None, *self._within("orders", "merchant_id", "shipped")]
        return [
            Screen(f"merchant: filter {name}", [_page_of(me, one, here) for here in within])
            for name, one in asked.items()
        ]

    def _findable(self, ids: list[int], numbers: list[str]) -> list[tuple[str, list[str]]]:
        """Return what people have in hand of these orders, by what it is."""
        tags = "SELECT tag FROM assignment WHERE merchant_id = ? ORDER BY id DESC LIMIT ?"
        rows = self.raw.execute(tags, (self.filled.merchant.shop_id, self.many)).fetchall()
        return [
            ("number", numbers),
            ("end of a number", [one[-8:] for one in numbers]),
            ("tag", [row[0] for row in rows]),
            ("tracking number", [f"SF{one:013d}" for one in ids]),
            ("product code", ["c-330", "B-1", "none"]),
        ]

    def _factories(self) -> list[Screen]:
        use, me = self._use, self.filled.factory
        screens = [Screen("factory: menu", [lambda s: self._menu(s, me)])]
        for tab in ("to_ship", "changed", "shipped"):
            screens += [
                Screen(f"factory: {tab}, first page", [self._assignments(tab, None)]),
                Screen(
                    f"factory: {tab}, a page within",
                    [
                        self._assignments(tab, one)
                        for one in self._within("assignment", "factory_id", tab)
                    ],
                ),
            ]
        ids = [
            row[1]
            for tab in ("to_ship", "changed", "shipped")
            for row in self._drawn("assignment", "factory_id", tab)
        ]
        self._random.shuffle(ids)
        return [
            *screens,
            Screen("factory: order card", [_of(use.listing.assignment, me, one) for one in ids]),
            Screen("factory: bound merchants", [lambda s: use.bindings.page(s, me, 0, PAGE)]),
            Screen("factory: binding card", [_of(use.bindings.view, me, self._binding())]),
        ]

    def _menu(self, store: Store, me: Actor) -> object:
        return self._use.accounts.shops(store, me.account_id), store.counts(me.shop_id)

    def _orders(self, tab: MerchantTab, cursor: Cursor | None) -> Look:
        use, me = self._use, self.filled.merchant

        def look(store: Store) -> object:
            counts = use.listing.counts(store, me)
            return counts, use.filtering.page(store, me, tab, cursor)

        return look

    def _assignments(self, tab: str, cursor: Cursor | None) -> Look:
        use, me = self._use, self.filled.factory

        def look(store: Store) -> object:
            counts = use.listing.counts(store, me)
            return counts, use.listing.assignments(store, me, tab, cursor)

        return look

    def _within(self, table: str, owner: str, tab: str) -> list[Cursor]:
        """Return cursors all over a tab; each second one looks back."""
        to_time = UtcDateTime().process_result_value
        dialect: Any = _Sqlite
        return [
            Cursor(cast("Any", to_time(at, dialect)), row_id, backward=bool(n % 2))
            for n, (at, row_id) in enumerate(self._drawn(table, owner, tab))
        ]

    def _drawn(self, table: str, owner: str, tab: str) -> list[tuple[int, int]]:
        """Draw rows of a tab, from anywhere in it."""
        shop = self.filled.merchant if owner == "merchant_id" else self.filled.factory
        at, where = ("sort_at", "tab = ?") if tab != "changed" else ("changed_at", "? AND 1")
        value: Any = tab if tab != "changed" else 1
        rows = self.raw.execute(
            f"SELECT {at}, id FROM {table} WHERE {owner} = ? AND {where} AND {at} IS NOT NULL",
            (shop.shop_id, value),
        ).fetchall()
        return self._random.sample(rows, min(self.many, len(rows)))

    def _binding(self) -> int:
        me, other = self.filled.merchant.shop_id, self.filled.factory.shop_id
        sql = "SELECT id FROM binding WHERE merchant_id = ? AND factory_id = ?"
        return int(self._one(sql, me, other))

    def _one(self, sql: str, *values: Any) -> Any:
        return self.raw.execute(sql, values).fetchone()[0]


class _Sqlite:
    """What `UtcDateTime` asks of a dialect."""

    name = "sqlite"


def _page_of(me: Actor, asked: Conditions, here: Cursor | None) -> Look:
    return lambda store: store.orders.narrowed_page(me.shop_id, "shipped", asked, here, PAGE)


def _of(case: Callable[..., object], me: Actor, what: Any) -> Look:
    return lambda store: case(store, me, what)


async def measure(folder: Path, sizes: Sizes) -> tuple[list[Row], list[str]]:
    """Return the rows, and the plans of statements that read a large table from end to end."""
    keys = folder / "keys.json"
    rows: list[Row] = []
    async with AsyncExitStack() as stack:
        small, large = [
            (filled, await stack.enter_async_context(_opened(filled.path, keys)))
            for filled in [await fill(folder, keys, n) for n in (sizes.small, sizes.large)]
        ]
        raws = [
            stack.enter_context(closing(sqlite3.connect(filled.path)))
            for filled, _ in (small, large)
        ]
        many = sizes.looks
        pairs = zip(
            Screens(small[0], raws[0], many).all(), Screens(large[0], raws[1], many).all(),
            strict=True,
        )  # fmt: skip
        screens = list(pairs)
        for one, other in screens:
            rows.append(await _compare(one, other, small[1], large[1], sizes))
        plans = await _scans([other for _, other in screens], *large)
    return rows, plans


@asynccontextmanager
async def _opened(path: Path, keys: Path) -> AsyncIterator[Database[SqlStore]]:
    async with Database.open(path, store_maker(Sealer(Keyring.load(keys)))) as database:
        yield database


async def _compare(
    small: Screen, large: Screen, at_small: Database[SqlStore], at_large: Database[SqlStore],
    sizes: Sizes,
) -> Row:  # fmt: skip
    times: dict[str, list[list[float]]] = {"small": [], "large": []}
    for n in range(1 + sizes.rounds):  # the first round only warms
        for name, screen, database in (
            ("small", small, at_small), ("large", large, at_large),
        ):  # fmt: skip
            took = []
            for i in range(sizes.looks):
                look = screen.looks[i % len(screen.looks)]
                start = time.perf_counter()
                await database.read(look)
                took.append(time.perf_counter() - start)
            if n:
                times[name].append(took)
    return Row(
        "lists", large.name, micros(middle(times["large"])), micros(middle(times["small"])), 2.0,
        measured=f"{sizes.rounds} × {sizes.looks}; {sizes.large:,} over {sizes.small:,} orders",
    )  # fmt: skip


async def _scans(screens: list[Screen], filled: Filled, database: Database[SqlStore]) -> list[str]:
    """Return each statement that scans a large table, with its plan."""
    found: dict[str, str] = {}
    with recording() as tapes:
        for screen in screens:
            tapes.append(Tape())
            await database.read(screen.looks[0])
    for screen, tape in zip(screens, tapes, strict=True):
        for one in tape.statements:
            plan = scans_in(filled.path, one.sql, one.values)
            if plan:
                found[one.sql] = f"{screen.name}: {one.sql}\n    {plan}"
    return list(found.values())


def scans_in(path: Path, sql: str, values: Any) -> str:
    """Return the plan of a query that reads a large table from end to end, else nothing."""
    if not sql.startswith("SELECT"):
        return ""
    with closing(sqlite3.connect(path)) as raw:
        plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    scans = any(step.split()[:2] == ["SCAN", name] for step in plan for name in LARGE)
    return "\n    ".join(plan) if scans else ""
