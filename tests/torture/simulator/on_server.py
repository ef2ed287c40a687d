"""Desks over a real PostgreSQL, for the simulator: a visit takes the server's time, not the town's.

The server is talked to in a thread, in an event loop whose time is real; the town's stands still
until the visit is done, so the same number is the same play. Visits are the house's own
(`storage.postgres`), one at a time, though brought to several desks that take their time each.

What goes wrong is drawn visit by visit: the connection is cut at some statement or at the commit,
the commit's answer is lost, somebody else came between (a real 40001), the server is away.
"""

import asyncio
import random
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from app.building import Clock
from app.keeping import open_keys
from app.moving import move_over
from app.settings import Settings
from storage.database import Database, Pool
from storage.errors import DatabaseAway, DatabaseUncertain
from storage.postgres import ServerPlace, server_engine
from storage.sealing import Sealer
from storage.server_url import server_name
from storage.store import SqlStore, store_maker
from tests.server import address, server_template, told
from tests.torture.simulator.places import Place, Places

S = TypeVar("S")
T = TypeVar("T")

DAY, PLAYED = "simulated_day", "simulated"
WRITERS, READERS = 3, 2
RATES: Final = (0.0, 0.03, 0.1)  # of the visits go wrong
STATEMENTS: Final = 10  # the last one at which a visit that writes is cut or refused
PATIENCE: Final = 60.0  # real seconds for one visit
Kind = Literal["cut", "cut at commit", "unsaid", "conflict"]
KINDS: Final[tuple[Kind, ...]] = ("cut", "cut at commit", "unsaid", "conflict", "conflict")
_CONFLICT: Final = "DO $$ BEGIN RAISE EXCEPTION 'drawn' USING ERRCODE = '40001'; END $$"


class Beside:
    """A thread with an event loop in real time; who asks waits, and nobody else does anything."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def does(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what comes of it, and raise what it raises."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)


class Troubles:
    """What goes wrong with the visit under way; `seen` counts what did."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.rate = 0.0
        self.seen = 0
        self._kind: Kind | None = None
        self._after = 0
        event.listen(engine.sync_engine, "before_cursor_execute", self._at_statement)
        event.listen(engine.sync_engine, "commit", self._at_commit)

    def draws(self, rng: random.Random, *, writes: bool) -> None:
        """Draw it for the visit that begins."""
        self._kind, self._after = None, rng.randrange(STATEMENTS if writes else 2)
        if rng.random() < self.rate:
            self._kind = rng.choice(KINDS) if writes else "cut"

    def is_unsaid(self) -> bool:
        """Return whether the answer to this visit's commit is lost."""
        return self._comes("unsaid")

    def _comes(self, *kinds: Kind) -> bool:
        if self._kind not in kinds:
            return False
        self._kind = None  # once
        self.seen += 1
        return True

    def _at_statement(self, connection: Connection, *_: Any) -> None:
        self._after -= 1
        if self._after >= 0:
            return
        if self._comes("cut"):
            _cut(connection)
        elif self._comes("conflict"):
            connection.exec_driver_sql(_CONFLICT)

    def _at_commit(self, connection: Connection) -> None:
        if self._comes("cut at commit"):
            _cut(connection)


def _cut(connection: Connection) -> None:
    """Cut the way to the server: what is asked next finds it out."""
    driver: Any = connection.connection.driver_connection
    driver.terminate()


class ServerDesk(Generic[S]):
    """One connection of the house; what is brought there is done while time stands still."""

    def __init__(self, places: "ServerPlaces", place: ServerPlace[S], *, writes: bool) -> None:
        self._places, self._place, self._writes = places, place, writes

    def visit(self, work: Callable[[S], T]) -> T:
        """As `ServerPlace.visit`."""
        places = self._places
        if places.away:
            raise DatabaseAway(places.where, "away")
        places.draws(writes=self._writes)
        result = places.beside.does(self._place.visit(work))
        if places.troubles.is_unsaid():
            raise DatabaseUncertain(places.where)
        return result

    def settle(self) -> None:
        """Nothing, as on a server."""

    def take_over(self) -> None:
        """Nothing: there is one house."""


class ServerPlaces(Places):
    """As `Places`, over the tests' PostgreSQL; the file in `path` only says who is who."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.beside = Beside()
        self.away = False
        self._engine = self.beside.does(_engine())
        self.where = server_name(self._engine.url)
        self.troubles = Troubles(self._engine)
        self._moved = False

    def begins(self, day: Path, rng: random.Random) -> None:
        """Begin anew with what was in that file; from here on chance is drawn from `rng`."""
        self._rng = rng
        shutil.copyfile(day, self.path)
        self.beside.does(self._begins(day))

    async def _begins(self, day: Path) -> None:
        if not self._moved:
            await _moves(day)
            self._moved = True
        await told(
            f"DROP DATABASE IF EXISTS {PLAYED} WITH (FORCE)",
            f"CREATE DATABASE {PLAYED} TEMPLATE {DAY} STRATEGY file_copy",
        )

    @asynccontextmanager
    async def opened(self, settings: Settings, clock: Clock) -> AsyncIterator[Database[SqlStore]]:
        """Open it for one house."""
        make_store = store_maker(Sealer(open_keys(settings)), clock)
        turns = asyncio.Lock()
        places = [
            ServerPlace(self._engine, make_store, writes=writes, turns=turns, patience=1.0)
            for writes in (True,) * WRITERS + (False,) * READERS
        ]
        desks = [
            Place(ServerDesk(self, one, writes=n < WRITERS), self.takes)
            for n, one in enumerate(places)
        ]
        database = Database(Pool(desks[:WRITERS]), Pool(desks[WRITERS:]))
        try:
            yield database
        finally:
            await database.close()
            self.beside.does(_close(places))

    def draws(self, *, writes: bool) -> None:
        """Draw what goes wrong with the visit that begins."""
        self.troubles.draws(self._rng, writes=writes)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the server away within the block."""
        self.away = True
        try:
            yield
        finally:
            self.away = False

    def worsens(self) -> None:
        """Let some visits go wrong from here on."""
        self.troubles.rate = self._rng.choice(RATES)

    def clears_up(self) -> None:
        """Let all go well again."""
        self.troubles.rate = 0.0


async def _engine() -> AsyncEngine:
    return server_engine(address(PLAYED))


async def _moves(day: Path) -> None:
    """Bring the first day into a database that each seed's is copied from."""
    url = await server_template(DAY)
    with tempfile.TemporaryDirectory() as folder:
        for name in (day.name, "keys.json"):
            shutil.copy(day.with_name(name), Path(folder) / name)
        there = url.render_as_string(hide_password=False)
        settings = Settings(_env_file=None, var=Path(folder), database_url=there)
        await move_over(settings, lambda _: None)


async def _close(places: list[ServerPlace[SqlStore]]) -> None:
    for one in places:
        await one.stop()
