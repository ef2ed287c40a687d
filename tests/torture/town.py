"""A busy company and everything around its house: phones, platforms, programs; and what it plans.

Nobody here knows that the house dies. Each order has a plan from its first moment, by which the
reckoning later tells whether the house did what was asked, once.
"""

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

import httpx
from sqlmodel import col, select

from app.building import open_database
from app.sandboxed import introduce, sandboxed
from core.entities import Member, Shop
from core.ids import key
from core.programs.keys import SCOPES
from core.services import Services
from core.values import Actor, Rules
from platforms.calling import open_client
from platforms.doudian.opening import DoudianSettings, open_doudian, read_doudian_values
from platforms.doudian.signing import App
from platforms.kuaishou.opening import KuaishouSettings, open_kuaishou, read_kuaishou_values
from platforms.port import Platform
from playground.config import Config
from playground.phone import Phone
from playground.server import running as playground_running
from sandbox.cast import DOUDIAN_APP
from storage.database import Database
from storage.store import SqlStore
from tests.api.receiving import Receiver, receiving
from tests.cast import LIN_XIAOMAN, WANG_DALI, ZHAO_MIN, Clock, Stage
from tests.platforms.conftest import KUAISHOU
from tests.platforms.town import Town as Linked
from tests.sandbox.conftest import KS_MERCHANT, MERCHANT, Operator
from tests.torture.house import House
from tests.torture.reading import Reader, address_of

FACTORIES: Final = (WANG_DALI, ZHAO_MIN)
WHAT: Final = ("ship", "ship", "accept and ship", "accept", "decline", "take back", "leave")
MOST_OPEN: Final = 12  # orders somebody is still to act on: nobody runs ahead of the others
# Every message takes its time, so that a kill falls between a message and its receipt.
SLOW: Final = [
    {"kind": "latency", "method": "sendMessage", "seconds": 0.12},
    {"kind": "latency", "method": "sendDocument", "seconds": 0.12},
    {"kind": "latency", "method": "editMessageText", "seconds": 0.05},
]
Make = Callable[[Path, str, str], House]
SLOW_THERE: Final = (
    "order.logisticsAddMultiPack", "iop.waybillReturn", "iop.sellerDistribute",
    "open.seller.order.goods.deliver",
)  # fmt: skip


@dataclass
class Plan:
    """What becomes of one order: told by `door`, handed to `factory`; `note` is the last remark."""

    number: str
    what: str
    factory: int
    door: str
    parcel: str
    note: str | None = None


@dataclass
class Town:
    """Who does what with which order, and how far they are."""

    rng: random.Random
    house: House
    stage: Stage
    operator: Operator
    receiver: Receiver
    numbers: list[str]
    tokens: dict[str, str]
    plans: dict[str, Plan] = field(default_factory=dict)
    desks: tuple[asyncio.Queue[Plan | None], ...] = field(
        default_factory=lambda: (asyncio.Queue(), asyncio.Queue())
    )
    printing: asyncio.Queue[tuple[int, Plan] | None] = field(default_factory=asyncio.Queue)
    calls: list[dict[str, Any]] = field(default_factory=list)
    over: bool = False
    open: int = 0
    deeds: int = 0
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    @cached_property
    def reader(self) -> Reader:
        return Reader(address_of(self.house.settings))

    @property
    def merchant(self) -> Phone:
        return self.stage.phone(LIN_XIAOMAN)

    def buys(self, door: str, numbers: list[str], factory: int | None = None) -> list[Plan]:
        """Somebody has bought something: draw what becomes of it."""
        made = []
        for number in numbers:
            n = len(self.plans) + 1
            where = self.rng.randrange(2) if factory is None else factory
            plan = Plan(number, self.rng.choice(WHAT), where, door, f"YT88{n:011d}")
            self.plans[number] = plan
            made.append(plan)
        self.open += len(made)
        return made

    async def did(self, orders: int = 0) -> None:
        """Somebody has done something, and with so many orders all there is to do."""
        async with self.moved:
            self.deeds += 1
            self.open -= orders
            self.moved.notify_all()

    async def calm(self) -> None:
        """Wait until the others are not too far behind."""
        async with self.moved:
            await self.moved.wait_for(lambda: self.open < MOST_OPEN or self.over)

    async def closes(self) -> None:
        """Nobody begins anything new any more; what was begun is brought to its end."""
        self.over = True
        async with self.moved:
            self.moved.notify_all()

    async def has_moved(self, deeds: int, patience: float) -> None:
        """Wait until so many more things were done, but no longer than that."""
        reached = self.deeds + deeds
        try:
            async with asyncio.timeout(patience), self.moved:
                await self.moved.wait_for(lambda: self.deeds >= reached)
        except TimeoutError:
            return

    async def rows(self, question: str, **values: object) -> list[tuple[Any, ...]]:
        """Look into the house's database."""
        return await self.reader.rows(question, **values)

    async def hears(self) -> None:
        """Keep what the bot has called since: the playground keeps the newest few thousand."""
        after = self.calls[-1]["n"] if self.calls else 0
        heard = await self.stage.client.get(
            f"{self.stage.address}/api/calls", params={"after": after}
        )
        self.calls += heard.json()["calls"]


