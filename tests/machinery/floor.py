"""The cast and the floor the machinery stands on in tests: two shops, bound, and their alerts."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx
from sqlmodel import SQLModel, create_engine

import core.tables
from bot.house import Database, House
from bot.screens.screen import CardRef, Screen
from core.entities import Alert, Member
from core.events import BindingConfirmed, BindingRequested, Event
from core.ids import key
from core.ports import Store
from core.services import Services
from core.values import Actor, ShipFrom
from playground.people import CHEN_XIN, DEFAULT_BOT, LIN_XIAOMAN, WANG_DALI, ZHAO_MIN
from playground.phone import Phone
from storage.errors import DatabaseBusy
from storage.store import SqlStore

T = TypeVar("T")

TOKEN = DEFAULT_BOT.token
BOT = DEFAULT_BOT.id
LIN = LIN_XIAOMAN.id
WANG = WANG_DALI.id
ZHAO = ZHAO_MIN.id
CHEN = CHEN_XIN.id
WHEN_STUCK = 10.0  # seconds after which a test that waits has failed


class Clock:
    """The store's clock; tests move it on instead of sleeping."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


BUSY = DatabaseBusy(Path("daifa.sqlite3"))


class Moody:
    """The house's database, except that its next `refusals` writes are refused.

    Until it `listens`, a write waits; until it `answers`, what was written is known to nobody.
    """

    def __init__(self, database: Database, refusals: int, error: Exception) -> None:
        self._database = database
        self._error = error
        self.refusals = refusals
        self.listens, self.answers = asyncio.Event(), asyncio.Event()
        self.listens.set()
        self.answers.set()

    async def read(self, work: Callable[[Store], T]) -> T:
        return await self._database.read(work)

    async def write(self, work: Callable[[Store], T]) -> T:
        if self.refusals:
            self.refusals -= 1
            raise self._error
        await self.listens.wait()
        written = await self._database.write(work)
        await self.answers.wait()
        return written


