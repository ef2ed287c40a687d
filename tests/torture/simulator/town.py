"""A town: a house at work over an in-process Telegram, and what its people do with their phones."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog
from aiogram import Bot
from telegram.ext import ExtBot

from app.parts import serving, start_polling
from app.running import Running
from app.settings import Settings
from app.ways import Ways
from bot.sending import ObeyRetryAfter
from bot.telegram_out import make_courier_bot
from core.imports.incoming import Sheet
from core.shipments.filled import FilledList
from platforms.sheets.alias_table import BUILT_IN
from platforms.sheets.filled import read_filled
from platforms.sheets.limits import Limits
from platforms.sheets.parsing import parse
from playground import acts
from playground.config import Config
from playground.errors import PhoneError
from playground.messages import Message
from playground.people import CHEN_XIN, DEFAULT_BOT, LIN_XIAOMAN, WANG_DALI, ZHAO_MIN
from playground.rooms import Room
from playground.updates import KEPT
from playground.world import World
from storage.sqlite import connect
from storage.store import SqlStore
from tests.torture.simulator.hours import VirtualLoop, Wall
from tests.torture.simulator.places import Places
from tests.torture.simulator.weather import Weather
from tests.torture.simulator.wire import ADDRESS, Session, Transport, Wire

T = TypeVar("T")
PEOPLE: Final = (LIN_XIAOMAN.id, WANG_DALI.id, ZHAO_MIN.id, CHEN_XIN.id)
MERCHANT, FACTORY, OTHER, PACKER = PEOPLE
BOT: Final = DEFAULT_BOT.id
LOOKS: Final = 5.0  # seconds between two looks whether all is quiet
MEMORY: Final = Path("/dev/shm")


@dataclass
class Town:
    """One house at work, and its people's Telegram."""

    loop: VirtualLoop
    wall: Wall
    world: World
    wire: Wire
    running: Running
    places: Places
    numbers: dict[int, str]
    group: int
    logs: list[Any] = field(default_factory=list)
    pauses: list[tuple[float, float]] = field(default_factory=list)  # when it stood still

    async def read(self, work: "Any") -> Any:
        """Look into the database as the house does."""
        return await self.running.house.database.read(work)

    def says(self, person: int, text: str, reply_to: int | None = None, chat: int = BOT) -> int:
        """Send a text; returns the update's number, 0 where the bot hears of none."""
        with self.world.transaction():
            done = acts.send(self.world, person, chat, text, reply_to)[-1]
        return done.update_ids[-1] if done.update_ids else 0

    def presses(self, person: int, message: Message, data: str) -> int:
        """Press a button, as it was when it was seen; returns the update's number."""
        with self.world.transaction():
            room = acts.enter(self.world, person, message.room.id_for_people)
            update, _ = acts.press(self.world, person, room, message.id, data)
        return update or 0

    def uploads(self, person: int, name: str, data: bytes, reply_to: int | None = None) -> int:
        """Send a file to the bot."""
        with self.world.transaction():
            file = self.world.files.keep(data, name, None, "document", from_person=True)
            done = acts.upload(self.world, person, BOT, file, reply_to=reply_to)
        return done.update_ids[-1] if done.update_ids else 0

    def messages(self, person: int, chat: int = BOT, last: int = 12) -> list[Message]:
        """Return the bot's newest messages of a chat, oldest first."""
        room = Room(group=chat) if chat < 0 else Room(bot=BOT, person=person)
        return [one for one in self.world.messages.of(room, last) if one.sender == BOT]

    async def quiet(self, rounds: int = 400) -> bool:
        """Wait until nothing is under way or due; True when it came to that."""
        for _ in range(rounds):
            busy = self.pending() or self.running.inbox.flying
            if not busy and not await self.read(_at_work):
                return True
            await asyncio.sleep(0.2 if busy else LOOKS / 5)
        return False

    def pending(self) -> int:
        """Return how many updates Telegram still has for the bot: it forgets them after a day."""
        row = self.world.database.row(
            "SELECT count(*) FROM updates WHERE pending AND made > ?", self.world.now() - KEPT
        )
        return int(row[0]) if row else 0

    def suspends(self, seconds: float) -> None:
        """The whole process stands still for so long, as a machine that was put to sleep."""
        began = self.loop.time()
        self.loop.passes(seconds)
        self.pauses.append((began, self.loop.time()))

    def old_group(self) -> Room:
        """Return the group as it is called now."""
        found = self.world.rooms.group(self.group)
        while found is not None and found.migrated_to is not None:
            found = self.world.rooms.group(found.migrated_to)
        assert found is not None
        return Room(group=found.id)