@asynccontextmanager
async def opened(
    folder: Path, begun: tuple[Path, list[str]], rng: random.Random, make: Make = House
) -> AsyncIterator[Town]:
    """Open the company of the first day: its house stands still, everything around it runs.

    `make` builds the house in its folder, given the addresses of Telegram and of the platforms.
    """
    shutil.copytree(begun[0], folder, dirs_exist_ok=True)
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(
            playground_running(Config(data=folder / "telegram", webhook_retry=0.1))
        )
        platforms = await stack.enter_async_context(sandboxed(folder / "sandbox.sqlite3"))
        limits = httpx.Limits(keepalive_expiry=None)
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=60, limits=limits))
        receiver = await stack.enter_async_context(receiving())
        operator = Operator(platforms, client)
        house = make(folder, telegram, platforms)
        await introduce(platforms, house.address)
        tokens = await _prepare(house, operator, receiver, begun[1])
        for method in SLOW_THERE:
            await operator.fault("slow", method=method, seconds=0.05)
        await client.post(f"{telegram}/api/faults", json={"faults": SLOW})
        # The house lives elsewhere: of the stage only what people do is used.
        stage = Stage(telegram, client, cast("Any", None), Clock(), house.settings)
        for person in (LIN_XIAOMAN, *FACTORIES):
            await stage.phone(person).catches_up()
        yield Town(rng, house, stage, operator, receiver, begun[1][1:], tokens)


async def _prepare(
    house: House, operator: Operator, receiver: Receiver, numbers: list[str]
) -> dict[str, str]:
    """Bind the second factory, make the programs' keys, link shops; returns the keys."""
    services = Services(Rules(webhooks_private=True))
    async with open_database(house.settings) as database, open_client() as http:
        merchant, factory, other = [await _owner(database, one) for one in numbers]

        def bind(store: SqlStore) -> None:
            view = services.bindings.request(store, merchant, numbers[2])
            services.bindings.confirm(store, other, key(view.binding))

        await database.write(bind)
        keys, tokens = services.programs.keys, {}
        for name, who in (("erp", merchant), ("print", factory)):
            scopes = SCOPES["merchant" if who is merchant else "factory"]
            make = _make(keys.make, who, name, scopes)
            tokens[name] = (await database.write(make)).token
        webhooks = services.programs.webhooks
        made = await database.write(lambda store: webhooks.add(store, factory, receiver.url))
        receiver.secret = made.secret
        for platform, shop in _platforms(operator.url, http):
            linked = Linked(
                database, services, platform, operator, merchant, factory, numbers[1], house.folder
            )
            await linked.links(shop)
            if shop == MERCHANT:
                await linked.links_factory()
    return tokens


def _make(work: Callable[..., Any], *values: Any) -> Callable[[SqlStore], Any]:
    return lambda store: work(store, *values)


async def _owner(database: Database[SqlStore], number: str) -> Actor:
    def find(store: SqlStore) -> Actor:
        member = store.session.scalars(
            select(Member)
            .join(Shop, col(Shop.id) == col(Member.shop_id))
            .where(col(Shop.number) == number, col(Member.left_at).is_(None))
        ).one()
        return Actor(member.account_id, member.shop_id)

    return await database.read(find)


def _platforms(url: str, http: Any) -> list[tuple[Platform, int]]:
    doudian = DoudianSettings(App(DOUDIAN_APP.key, DOUDIAN_APP.secret), "1", f"{url}/doudian")
    kuaishou = KuaishouSettings(KUAISHOU, f"{url}/kuaishou", f"{url}/kuaishou/oauth/authorize")
    return [
        (open_doudian(doudian, read_doudian_values(), http), MERCHANT),
        (open_kuaishou(kuaishou, read_kuaishou_values(), http), KS_MERCHANT),
    ]
