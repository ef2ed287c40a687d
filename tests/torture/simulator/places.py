"""Desks of the database without threads: work waits its turn and takes some time, all of it drawn.

The SQLite file is real, and so is its being busy: another connection holds it. The desks of a
process are kept from seed to seed, with what SQLAlchemy has compiled for them: each seed begins
with a copy of the first day's file, brought in through them.
"""

import asyncio
import random
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, Final, Generic, Protocol, TypeVar

from sqlmodel import Session

from app.building import Clock
from app.keeping import open_keys
from app.settings import Settings
from storage.database import Database
from storage.errors import DatabaseAway, DatabaseBusy
from storage.sealing import Sealer
from storage.sqlite import Desk
from storage.store import SqlStore, store_maker

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)
T = TypeVar("T")

PATIENCE: Final = 5.0  # seconds a connection waits for a busy file, as the house's do
ASKS_AGAIN: Final = 0.1


class Places:
    """Opens the database at `path` as `app.building.open_database` does, over desks that are kept.

    `slow` is how long a piece of work takes at the most, in seconds.
    """

    def __init__(self, path: Path, slow: float = 0.01) -> None:
        self.path = path
        self._slow = slow
        self._desks: list[Desk[SqlStore]] = []
        self._rng = random.Random()
        self._make_store: Callable[[Session], SqlStore] | None = None

    def begins(self, day: Path, rng: random.Random) -> None:
        """Begin anew with a copy of that file; from here on chance is drawn from `rng`."""
        self._rng = rng
        if not self._desks:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(day, self.path)
            return
        with closing(sqlite3.connect(day)) as source:
            source.backup(self._desks[0].raw)

    @asynccontextmanager
    async def opened(self, settings: Settings, clock: Clock) -> AsyncIterator[Database[SqlStore]]:
        """Open it for one house."""
        self._make_store = store_maker(Sealer(open_keys(settings)), clock)
        taken = iter(range(3))  # the writer's and two readers'

        async def place(open_desk: Callable[[], Desk[SqlStore]]) -> Place[SqlStore]:
            which = next(taken)
            if which == len(self._desks):
                # It is the place that waits while the file is busy.
                desk = open_desk()
                desk.raw.execute("PRAGMA busy_timeout = 0").close()
                self._desks.append(desk)
            return Place(self._desks[which], self.takes)

        async with Database.open(self.path, self._store, place=place) as database:
            yield database

    def held(self) -> AbstractContextManager[None]:
        """Have nobody of the house work with it within the block."""
        return holding(self.path)

    def worsens(self) -> None:
        """Let visits go wrong from here on: a file of one's own has no such days."""

    def clears_up(self) -> None:
        """Let all go well again."""

    def close(self) -> None:
        """Give the file back."""
        while self._desks:
            self._desks.pop().close()

    def takes(self) -> float:
        """Draw how long a way or a piece of work takes."""
        return self._rng.random() * self._slow

    def _store(self, session: Session) -> SqlStore:
        assert self._make_store is not None
        return self._make_store(session)


class Works(Protocol[S_co]):
    """A desk: what is brought there is done at once."""

    def visit(self, work: Callable[[S_co], T]) -> T: ...

    def settle(self) -> None: ...

    def take_over(self) -> None: ...


class Place(Generic[S]):
    """One desk: what is brought is done in order, and done even if nobody waits for it any more."""

    def __init__(self, desk: Works[S], takes: Callable[[], float]) -> None:
        self._desk = desk
        self._takes = takes
        self.inside = False
        self._queue: asyncio.Queue[tuple[asyncio.Future[Any], Callable[[], Any]] | None] = (
            asyncio.Queue()
        )
        self._working = asyncio.create_task(self._works(), name="desk")

    async def visit(self, work: Callable[[S], T]) -> T:
        """Bring the work and wait for what comes of it."""
        return await self._brought(lambda: self._desk.visit(work))

    async def settle(self) -> None:
        """Bring what is written into the file itself."""
        await self._brought(self._desk.settle)

    async def take_over(self) -> None:
        """Be the one that writes."""
        await self._brought(self._desk.take_over)

    async def _brought(self, work: Callable[[], T]) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((future, work))
        return await future

    def stop(self) -> asyncio.Task[None]:
        """End after what is queued."""
        self._queue.put_nowait(None)
        return self._working

    async def _works(self) -> None:
        loop = asyncio.get_running_loop()
        while (brought := await self._queue.get()) is not None:
            future, work = brought
            await asyncio.sleep(self._takes())
            result, error = await self._patiently(work)
            loop.call_later(self._takes(), _answer, future, result, error)

    async def _patiently(self, work: Callable[[], Any]) -> tuple[Any, BaseException | None]:
        waited = 0.0
        while True:
            self.inside = True
            try:
                return work(), None
            except (DatabaseBusy, DatabaseAway) as busy:
                if waited >= PATIENCE:
                    return None, busy
            except Exception as error:  # noqa: BLE001 - it belongs to who asked
                return None, error
            finally:
                self.inside = False
            await asyncio.sleep(ASKS_AGAIN)
            waited += ASKS_AGAIN


def _answer(future: "asyncio.Future[Any]", result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)


@contextmanager
def holding(path: Path) -> Iterator[None]:
    """Hold the file as another program would that writes to it."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE").close()
        yield