def _at_work(store: SqlStore) -> bool:
    due = store.alerts.next_due(())
    if due is not None and due <= store.now:
        return True
    raw = store.session.connection().exec_driver_sql(
        "SELECT EXISTS(SELECT 1 FROM job WHERE state = 'waiting') OR "
        "EXISTS(SELECT 1 FROM alert WHERE state = 'owed' AND lease_until IS NOT NULL)"
    )
    return bool(raw.scalar())


async def _read_sheet(source: Path, filename: str) -> Sheet:
    data = source.read_bytes()  # noqa: ASYNC240 - nobody else waits
    return parse(data, filename, Limits(), BUILT_IN)


async def _read_numbers(source: Path, filename: str) -> FilledList:
    return read_filled(source.read_bytes(), Limits())  # noqa: ASYNC240


def ways(places: Places, wire: Wire) -> Ways:
    """Return ways that lead nowhere but into this process."""

    def bot(settings: Settings, token: str, address: str) -> Bot:
        session = Session(wire)
        session.middleware(ObeyRetryAfter())
        return Bot(token, session=session)

    def courier_bot(settings: Settings, token: str, address: str) -> ExtBot[Any]:
        per_second = settings.alerts_per_second
        made = make_courier_bot(token, address, per_second=per_second, transport=Transport(wire))
        assert isinstance(made, ExtBot)
        return made

    return Ways(places.opened, bot, courier_bot, lambda _: _read_sheet, _read_numbers)


@asynccontextmanager
async def town(
    loop: VirtualLoop, places: Places, telegram: Path, seed: int, rate: float = 0.0
) -> AsyncIterator[Town]:
    """Open the house; `rate` is how often a call to Telegram goes wrong, once it is open."""
    settings = settings_of(places.path.parent)
    wall = Wall(loop)
    world = World(Config(data=telegram, clock=lambda: wall.true().timestamp()))
    wire = Wire(world, Weather(random.Random(f"weather {seed}"), 0.0))
    with structlog.testing.capture_logs() as logs, _silent_libraries():
        own = ways(places, wire)
        async with serving(settings, DEFAULT_BOT.token, ADDRESS, clock=wall, ways=own) as house:
            start_polling(house)
            numbers, group = known(settings.database_path)
            wire.weather.rate = rate
            places.worsens()
            yield Town(loop, wall, world, wire, house, places, numbers, group, logs)
    world.close()


@contextmanager
def _silent_libraries() -> Iterator[None]:
    """What libraries log of faults we make ourselves, with whole tracebacks, is left out."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def settings_of(folder: Path) -> Settings:
    """Return the settings of a house whose database lies in the folder."""
    made = Settings(_env_file=None, var=folder, port=0, metrics_port=0)
    own = {"database_path": folder / "daifa.sqlite3", "keys_path": folder / "keys.json"}
    return made.model_copy(update=own)


def known(path: Path) -> tuple[dict[int, str], int]:
    """Return each owner's shop number, and the group."""
    with closing(connect(path)) as raw:
        rows = raw.execute(
            "SELECT a.telegram_id, s.number, s.alert_chat_id FROM shop s JOIN member m ON "
            "m.shop_id = s.id AND m.rank = 'owner' JOIN account a ON a.id = m.account_id"
        ).fetchall()
    return {who: number for who, number, _ in rows}, next((c for *_, c in rows if c), 0)


def refused(act: Any) -> Any:
    """Do what a person does; None where their own phone refuses it."""
    with suppress(PhoneError):
        return act()
    return None
