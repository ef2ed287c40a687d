"""E-waybill numbers, whichever platform gives them: a stock per factory and carrier, that ends."""

from collections.abc import Callable
from typing import NamedTuple

from sandbox import orders
from sandbox.orders import Unit
from sandbox.world import World


class Drawn(NamedTuple):
    factory: int
    merchant: int
    company: str
    number: str


def draw(
    world: World, unit: Unit, company: str, pack: str, make: Callable[[int], str]
) -> str | None:
    """A number for a unit and parcel, the same one again if it was drawn; none: out of stock."""
    row = world.database.row(
        "SELECT number FROM waybills WHERE unit = ? AND company = ? AND pack = ? AND NOT cancelled",
        unit.id,
        company,
        pack,
    )
    if row:
        return str(row["number"])
    assert unit.factory is not None  # noqa: S101  drawn for by its factory only
    if not _take_stock(world, unit.factory, company):
        return None
    number = make(world.database.next("waybills"))
    world.database.run(
        "INSERT INTO waybills VALUES(?, ?, ?, ?, ?, 0)",
        number,
        company,
        unit.factory,
        unit.id,
        pack,
    )
    return number


def _take_stock(world: World, factory: int, company: str) -> bool:
    world.database.run(
        "INSERT OR IGNORE INTO waybill_stock VALUES(?, ?, ?)",
        factory,
        company,
        world.config.waybill_stock,
    )
    taken = world.database.run(
        "UPDATE waybill_stock SET left = left - 1 WHERE factory = ? AND company = ? AND left > 0",
        factory,
        company,
    )
    return taken == 1


def give_back(world: World, drawn: Drawn) -> str:
    """Why it cannot be, or nothing. A number that left with a parcel stays used."""
    row = world.database.row(
        "SELECT unit FROM waybills WHERE number = ? AND company = ? AND factory = ? "
        "AND NOT cancelled",
        drawn.number,
        drawn.company,
        drawn.factory,
    )
    if row is None:
        return "面单不存在"
    unit = orders.find_units(world.database, [row["unit"]])[row["unit"]]
    if unit.merchant != drawn.merchant:
        return "面单不存在"
    if world.database.row("SELECT 1 FROM parcels WHERE number = ?", drawn.number):
        return "面单已发货，不允许取消"
    world.database.run("UPDATE waybills SET cancelled = 1 WHERE number = ?", drawn.number)
    world.database.run(
        "UPDATE waybill_stock SET left = left + 1 WHERE factory = ? AND company = ?",
        drawn.factory,
        drawn.company,
    )
    return ""
