"""The stage of the matrix: a full house, everything the rightful can press, and the judge."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.commands import COMMANDS
from bot.dispatcher import routing
from bot.house import House
from playground.people import DEFAULT_BOT
from tests.core.firm import founded, order_no
from tests.torture import forging
from tests.torture.buttons import CLASSES, Found, alert_buttons, elsewhere, read, things
from tests.torture.manor import (
    FACTORY,
    FACTORY_GROUP,
    MERCHANT,
    MERCHANT_GROUP,
    NAMES,
    Manor,
    full_house,
)
from tests.torture.matrix import Ledger, Matrix, Reached
from tests.torture.rehearsal import Question, Rehearsal, Shown
from tests.torture.saying import Named
from tests.torture.telephone import Telephone

# What acts on the presser alone, whoever that is.
ONES_OWN = frozenset({"Cancel", "ChooseRole", "SetLang"})
# Asked whether the shop is the presser's only once words, or a platform, have come.
LATER = frozenset({"LinkPlatform", "NameKey"})


@dataclass
class Scene:
    """What the tests of the matrix share."""

    manor: Manor
    house: House
    phone: Telephone
    rehearsing: Telephone
    matrix: Matrix
    reached: Reached
    merchant: Found
    factory: Found
    questions: list[Question] = field(default_factory=list)
    cards: list[Shown] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)

    @property
    def buttons(self) -> list[str]:
        """Return every button of a shop's, the merchant's first."""
        return [*of_shops(self.merchant), *of_shops(self.factory)]

    async def unconvincing(self) -> set[str]:
        """Return the decisions whose rightful are answered as if nothing were there."""
        left = {one.__name__ for one in CLASSES.values()} - ONES_OWN
        for found in (self.merchant, self.factory):
            for packed, lines in found.answers.items():
                one = read(packed)
                if type(one).__name__ not in left:
                    continue
                nothing = await self.rehearsing.presses(found.person, elsewhere(one, shop=True))
                if [line.words for line in nothing] != [line.words for line in lines]:
                    left.remove(type(one).__name__)
        return left


@asynccontextmanager
async def full_scene(folder: Path, most: int) -> AsyncIterator[Scene]:
    """Build the house and press everything in it; `most` buttons of each kind."""
    async with founded(folder) as firm:
        await firm.binds()
        manor = await full_house(firm)
        house = House(firm.database, firm.services, DEFAULT_BOT.id, DEFAULT_BOT.username)
        rehearsal = Rehearsal(house.database)
        rehearsing = Telephone(replace(house, database=rehearsal))
        merchant, factory = Found(MERCHANT), Found(FACTORY)
        merchant.offer(await alert_buttons(firm, manor.merchant.shop_id), most)
        factory.offer(await alert_buttons(firm, manor.factory.shop_id), most)
        merchant.offer(await forging.of_the_merchant(manor), 99)
        factory.offer(await forging.of_the_factory(manor), 99)
        for found, group in ((merchant, MERCHANT_GROUP), (factory, FACTORY_GROUP)):
            await _press_all(rehearsing, found, group, most)
        path = folder / "daifa.sqlite3"
        victims = (manor.merchant.shop_id, manor.factory.shop_id)
        ledger = Ledger(path, victims)
        phone, reached = Telephone(house), Reached()
        matrix = Matrix(phone, ledger, secrets_of(path, victims))
        for observer in _observers():
            observer.middleware.register(reached)
        try:
            yield Scene(
                manor, house, phone, rehearsing, matrix, reached, merchant, factory,
                sorted(rehearsal.questions.values(), key=lambda one: one.step),
                _one_of_each(rehearsal.cards, manor), await _named(manor),
            )  # fmt: skip
        finally:
            ledger.close()
            for observer in _observers():
                observer.middleware.unregister(reached)


def of_shops(found: Found) -> list[str]:
    """Return a person's buttons but those about whichever shop is the presser's own (0)."""
    every = {packed: read(packed) for packed in found.answers}
    named = {packed: one for packed, one in every.items() if "shop" in type(one).model_fields}
    return [packed for packed, one in named.items() if getattr(one, "shop", 0) or things(one)]


def _observers() -> list[Any]:
    tree = routing()
    return [tree.message, tree.callback_query, tree.my_chat_member]


async def _press_all(phone: Telephone, found: Found, group: int, most: int) -> None:
    for command in COMMANDS:
        for chat in (0, group):
            for line in await phone.says(found.person, f"/{command.name}", chat):
                found.offer(line.data, most)
    await found.press(phone, most)
    one_each = {type(read(packed)): packed for packed in found.answers}
    for packed in one_each.values():
        await phone.presses(found.person, packed, group)  # there, questions are cards


def _one_of_each(cards: set[Shown], manor: Manor) -> list[Shown]:
    kinds: dict[str, Shown] = {}
    for one in sorted(cards):
        kinds.setdefault(one.kind, one)
    shop = manor.factory.shop_id
    kinds["parcels"] = Shown("parcels", kinds["shipment"].ref_id, shop)
    return list(kinds.values())


async def _named(manor: Manor) -> list[Named]:
    [given] = await manor.ids(
        "SELECT a.id FROM assignment a JOIN orders o ON o.id = a.order_id WHERE o.order_no = :no",
        no=order_no(210),
    )
    tag = (await manor.firm.assignment(given)).tag
    return [
        Named(order_no(210), order_no(99_999)), Named(tag, "ZZZZ"),
        Named("SF1234567890555", "SF1234567890556"),
    ]  # fmt: skip


def secrets_of(path: Path, victims: tuple[int, int]) -> frozenset[str]:
    """Return everything in the database that only the victims may see."""
    raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    merchant, _factory = victims
    questions = (
        f"SELECT order_no FROM orders WHERE merchant_id = {merchant}",
        f"SELECT tag FROM assignment WHERE merchant_id = {merchant} AND length(tag) = 4",
        "SELECT tracking_number FROM shipment",
        f"SELECT url FROM webhook WHERE shop_id IN {victims}",
        f"SELECT link_token FROM shop WHERE id IN {victims}",
        f"SELECT number FROM shop WHERE id = {merchant}",
        f"SELECT file_name FROM import_draft WHERE shop_id = {merchant} AND file_name LIKE '十%'",
    )
    try:
        found = {str(value) for question in questions for (value,) in raw.execute(question)}
    finally:
        raw.close()
    words = {
        NAMES["merchant"], NAMES["partner"], "马克杯", "MUG-01", "张三丰", "张*", "13912345678",
        "139****5678", "示例路", "请包严实", "要蓝色", "仓库电脑", "SF5555555555555",
    }  # fmt: skip
    return frozenset(found - {"", "None"} | words)
