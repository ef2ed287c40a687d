"""`daifa erase`: what is known of a consumer goes now, because somebody asks for it.

A phone is read from the standard input, never from the arguments: those stand in the list of
processes and in the shell's history.
"""

from collections.abc import Sequence

from app.building import open_database, rules_of
from app.settings import Settings
from core.erasing.erasing import Erasing
from core.ports import Store
from core.ports.erasing import Erasable
from storage.database import Database
from storage.store import SqlStore


async def erase_order(settings: Settings, order_no: str) -> str:
    """Erase the orders with this number, of every shop, that nobody works on; say what was done."""
    async with open_database(settings) as database:
        erasing = Erasing(rules_of(settings))
        found = await database.read(lambda store: erasing.find(store, order_no))
        return await _erased(database, erasing, found)


async def erase_phone(settings: Settings, phone: str) -> str:
    """Erase the orders of recipients with this phone that nobody works on; say what was done.

    Raises `core.erasing.erasing.PhoneUnclear`.
    """
    async with open_database(settings) as database:
        erasing, after, found = Erasing(rules_of(settings)), 0, list[Erasable]()
        while True:

            def look(store: Store, after: int = after) -> tuple[int, Sequence[Erasable]]:
                return erasing.called(store, phone, after)

            after, some = await database.read(look)
            found += some
            if not after:
                return await _erased(database, erasing, found)


async def _erased(database: Database[SqlStore], erasing: Erasing, found: Sequence[Erasable]) -> str:
    if not found:
        return "No order with a recipient was found: nothing to erase."
    done = await database.write(lambda store: erasing.ask(store, found))
    await database.settle()
    lines = [f"Erased: {done} of {len(found)} orders found."]
    lines += [
        f"Not erased, still worked on: {one.order_no} of {one.shop}. Cancel it or let it be "
        "shipped, then ask again."
        for one in found
        if not one.over
    ]
    lines.append("Backups made before still hold it until they are deleted for their age.")
    return "\n".join(lines)
