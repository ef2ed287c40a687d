"""A PostgreSQL server as the database: many visits write at once, and none loses what another did.

A visit is one transaction on one connection. The work stays a plain synchronous function: it runs
in a greenlet that waits for the server (SQLAlchemy's `run_sync`), so others go on meanwhile.

Every transaction sees one snapshot (REPEATABLE READ), and the server refuses a write over what has
changed since (https://www.postgresql.org/docs/current/transaction-iso.html#XACT-REPEATABLE-READ).
The visit is then run again from its beginning. What is only decided by, and not written:
`storage.holding`. Why not SERIALIZABLE: docs/decisions/0025.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import URL, Connection, ExceptionContext, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from storage.database import Database, Pool
from storage.errors import (
    DatabaseAway,
    DatabaseBusy,
    DatabaseUnavailable,
    DatabaseUncertain,
    DatabaseUnwritable,
)
from storage.holding import ALONE, AloneFirst, ServerSession
from storage.inspecting import DatabaseDamaged
from storage.server_faults import FAILURES, UNREACHED, CutOff, fault_of, reason_of
from storage.server_url import server_name
from storage.sqlite import compact_json
from storage.visiting import done

S = TypeVar("S")
T = TypeVar("T")

WRITERS: Final = 6
READERS: Final = 4
PATIENCE: Final = 5.0  # seconds a visit is tried again for, and a server waited for that is away
TRIES: Final = 8  # at least, of a visit that others come between
_PAUSE: Final = 0.002  # seconds before the second try; doubled for each after it
_LONGEST: Final = 0.25
_COMMITTING: Final = "daifa_committing"
_AGAIN: Final = Exception("the same again")
_inside: ContextVar[bool] = ContextVar("inside a visit", default=False)
_SERVER_SETTINGS: Final = {
    "application_name": "daifa",
    "TimeZone": "UTC",
    "jit": "off",  # our statements are short: compiling them takes longer than running them
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",  # a stopped process lets go of its rows
}


def server_engine(url: URL) -> AsyncEngine:
    """Return an engine that opens a connection for whoever asks, and keeps none."""
    engine = create_async_engine(
        url,
        poolclass=NullPool,
        json_serializer=compact_json,
        hide_parameters=True,  # errors end up in logs, parameters are people's data
        query_cache_size=2_000,
        connect_args={
            "timeout": 10,
            "command_timeout": 60,
            "prepared_statement_cache_size": 500,
            "server_settings": _SERVER_SETTINGS,
        },
    )

    @event.listens_for(engine.sync_engine, "commit")
    def _commit(connection: Connection) -> None:
        connection.info[_COMMITTING] = True

    @event.listens_for(engine.sync_engine, "handle_error")
    def _failed(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, OSError | TimeoutError):
            raise CutOff(type(context.original_exception).__name__)

    return engine


class ServerPlace(Generic[S]):
    """One connection, and whole visits on it, one after another.

    It is opened when first needed, and anew after it broke.
    """

    def __init__(
        self, engine: AsyncEngine, make_store: Callable[[Session], S], *, writes: bool,
        turns: asyncio.Lock, patience: float,
    ) -> None:  # fmt: skip
        self._engine = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=not writes
        )
        self._make_store = make_store
        self._writes = writes
        self._turns = turns
        self._patience = patience
        self._where = server_name(engine.url)
        self._connection: AsyncConnection | None = None
        self._info: dict[str, Any] = {}

    @property
    def inside(self) -> bool:
        """Return whether who asks is within a visit."""
        return _inside.get()

    async def visit(self, work: Callable[[S], T]) -> T:
        """Run `work` in one transaction, again where others came between.

        Raises `DatabaseBusy`, `DatabaseAway` and `DatabaseUnwritable` (nothing of it happened),
        `DatabaseUncertain`, `DatabaseDamaged`, `TypeError` for asynchronous work, and whatever
        `work` raises.
        """
        _inside.set(True)  # each visit is a task of its own, so nobody else sees this
        began, tried, alone = time.monotonic(), 0, set[str]()
        while True:
            tried += 1
            try:
                if tried == 1:
                    return await self._once(work, alone)
                async with self._turns:  # those who come again do not come between each other
                    return await self._once(work, alone)
            except AloneFirst as first:
                alone.add(first.table)
                continue
            except FAILURES as error:
                meant = self._meant(error, tried, time.monotonic() - began)
                if meant is None:
                    raise
                if meant is not _AGAIN:
                    raise meant from error
            await asyncio.sleep(min(_PAUSE * 2**tried, _LONGEST) * random.uniform(0.5, 1.5))  # noqa: S311

    async def open(self) -> AsyncConnection:
        """Return the connection, opened if there is none. Raises one of `UNREACHED`."""
        if self._connection is None:
            self._connection = await self._engine.connect()
            # Kept apart: a connection that broke does not give it any more.
            self._info = self._connection.sync_connection.info  # type: ignore[union-attr]
        return self._connection

    async def settle(self) -> None:
        """Nothing: the server writes its own log, and empties it."""

    async def take_over(self) -> None:
        """Nothing: who works is decided by a lock in the server, `storage.server_ownership`."""

    def stop(self) -> Awaitable[object]:
        """Give the connection back."""
        return asyncio.ensure_future(self._close())

    async def _once(self, work: Callable[[S], T], alone: Collection[str]) -> T:
        try:
            connection = await self.open()
        except UNREACHED as error:
            raise CutOff(reason_of(error)) from error  # whatever the server said: away
        try:
            return await connection.run_sync(self._do, work, alone)
        except BaseException:
            await self._begin_anew(connection)
            raise

    def _do(self, connection: Connection, work: Callable[[S], T], alone: Collection[str]) -> T:
        self._info.pop(_COMMITTING, None)
        kind = ServerSession if self._writes else Session
        session = kind(connection, expire_on_commit=False, info={ALONE: alone})
        try:
            for table in sorted(alone):  # a LOCK takes no snapshot: what is read comes after it
                session.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
            return done(session, lambda: work(self._make_store(session)), writes=self._writes)
        finally:
            session.close()

    async def _begin_anew(self, connection: AsyncConnection) -> None:
        """Leave nothing of what failed; a connection that cannot do that is given up."""
        try:
            await connection.rollback()
            broken = connection.invalidated
        except Exception:  # noqa: BLE001 - what went wrong first is being raised
            broken = True
        if broken:
            await self._close(broken=True)

    async def _close(self, *, broken: bool = False) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(Exception):
            if broken:
                await connection.invalidate()
        with suppress(Exception):
            await connection.close()

    def _meant(self, error: BaseException, tried: int, waited: float) -> Exception | None:
        """Return what an error means for who asked: `_AGAIN`, another error, None for this one."""
        fault = fault_of(error)
        if fault == "conflict":
            done = tried >= TRIES and waited > self._patience
            return DatabaseBusy(self._where, "by others") if done else _AGAIN
        if fault == "lost" and self._info.pop(_COMMITTING, False):
            return DatabaseUncertain(self._where)
        if fault == "lost":
            away = DatabaseAway(self._where, reason_of(error))
            return away if waited > self._patience else _AGAIN
        if fault == "damaged":
            return DatabaseDamaged(self._where, str(error))
        if fault == "unwritable" and self._writes:
            return DatabaseUnwritable(self._where, str(error))
        return None


class ServerPool(Pool[S]):
    """Places on a server: a visit is a task, so who gives up waiting leaves it whole."""

    def __init__(self, places: list[ServerPlace[S]]) -> None:
        super().__init__(places)
        self._under_way: set[asyncio.Task[Any]] = set()

    async def visit(self, work: Callable[[S], T]) -> T:
        """Have the work done at the next free place, to its end."""
        visiting = asyncio.create_task(super().visit(work))
        self._under_way.add(visiting)
        visiting.add_done_callback(self._under_way.discard)
        return await asyncio.shield(visiting)

    def stop(self) -> Awaitable[object]:
        """Close the connections once all that has been begun is done."""
        return asyncio.ensure_future(self._stopped())

    async def _stopped(self) -> None:
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await super().stop()


@asynccontextmanager
async def open_server(
    url: URL, make_store: Callable[[Session], S], *, writers: int = WRITERS,
    readers: int = READERS, patience: float = PATIENCE,
) -> AsyncIterator[Database[S]]:  # fmt: skip
    """Open the database at this address for the length of the block.

    As `Database.open` for a file; `patience` is in seconds. Raises `DatabaseUnavailable`.
    """
    engine, turns = server_engine(url), asyncio.Lock()
    writing, reading = (
        [
            ServerPlace(engine, make_store, writes=writes, turns=turns, patience=patience)
            for _ in range(many)
        ]
        for writes, many in ((True, writers), (False, readers))
    )
    try:
        await writing[-1].open()  # the first that is taken
    except UNREACHED as error:
        raise DatabaseUnavailable(server_name(url), reason_of(error)) from error
    database = Database(ServerPool(writing), ServerPool(reading))
    try:
        yield database
    finally:
        await database.close()
        await engine.dispose()
