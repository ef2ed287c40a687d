"""`daifa shop suspend` and `daifa shop resume`: an operator's, while the house runs or not."""

from collections.abc import Callable

from app.building import open_database
from app.settings import Settings
from core.entities import Shop
from core.errors import Invalid, NotFound
from core.people import suspending
from storage.store import SqlStore


class NoSuchShop(Exception):
    """The message says so."""

    def __init__(self, number: str) -> None:
        super().__init__(f"No open shop has the number {number}. People see theirs in /shop.")


async def suspended(settings: Settings, number: str, why: str) -> str:
    """Suspend the shop; returns what to tell the operator. Raises `NoSuchShop`."""
    name = await _change(settings, number, lambda store: suspending.suspend(store, number, why))
    return (
        f"{name} is suspended. Its people and those bound to it are told; nothing is lost, and "
        f"daifa shop resume {number} brings everything back."
    )


async def resumed(settings: Settings, number: str) -> str:
    """Resume the shop; returns what to tell the operator. Raises `NoSuchShop`."""
    name = await _change(settings, number, lambda store: suspending.resume(store, number))
    return f"{name} goes on where it was, and what waited for it goes out."


async def _change(settings: Settings, number: str, change: Callable[[SqlStore], Shop]) -> str:
    async with open_database(settings) as database:
        try:
            shop = await database.write(change)
        except (NotFound, Invalid):
            raise NoSuchShop(number) from None
    return shop.name
