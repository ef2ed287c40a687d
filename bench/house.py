"""A small house for the taps: two bound shops, with drafts and cards ready to be pressed."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.house import House
from core.entities import Card
from core.ids import key
from core.imports.incoming import IncomingLine, IncomingOrder, IncomingRecipient, Sheet
from core.ports import Store
from core.services import Services
from core.values import Actor, Rules, ShipFrom
from storage.database import Database, Stand, in_thread
from storage.keyring import Keyring
from storage.migrate import upgrade
from storage.sealing import Sealer
from storage.store import SqlStore, store_maker

BOT_ID = 7_000_000_001
MERCHANT, FACTORY = 1001, 2001  # telegram ids
NEW_ORDERS = 10**9  # the numbers of orders nobody has yet begin here
CARD_MESSAGES = 100_000  # the message of assignment n is this + n


@dataclass(frozen=True, slots=True)
class Prepared:
    """The database file, its key file, and what waits in it to be pressed or replied to."""

    path: Path
    keys: Path
    merchant: Actor
    factory: Actor
    drafts: list[int]
    assignments: list[int]

    def copy(self, name: str) -> Path:
        """Return an identical copy of the file, in place of an earlier one of that name."""
        for earlier in self.path.parent.glob(f"{name}*"):
            earlier.unlink()
        return Path(shutil.copyfile(self.path, self.path.with_name(name)))

    @asynccontextmanager
    async def opened(self, path: Path, place: Stand[SqlStore] = in_thread) -> AsyncIterator[House]:
        """Open a copy as the bot does."""
        async with self.database(path, place) as database:
            yield House(database, Services(Rules()), BOT_ID, "daifa_bot")

    @asynccontextmanager
    async def database(
        self, path: Path, place: Stand[SqlStore] = in_thread
    ) -> AsyncIterator[Database[SqlStore]]:
        """Open a copy."""
        make_store = store_maker(Sealer(Keyring.load(self.keys)))
        async with Database.open(path, make_store, place=place) as database:
            yield database


async def prepare(folder: Path, taps: int) -> Prepared:
    """Make a database with `taps` frozen drafts of one order each, and as many assigned orders."""
    path, keys = folder / "taps.sqlite3", folder / "keys.json"
    upgrade(path)
    services = Services(Rules())
    async with Database.open(path, store_maker(Sealer(Keyring.load_or_create(keys)))) as database:
        merchant, factory = await database.write(lambda store: open_pair(services, store))
        number = await database.read(lambda store: store.shops.of(factory.shop_id).number)
        orders = [_order(n) for n in range(2 * taps)]
        await database.write(lambda store: _import(services, store, merchant, orders))
        given = [one.order_no for one in orders[taps:]]
        await database.write(
            lambda store: services.assigning.direct(store, merchant, given, number)
        )
        freeze = _freezing(services, merchant, factory)
        drafts = await database.write(
            lambda store: [freeze(store, one.order_no) for one in orders[:taps]]
        )
        assignments = await database.write(lambda store: _cards(store, merchant, factory, given))
    return Prepared(path, keys, merchant, factory, drafts, assignments)


async def prepare_batch(folder: Path, orders: int) -> Prepared:
    """Make a database with one frozen draft of so many orders."""
    path, keys = folder / "batch.sqlite3", folder / "keys.json"
    upgrade(path)
    services = Services(Rules())
    async with Database.open(path, store_maker(Sealer(Keyring.load_or_create(keys)))) as database:
        merchant, factory = await database.write(lambda store: open_pair(services, store))
        brought = [_order(n) for n in range(orders)]
        await database.write(lambda store: _import(services, store, merchant, brought))

        def freeze(store: Store) -> int:
            chosen = services.assigning.take_all(store, merchant)
            run = services.assigning.dry_run(store, merchant, chosen.draft_id, factory.shop_id)
            return run.draft_id

        draft_id = await database.write(freeze)
    return Prepared(path, keys, merchant, factory, [draft_id], [])


def sample_ship_from() -> ShipFrom:
    """Return where every made-up shop ships from."""
    return ShipFrom("林小满", "13800001001", "浙江省杭州市余杭区示例路 1 号")


def open_pair(
    services: Services, store: Store, merchant: int = MERCHANT, factory: int = FACTORY
) -> tuple[Actor, Actor]:
    """Open a merchant's and a factory's shop for these telegram ids, and bind them."""
    people = [services.accounts.meet(store, one, "林") for one in (merchant, factory)]
    sender = sample_ship_from()
    shops = [
        services.shops.open(store, key(people[0]), "merchant", "小满优选", sender),
        services.shops.open(store, key(people[1]), "factory", "大力日用百货厂", sender),
    ]
    selling, making = (Actor(key(who), key(shop)) for who, shop in zip(people, shops, strict=True))
    number = store.shops.of(making.shop_id).number
    asked = services.bindings.request(store, selling, number)
    services.bindings.confirm(store, making, key(asked.binding))
    return selling, making


def bring_drafts(
    services: Services, store: SqlStore, merchant: Actor, factory: Actor, numbers: Iterable[int]
) -> list[int]:
    """Bring orders of these numbers in, and freeze a draft of each."""
    orders, freeze = (
        bring(services, store, merchant, numbers),
        _freezing(services, merchant, factory),
    )
    return [freeze(store, one.order_no) for one in orders]


def bring(
    services: Services, store: SqlStore, merchant: Actor, numbers: Iterable[int]
) -> list[IncomingOrder]:
    """Bring orders of these numbers in, from a file."""
    orders = [_order(n) for n in numbers]
    _import(services, store, merchant, orders)
    return orders


def _freezing(services: Services, merchant: Actor, factory: Actor) -> Callable[[Store, str], int]:
    def freeze(store: Store, order_no: str) -> int:
        found = services.assigning.take_these(store, merchant, [order_no])
        run = services.assigning.dry_run(store, merchant, found.draft_id, factory.shop_id)
        return run.draft_id

    return freeze


def _order(number: int) -> IncomingOrder:
    now = datetime.now(UTC)
    return IncomingOrder(
        "doudian", f"69{number:017d}",
        (IncomingLine(f"69{number:017d}1", "双层玻璃杯 330ml", "透明", "C-330", 1 + number % 3),),
        IncomingRecipient(
            "张三", "13800001111", "浙江省", "金华市", "义乌市", "", f"示例路 {number} 号"
        ),
        paid_at=now, ship_by=now + timedelta(hours=48, seconds=number),
    )  # fmt: skip


def _import(
    services: Services, store: SqlStore, merchant: Actor, orders: list[IncomingOrder]
) -> None:
    sheet = Sheet("doudian", tuple(orders), (), rows_read=len(orders))
    draft_id = services.importing.keep(store, merchant, sheet, "订单.xlsx", (MERCHANT, 0))
    services.importing.confirm(store, merchant, draft_id)


def _cards(store: Store, merchant: Actor, factory: Actor, order_nos: list[str]) -> list[int]:
    """Remember the card the factory was shown for each order; return the assignments."""
    assignments = []
    for order_no in order_nos:
        order = store.orders.find(merchant.shop_id, order_no)[0]
        assignment = store.assignments.latest_of(key(order))
        assert assignment is not None
        assignments.append(key(assignment))
        store.chats.remember(
            Card(
                bot_id=BOT_ID, chat_id=FACTORY, message_id=CARD_MESSAGES + key(assignment),
                kind="assignment", ref_id=key(assignment), shop_id=factory.shop_id,
                shown_at=store.now,
            )
        )  # fmt: skip
    return assignments
