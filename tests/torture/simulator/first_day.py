"""The first day of every seed: a merchant, two factories, a packer, a group; opened and bound.

Made once in a process by the people themselves, in fine weather; each seed begins with a copy.
"""

import random
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial
from pathlib import Path
from typing import Final

from core.ids import key
from core.ports import Store
from core.values import Actor
from playground import groups
from storage.keyring import Keyring
from tests.cast import SHIP_FROM
from tests.fresh import fresh_database
from tests.torture.simulator.hours import VirtualLoop, run
from tests.torture.simulator.places import Places
from tests.torture.simulator.town import (
    BOT,
    FACTORY,
    MERCHANT,
    OTHER,
    PACKER,
    Town,
    known,
    settings_of,
    town,
)

MEMORY: Final = Path("/dev/shm")
LATER: Final = 3600  # seconds after the first day's last act a seed begins


@asynccontextmanager
async def copied(
    loop: VirtualLoop, seed: int, rate: float = 0.0, kept: Places | None = None
) -> AsyncIterator[Town]:
    """Open the town as its first day left it, an hour later; by default over a file."""
    day, places = begun(), kept or _places()
    loop.passes(LATER)
    shutil.copy(day / "keys.json", places.path.with_name("keys.json"))
    places.begins(day / "daifa.sqlite3", random.Random(f"desks {seed}"))
    with tempfile.TemporaryDirectory(dir=_memory(), prefix="telegram-") as telegram:
        shutil.copytree(day / "telegram", telegram, dirs_exist_ok=True)
        async with town(loop, places, Path(telegram), seed, rate) as opened:
            yield opened


@cache
def _places() -> Places:
    return Places(Path(tempfile.mkdtemp(dir=_memory(), prefix="seeds-")) / "daifa.sqlite3")


def _memory() -> Path | None:
    return MEMORY if MEMORY.is_dir() else None


@cache
def begun() -> Path:
    """Return the folder of the first day, made at the first call; the system's to clear away."""
    folder = Path(tempfile.mkdtemp(dir=_memory(), prefix="begun-"))
    run(partial(_begin, folder))
    return folder


async def _begin(folder: Path, loop: VirtualLoop) -> None:
    settings = settings_of(folder)
    fresh_database(settings.database_path)
    Keyring.load_or_create(settings.keys_path)
    places = Places(settings.database_path)
    async with town(loop, places, folder / "telegram", 0) as made:
        shops = ((MERCHANT, "商家", "小满优选"), (FACTORY, "厂家", "大力日用百货厂"),
                 (OTHER, "厂家", "敏记食品厂"))  # fmt: skip
        for person, role, name in shops:
            await _says(made, person, "/start")
            await _taps(made, person, f"我是{role}")
            for said in (name, SHIP_FROM.format(name=name[:2])):
                await _says(made, person, said)
            await _taps(made, person, "正确")
        numbers, _ = known(made.places.path)
        for person in (FACTORY, OTHER):
            await _says(made, MERCHANT, f"/bind {numbers[person]}")
            await _taps(made, person, "确认绑定")
        await _packs(made, numbers[FACTORY])
    places.close()


async def _packs(made: Town, number: str) -> None:
    """陈新 packs for 王大力's factory, whose alerts go to their group."""
    house = made.running.house

    def invite(store: Store) -> str:
        shop = store.shops.by_number(number)
        assert shop is not None
        owner = store.shops.owner(key(shop))
        assert owner is not None
        return house.services.staffing.invite(store, Actor(owner.account_id, key(shop))).token

    token = await house.database.write(invite)
    await _says(made, PACKER, f"/start s_{token}")
    with made.world.transaction():
        group = groups.create(made.world, "发货群", FACTORY, [BOT, PACKER])
    await _says(made, FACTORY, "/here", group.id)


async def _says(made: Town, person: int, text: str, chat: int = BOT) -> None:
    made.says(person, text, chat=chat)
    await made.quiet()


async def _taps(made: Town, person: int, label: str) -> None:
    for message in reversed(made.messages(person)):
        for row in message.body.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if label in button["text"]:
                    made.presses(person, message, button["callback_data"])
                    await made.quiet()
                    return
    raise AssertionError(f"{person} sees no {label}")
