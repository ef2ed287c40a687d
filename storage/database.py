"""How the asynchronous parts reach the synchronous store: whole pieces of work, one visit each.

On SQLite the writer is one connection in one thread, so writes stand in a queue and each reads,
decides and writes before the next begins: no update is lost. Reads have their own threads and never
wait for a write. One visit is one thread hop, whatever number of statements the work runs. On
PostgreSQL many write at once, and the server refuses what would lose an update: `storage.postgres`.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar, cast

import aiosqlite
from sqlmodel import Session

from storage.errors import DatabaseError, Superseded
from storage.inspecting import DatabaseDamaged
from storage.sqlite import Desk

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)
T = TypeVar("T")


class DatabaseClosed(DatabaseError):
    """Work was brought after `close()`."""


class NestedVisit(DatabaseError):
    """Work tried to visit the database from inside a visit; it already holds the store."""


class Place(Protocol[S_co]):
    """Where a desk stands, and how work is brought to it: one piece after another."""

    @property
    def inside(self) -> bool:
        """Return whether who asks is at the desk just now."""
        ...

    async def visit(self, work: Callable[[S_co], T]) -> T:
        """Have the work done at the desk. Cancelled, who asked stops waiting, nothing more."""
        ...

    async def settle(self) -> None:
        """As `Database.settle`."""
        ...

    async def take_over(self) -> None:
        """As `Database.take_over`."""
        ...

    def stop(self) -> Awaitable[object] | None:
        """Take the desk away after what is already queued, even if nobody waits for it."""
        ...


class _DeskThread(aiosqlite.Connection, Generic[S]):
    """aiosqlite's connection thread, with a desk in it.

    A subclass, because shipping a whole function is what `_execute` does but no public method
    offers it.
    """

    def __init__(self, open_desk: Callable[[], Desk[S]]) -> None:
        super().__init__(self._open, iter_chunk_size=64)
        self._open_desk = open_desk
        self._desk: Desk[S] | None = None
        self.thread_id = 0

    def _open(self) -> Any:
        self.thread_id = threading.get_ident()
        self._desk = self._open_desk()
        return self._desk.raw

    @property
    def inside(self) -> bool:
        return threading.get_ident() == self.thread_id

    async def visit(self, work: Callable[[S], T]) -> T:
        desk = cast("Desk[S]", self._desk)
        return cast("T", await self._execute(desk.visit, work))  # type: ignore[no-untyped-call]

    async def settle(self) -> None:
        desk = cast("Desk[S]", self._desk)
        await self._execute(desk.settle)  # type: ignore[no-untyped-call]

    async def take_over(self) -> None:
        desk = cast("Desk[S]", self._desk)
        await self._execute(desk.take_over)  # type: ignore[no-untyped-call]

    def stop(self) -> "asyncio.Future[Any] | None":
        """End the thread after what is already queued, even if nobody waits for it."""
        self._tx.put_nowait((None, self._close_desk))
        return super().stop()

    def _close_desk(self) -> None:
        if self._desk is not None:
            self._desk.close()


Stand = Callable[[Callable[[], Desk[S]]], Awaitable[Place[S]]]


async def in_thread(open_desk: Callable[[], Desk[S]]) -> Place[S]:
    """Give a desk a thread of its own. Raises `DatabaseUnavailable`."""
    thread = _DeskThread(open_desk)
    await thread
    return thread


class Pool(Generic[S]):
    """Several places for one kind of work: whoever comes is sent to one that is free."""

    def __init__(self, places: Sequence[Place[S]]) -> None:
        self._places = places
        # Last in, first out: the connection just used has the warmest cache.
        self._free: asyncio.LifoQueue[Place[S]] = asyncio.LifoQueue()
        for place in places:
            self._free.put_nowait(place)

    @property
    def inside(self) -> bool:
        """Return whether who asks is at one of them just now."""
        return any(place.inside for place in self._places)

    async def visit(self, work: Callable[[S], T]) -> T:
        """Have the work done at the next free place."""
        place = await self._free.get()
        try:
            return await place.visit(work)
        finally:
            self._free.put_nowait(place)

    async def settle(self) -> None:
        """As `Database.settle`, everywhere."""
        for place in self._places:
            await place.settle()

    async def take_over(self) -> None:
        """As `Database.take_over`, everywhere."""
        for place in self._places:
            await place.take_over()

    def stop(self) -> Awaitable[object]:
        """Tell every place first and wait after: a cancelled close still ends them all."""
        return _stop(self._places)


def _stop(places: Sequence[Place[S]]) -> Awaitable[object]:
    stopping = [place.stop() for place in places]
    return asyncio.gather(*(one for one in stopping if one is not None))


class Database(Generic[S]):
    """The database of one process. Open one, share it, close it.

    Values that leave a visit are detached: plain values, dataclasses and loaded columns stay good,
    lazy relationships do not.

    A caller that is cancelled while waiting stops waiting, nothing more: its work still runs whole
    and commits, or fails whole. So whoever may be cancelled must be able to repeat the work. Work
    may be run again from its beginning before it counts, so all that it does is in the store and
    in what it returns.
    """

    def __init__(self, writer: Place[S], reader: Place[S]) -> None:
        """Use `Database.open`, or `storage.postgres.open_server`."""
        self._writer = writer
        self._reader = reader
        self._closed = False
        self._listening: list[Callable[[], object]] = []
        self._ended = asyncio.Event()
        self._why: Exception = DatabaseClosed("the database has been closed")

    def after_write(self, told: Callable[[], object]) -> None:
        """Call `told` in the event loop whenever a write has been committed."""
        self._listening.append(told)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        path: Path,
        make_store: Callable[[Session], S],
        *,
        readers: int = 2,
        busy_timeout: float = 5.0,
        place: Stand[S] = in_thread,
    ) -> AsyncIterator[Self]:
        """Open the SQLite file (made if missing, without tables) for the length of the block.

        `make_store` wraps each visit's session; `busy_timeout` is in seconds; `place` says where
        desks stand: a simulator has no threads.
        Raises `DatabaseUnavailable`.
        """
        opened: list[Place[S]] = []
        try:
            for writes in (True, *[False] * readers):
                desk = partial(Desk, path, make_store, writes=writes, busy_timeout=busy_timeout)
                opened.append(await place(desk))
            database = cls(opened[0], Pool(opened[1:]))
        except BaseException:
            await _stop(opened)
            raise
        try:
            yield database
        finally:
            await database.close()

    async def write(self, work: Callable[[S], T]) -> T:
        """Run `work(store)` in one write transaction and return its result once committed.

        Raises what `work` raises (then nothing of it happened), `DatabaseBusy` and
        `DatabaseUnwritable` (then neither), `DatabaseDamaged`, `Superseded`, `DatabaseClosed`,
        `NestedVisit`, and `TypeError` if `work` is asynchronous.
        """
        self._check_caller()
        result = await self._visited(self._writer, work)
        for told in self._listening:
            told()
        return result

    async def settle(self) -> None:
        """Bring everything written into the file itself, and empty the log beside it.

        What was erased would stand in the log until it is written over. Where somebody reads on
        the log just then it stays, and the next settling empties it.
        """
        self._check_caller()
        await self._writer.settle()

    async def read(self, work: Callable[[S], T]) -> T:
        """Run `work(store)` on one snapshot that holds every write already returned.

        Raises as `write` does, and `sqlalchemy.exc.OperationalError` if `work` tries to write.
        """
        self._check_caller()
        return await self._visited(self._reader, work)

    async def take_over(self) -> None:
        """Be the one run that writes: one before this, should it still live, writes no more."""
        await self._writer.take_over()

    async def until_lost(self) -> None:
        """Wait until nobody can work with the database any more, and raise why.

        Raises `DatabaseDamaged`, `Superseded`.
        """
        await self._ended.wait()
        raise self._why

    async def _visited(self, place: Place[S], work: Callable[[S], T]) -> T:
        try:
            return await place.visit(work)
        except (DatabaseDamaged, Superseded) as error:
            self._why = error
            self._ended.set()
            raise

    async def close(self) -> None:
        """Let queued work finish, then end the threads. Closing twice is harmless."""
        if not self._closed:
            self._closed = True
            await _stop([self._writer, self._reader])

    def _check_caller(self) -> None:
        if self._writer.inside or self._reader.inside:
            raise NestedVisit("work inside a visit must use the store it was given")
        if self._closed:
            raise DatabaseClosed("the database has been closed")
