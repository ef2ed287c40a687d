"""Whoever talks to a platform, as a process of its own that can be killed in a call."""

import asyncio
import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

from core.services import Services
from core.values import Rules
from platforms.calling import open_client
from platforms.doudian.opening import DoudianSettings, open_doudian, read_doudian_values
from platforms.doudian.signing import App
from sandbox.cast import DOUDIAN_APP
from storage.database import Database
from storage.keyring import Keyring
from storage.sealing import Sealer
from storage.store import store_maker
from tests.platforms.town import now, talk


class Place(NamedTuple):
    """Where the database and the platform are."""

    folder: Path
    address: str


class Talker:
    """Syncer and teller, any number of lives."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__, "pytest"])
        self._life: BaseProcess | None = None

    async def lives(self) -> None:
        """Live again; returns once it is at work."""
        ours, theirs = self._context.Pipe()
        self._life = self._context.Process(target=_live, args=(self._place, theirs), daemon=True)
        self._life.start()
        theirs.close()
        await asyncio.to_thread(ours.recv)
        ours.close()

    async def is_killed(self) -> None:
        """Die by SIGKILL, in the middle of whatever it is doing."""
        assert self._life is not None
        assert self._life.is_alive(), "it ended by itself"
        self._life.kill()
        await asyncio.to_thread(self._life.join)
        self._life.close()
        self._life = None


def _live(place: Place, ready: Connection) -> None:
    asyncio.run(_talk(place, ready))


async def _talk(place: Place, ready: Connection) -> None:
    sealer = Sealer(Keyring.load(place.folder / "keys.json"))
    url = f"{place.address}/doudian"
    settings = DoudianSettings(App(DOUDIAN_APP.key, DOUDIAN_APP.secret), "1", url)
    database = Database.open(place.folder / "daifa.sqlite3", store_maker(sealer))
    async with open_client() as http, database as opened:
        await opened.write(lambda store: store.platforms.release())  # as the house begins
        doudian = open_doudian(settings, read_doudian_values(), http)
        async with talk(opened, Services(Rules()), doudian):
            ready.send(now())
            await asyncio.Event().wait()