class TelegramClock:
    """The playground's clock: the real one, so many seconds ahead."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Shops:
    """林小满's merchant shop and 王大力's factory, and the binding between them."""

    merchant: Actor
    factory: Actor
    binding_id: int


@dataclass
class Playground:
    """The playground's address, its tester's side, and the phones."""

    url: str
    client: httpx.AsyncClient
    lin: Phone = field(init=False)
    wang: Phone = field(init=False)
    zhao: Phone = field(init=False)

    def __post_init__(self) -> None:
        self.lin = Phone(self.url, LIN, self.client)
        self.wang = Phone(self.url, WANG, self.client)
        self.zhao = Phone(self.url, ZHAO, self.client)

    async def breaks(self, kind: str, **facts: Any) -> None:
        fault = {"kind": kind, **facts}
        await self.client.post(f"{self.url}/api/faults", json={"faults": [fault]})

    async def heals(self) -> None:
        await self.client.delete(f"{self.url}/api/faults")

    async def calls(self, method: str) -> list[dict[str, Any]]:
        found = await self.client.get(f"{self.url}/api/calls", params={"method": method})
        calls: list[dict[str, Any]] = found.json()["calls"]
        return calls

    async def groups(self, title: str, creator: int) -> int:
        """Make a group of one person and the bot; return its id."""
        new = {"title": title, "creator": creator, "members": [BOT]}
        made = await self.client.post(f"{self.url}/api/groups", json=new)
        return int(made.json()["chat_id"])

    async def becomes_supergroup(self, group: int) -> int:
        made = await self.client.post(f"{self.url}/api/groups/{group}/supergroup")
        return int(made.json()["chat_id"])

    async def acknowledged(self, update_id: int, wait: float = 0) -> bool:
        url = f"{self.url}/api/updates/{update_id}"
        return bool((await self.client.get(url, params={"wait": wait})).json()["acknowledged"])


def make_tables(path: Path) -> None:
    assert core.tables.metadata is SQLModel.metadata
    engine = create_engine(f"sqlite:///{path}")
    SQLModel.metadata.create_all(engine)
    engine.dispose()


def open_shops(services: Services) -> Callable[[Store], Shops]:
    """Two shops and a confirmed binding; the alerts of that are not owed any more."""

    def work(store: Store) -> Shops:
        lin = key(services.accounts.meet(store, LIN, "林小满"))
        wang = key(services.accounts.meet(store, WANG, "王大力"))
        ship_from = ShipFrom("王大力", "13900000000", "浙江省义乌市")
        merchant = services.shops.open(store, lin, "merchant", "林记", ship_from)
        factory = services.shops.open(store, wang, "factory", "王厂", ship_from)
        one, other = Actor(lin, key(merchant)), Actor(wang, key(factory))
        binding = services.bindings.request(store, one, factory.number).binding
        services.bindings.confirm(store, other, key(binding))
        store.flush()
        while claimed := store.alerts.claim(50, store.now + timedelta(seconds=1), []):
            for alert in claimed:
                store.alerts.settle(key(alert), "sent")
            store.flush()
        return Shops(one, other, key(binding))

    return work


def render(store: Store, alert: Alert) -> Screen | None:
    """A screen naming the event and its number; `BindingWithdrawn` has nothing to say any more."""
    if alert.event == "BindingWithdrawn":
        return None
    card = CardRef("binding", alert.payload.get("binding_id", 0), alert.shop_id)
    return Screen(f"{alert.event} {alert.id}", card=card)


@dataclass
class Floor:
    """A house with both shops in it, and shortcuts to what tests look at."""

    house: House
    clock: Clock
    shops: Shops

    async def owes_factory(self, *events: Event) -> list[int]:
        """Owe the factory these events, or one request; return the alerts' ids."""
        return await self._owes(events or (self.request,), self.shops.factory.shop_id)

    async def owes_merchant(self, *events: Event) -> list[int]:
        answer = BindingConfirmed(self.shops.binding_id)
        return await self._owes(events or (answer,), self.shops.merchant.shop_id)

    @property
    def request(self) -> Event:
        return BindingRequested(self.shops.binding_id)

    async def _owes(self, events: tuple[Event, ...], shop_id: int) -> list[int]:
        def work(store: Store) -> list[int]:
            before = self._newest(store)
            store.emit_all(events, to=shop_id)
            return list(range(before + 1, self._newest(store) + 1))

        ids = await self.write(work)
        self.house.owed.set()
        return ids

    def _newest(self, store: Store) -> int:
        newest = 0
        while store.alerts.get(newest + 1) is not None:
            newest += 1
        return newest

    async def hires(self, telegram_id: int) -> None:
        """Make a person a member of the factory."""

        def work(store: Store) -> None:
            account = self.house.services.accounts.meet(store, telegram_id, "赵敏")
            cast("SqlStore", store).session.add(
                Member(
                    shop_id=self.shops.factory.shop_id,
                    account_id=key(account),
                    rank="staff",
                    joined_at=store.now,
                )
            )

        await self.write(work)

    async def alert(self, alert_id: int) -> Alert:
        found = await self.read(lambda store: store.alerts.get(alert_id))
        assert found is not None
        return found

    async def settled(self, alert_id: int) -> Alert:
        """The alert once it is no longer owed."""
        return await until(lambda: self.alert(alert_id), lambda alert: alert.state != "owed")

    async def postponed(self, alert_id: int) -> Alert:
        """The alert once it was tried and put off."""
        return await until(
            lambda: self.alert(alert_id),
            lambda alert: alert.attempts > 0 and alert.lease_until is None,
        )

    def moody(self, refusals: int, error: Exception = BUSY) -> House:
        """The same house over a database that refuses its next writes; as busy unless told."""
        return replace(self.house, database=Moody(self.house.database, refusals, error))

    async def read(self, work: Callable[[Store], T]) -> T:
        return await self.house.database.read(work)

    async def write(self, work: Callable[[Store], T]) -> T:
        return await self.house.database.write(work)


async def until(
    look: Callable[[], Awaitable[T]], good: Callable[[T], bool], stuck: float = WHEN_STUCK
) -> T:
    """Look until it is good; fails after `stuck` seconds."""
    async with asyncio.timeout(stuck):
        while not good(found := await look()):  # noqa: ASYNC110 - a database rings no bell
            await asyncio.sleep(0.01)
    return found
