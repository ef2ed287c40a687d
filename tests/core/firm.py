"""A merchant and a factory over a real database file: the least a use case needs around it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session, col, select

from core.entities import Alert, Assignment, Order, Role
from core.entities.order import AfterSale
from core.ids import key
from core.imports.importing import ImportPreview
from core.imports.incoming import IncomingLine, IncomingOrder, IncomingRecipient, OrderStatus, Sheet
from core.orders.notes import notes_of
from core.services import Services
from core.values import Actor, OrderNotes, Rules, ShipFrom
from storage.database import Database
from storage.keyring import Keyring
from storage.postgres import open_server
from storage.sealing import Sealer
from storage.store import SqlStore, store_maker
from tests.fresh import fresh_database
from tests.server import server_database

T = TypeVar("T")

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in China
SHIP_FROM = ShipFrom("林小满", "13800001111", "浙江省 金华市 义乌市 稠州路 88 号")


@dataclass
class Watch:
    """A clock that stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def moves(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Firm:
    """`merchant` and `factory` act for two bound shops."""

    database: Database[SqlStore]
    services: Services
    watch: Watch
    people: dict[str, Actor] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def merchant(self) -> Actor:
        return self.people["merchant"]

    @property
    def factory(self) -> Actor:
        return self.people["factory"]

    async def does(self, work: Callable[..., T], who: Actor, *values: object, **named: object) -> T:
        """Run one use case as `who`, in one transaction."""
        return await self.database.write(lambda store: work(store, who, *values, **named))

    async def sees(self, work: Callable[..., T], who: Actor, *values: object) -> T:
        """Run one use case that only looks."""
        return await self.database.read(lambda store: work(store, who, *values))

    async def looks(self, work: Callable[[SqlStore], T]) -> T:
        """Look into the tables."""
        return await self.database.read(work)

    async def opens(self, name: str, role: Role, telegram_id: int) -> Actor:
        """Open a shop for a new person; known by `name` from here on."""

        def work(store: SqlStore) -> tuple[Actor, str]:
            account = self.services.accounts.meet(store, telegram_id, name)
            shop = self.services.shops.open(store, key(account), role, name, SHIP_FROM)
            return Actor(key(account), key(shop)), shop.number

        self.people[name], self.numbers[name] = await self.database.write(work)
        return self.people[name]

    async def binds(self, merchant: str = "merchant", factory: str = "factory") -> int:
        """Bind two shops; returns the binding's id."""
        bindings, number = self.services.bindings, self.numbers[factory]
        view = await self.does(bindings.request, self.people[merchant], number)
        await self.does(bindings.confirm, self.people[factory], key(view.binding))
        return key(view.binding)

    async def imports(
        self, orders: Sequence[IncomingOrder], who: Actor | None = None
    ) -> ImportPreview:
        """Keep and confirm a sheet of these orders."""
        actor, importing = who or self.merchant, self.services.importing
        sheet = Sheet("doudian", tuple(orders), ())
        kept = await self.does(importing.keep, actor, sheet, "订单.xlsx", (1001, 1))
        return await self.does(importing.confirm, actor, kept)

    async def assigns(self, *numbers: int, factory: str = "factory") -> list[int]:
        """Assign these orders; returns their assignments' ids."""
        names = [order_no(one) for one in numbers]
        direct = self.services.assigning.direct
        done = await self.does(direct, self.merchant, names, self.numbers[factory])
        given = await self.looks(lambda store: store.assignments.of_draft(done.draft_id))
        return [key(one) for one in given]

    async def order(self, number: int) -> Order:
        """Return the merchant's order as it stands."""
        wanted = order_no(number)
        return await self.looks(lambda s: s.orders.find(self.merchant.shop_id, wanted)[0])

    async def notes(self, number: int) -> OrderNotes:
        """Return the notes of the merchant's order, as they were written."""
        order = await self.order(number)
        return await self.looks(lambda store: notes_of(store, order))

    async def assignment(self, assignment_id: int) -> Assignment:
        """Return an assignment as it stands."""
        return await self.looks(lambda store: store.assignments.of(assignment_id))

    async def owed(self, event: str) -> int:
        """Return how many alerts of that event were ever written."""
        return len(await self.looks(lambda store: alerts_of(store, event)))


def alerts_of(store: SqlStore, event: str) -> Sequence[int]:
    """Return the ids of every alert ever written for that event."""
    return [
        key(one) for one in store.session.scalars(select(Alert).where(col(Alert.event) == event))
    ]


@asynccontextmanager
async def founded(
    folder: Path, rules: Rules | None = None, engine: str = "sqlite"
) -> AsyncIterator[Firm]:
    """A database with a merchant and a factory in it, not bound yet: a file, or on a server."""
    watch, sealer = Watch(), Sealer(Keyring.load_or_create(folder / "keys.json"))
    async with _opened(folder, store_maker(sealer, watch), engine) as database:
        firm = Firm(database, Services(rules or Rules()), watch)
        await firm.opens("merchant", "merchant", 1001)
        await firm.opens("factory", "factory", 2001)
        yield firm


@asynccontextmanager
async def _opened(
    folder: Path, make_store: Callable[[Session], SqlStore], engine: str
) -> AsyncIterator[Database[SqlStore]]:
    if engine == "sqlite":
        fresh_database(folder / "daifa.sqlite3")
        async with Database.open(folder / "daifa.sqlite3", make_store) as database:
            yield database
    else:
        async with server_database() as url, open_server(url, make_store) as database:
            yield database


def order_no(number: int) -> str:
    """Return the number of the nth order."""
    return f"69400000000002{number:05d}"


def line(number: int, quantity: int = 1, which: int = 1) -> IncomingLine:
    """Return one product line of an order."""
    sub = f"{order_no(number)}{which}"
    return IncomingLine(sub, f"马克杯 {which}", "奶白色", "MUG-01", quantity)


def incoming(
    number: int,
    *,
    quantity: int = 1,
    lines: tuple[IncomingLine, ...] = (),
    street: str = "示例路",
    name: str = "张三丰",
    phone: str = "13912345678",
    note: str = "",
    status: OrderStatus = "to_ship",
    after_sale: AfterSale = "none",
    hours: float = 24,
) -> IncomingOrder:
    """Return the nth order as a file would bring it."""
    return IncomingOrder(
        "doudian",
        order_no(number),
        lines or (line(number, quantity),),
        IncomingRecipient(name, phone, "浙江省", "金华市", "义乌市", "", f"{street} {number} 号"),
        buyer_note=note,
        paid_at=START - timedelta(hours=24),
        ship_by=START + timedelta(hours=hours),
        order_status=status,
        after_sale=after_sale,
    )
