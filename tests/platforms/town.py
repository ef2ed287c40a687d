"""A merchant with a shop on a platform, a factory, and who talks to the platform for them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import SQLModel, select

from core.entities import Order, PlatformCall, PlatformLink, Role
from core.ids import key
from core.orders.notes import notes_of
from core.services import Services
from core.values import Actor, OrderNotes, Rules
from platforms.port import Platform
from platforms.syncer import Syncer
from platforms.teller import Teller
from platforms.working import Renewing
from storage.database import Database
from storage.keyring import Keyring
from storage.sealing import Sealer
from storage.store import SqlStore, store_maker
from tests.core.firm import SHIP_FROM
from tests.fresh import fresh_database
from tests.sandbox.conftest import FACTORY, MERCHANT, Operator
from tests.waiting import PATIENCE, Bell

T = TypeVar("T")
E = TypeVar("E", bound=SQLModel)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Town:
    """`merchant` and `factory` are bound. Whoever talks to the platform runs between `opens`."""

    database: Database[SqlStore]
    services: Services
    platform: Platform
    operator: Operator
    merchant: Actor
    factory: Actor
    number: str
    folder: Path
    link_id: int = 0
    bell: Bell = field(init=False)

    def __post_init__(self) -> None:
        self.bell = Bell(self.database)

    async def does(self, work: Callable[..., T], *values: Any, **named: Any) -> T:
        """Run one use case in one transaction."""
        return await self.database.write(lambda store: work(store, *values, **named))

    async def notes(self, order: Order) -> OrderNotes:
        """Return an order's notes as they were written."""
        return await self.database.read(lambda store: notes_of(store, order))

    async def all(self, entity: type[E]) -> list[E]:
        return await self.database.read(
            lambda store: list(store.session.scalars(select(entity)).all())
        )

    async def orders(self) -> dict[str, Order]:
        return {one.order_no: one for one in await self.all(Order)}

    async def calls(self) -> list[tuple[str, str, str]]:
        return [(one.kind, one.state, one.why) for one in await self.all(PlatformCall)]

    async def link(self) -> PlatformLink:
        return next(one for one in await self.all(PlatformLink) if one.id == self.link_id)

    async def links(self, shop: int = MERCHANT, who: Actor | None = None) -> int:
        """Link a shop of the platform, as the page a merchant comes back to does."""
        linking = self.services.platforms.linking
        word = await self.does(linking.begin, who or self.merchant, self.platform.name)
        code = (await self.operator.post("authorise", shop=shop))["code"]
        grant = await self.platform.granted(code)
        role = await self.platform.role(grant.access_token)
        link_id = key(await self.does(linking.finish, self.platform.name, word, grant, role))
        self.link_id = link_id if role == "merchant" else self.link_id
        return link_id

    async def links_factory(self) -> int:
        """The factory links its shop there too, and is asked with whom it is bound."""
        return await self.links(FACTORY, self.factory)

    async def until(self, holds: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
        """Wait until it holds."""
        await self.bell.until(holds, patience)

    async def partnered(self) -> None:
        """Wait until it is known who is bound on the platform to the shop linked last."""

        async def known() -> bool:
            return (await self.link()).partners_at is not None

        await self.until(known)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Somebody looks at platforms and tells them, until the block ends."""
        async with talk(self.database, self.services, self.platform):
            yield


@asynccontextmanager
async def talk(
    database: Database[SqlStore], services: Services, platform: Platform
) -> AsyncIterator[None]:
    """Look at the platform and tell it, until the block ends."""
    platforms = {platform.name: platform}
    renewing = Renewing(database, services.platforms.syncing, now)
    syncer = Syncer(
        database, platforms, renewing, services.platforms.syncing, told=lambda: None, now=now
    )
    teller = Teller(
        database, platforms, renewing, services.platforms.telling, told=lambda: None, now=now
    )
    database.after_write(syncer.wake)
    database.after_write(teller.wake)
    tasks = [asyncio.create_task(syncer.run()), asyncio.create_task(teller.run())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def began_lately(store: SqlStore, link_id: int) -> None:
    """The shop was linked an hour and a half ago: three windows, each of them full."""
    store.session.get_one(PlatformLink, link_id).synced_to = store.now - timedelta(minutes=90)


@asynccontextmanager
async def founded(folder: Path, platform: Platform, operator: Operator) -> AsyncIterator[Town]:
    """A database file with the two shops, bound; nothing is linked yet."""
    path = folder / "daifa.sqlite3"
    fresh_database(path)
    sealer = Sealer(Keyring.load_or_create(folder / "keys.json"))
    services = Services(Rules())

    def opens(store: SqlStore, name: Role, telegram_id: int) -> tuple[Actor, str]:
        account = services.accounts.meet(store, telegram_id, name)
        shop = services.shops.open(store, key(account), name, name, SHIP_FROM)
        return Actor(key(account), key(shop)), shop.number

    async with Database.open(path, store_maker(sealer)) as database:
        merchant, _ = await database.write(lambda store: opens(store, "merchant", 1001))
        factory, number = await database.write(lambda store: opens(store, "factory", 2001))
        town = Town(database, services, platform, operator, merchant, factory, number, folder)
        view = await town.does(services.bindings.request, merchant, number)
        await town.does(services.bindings.confirm, factory, key(view.binding))
        yield town
