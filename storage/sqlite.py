"""One SQLite connection and the rules under which it is used, all of it synchronous.

A `Desk` is a connection with an engine over it; somebody comes, does a whole piece of work in one
transaction, and leaves. It belongs to the thread that opened it. `storage.database` gives each desk
a thread and brings the work there.

Facts relied on: in WAL mode readers never block the writer nor the writer readers, and a process
killed at any point loses no commit at any `synchronous` level (https://sqlite.org/wal.html,
https://sqlite.org/pragma.html#pragma_synchronous). Only FULL also keeps the last commits through a
power cut, and an acknowledged update is gone from Telegram, so it is FULL.
"""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DatabaseError as SqlDatabaseError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from storage.errors import DatabaseBusy, DatabaseUnavailable, DatabaseUnwritable, Superseded
from storage.inspecting import DatabaseDamaged
from storage.visiting import done

S = TypeVar("S")
T = TypeVar("T")

_PRAGMAS = (
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",  # what is erased is overwritten with zeros, not only forgotten
    "cache_size = -16384",  # KiB, an upper bound: the indexes a bulk import touches stay in memory
    "journal_size_limit = 67108864",  # bytes the write-ahead log keeps after a checkpoint
)
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNWRITABLE = {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
}  # fmt: skip
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def connect(path: Path, busy_timeout: float = 5.0) -> sqlite3.Connection:
    """Open the file with every promise switched on and no transaction of the driver's own making.

    `busy_timeout` is in seconds. Raises `DatabaseUnavailable`.
    """
    raw = None
    try:
        raw = sqlite3.connect(
            path, timeout=busy_timeout, isolation_level=None, cached_statements=512
        )
        # A pragma cursor left open counts as a running statement: the engine's first rollback
        # over it blocks, and with it the exit of the process.
        for pragma in ("journal_mode = WAL", *_PRAGMAS):
            raw.execute(f"PRAGMA {pragma}").close()
    except sqlite3.Error as error:
        if raw is not None:
            raw.close()
        raise DatabaseUnavailable(path, str(error)) from error
    return raw


def engine_over(
    raw: sqlite3.Connection, begin: str, begun: Callable[[], object] = lambda: None
) -> Engine:
    """An engine that only ever uses `raw`, and starts its transactions with `begin`.

    `begun` is called in each before anything else; what it raises ends it.
    """
    engine = create_engine(
        "sqlite://",
        creator=lambda: raw,
        poolclass=StaticPool,
        json_serializer=compact_json,
        hide_parameters=True,  # errors end up in logs, parameters are people's data
    )

    def do_begin(_connection: object) -> None:
        raw.execute(begin).close()
        try:
            begun()
        except BaseException:
            raw.execute("ROLLBACK").close()
            raise

    # Not by an event: an engine that has one looks for listeners around each of its statements,
    # and takes a quarter longer for all of them.
    engine.dialect.do_begin = do_begin  # type: ignore[assignment,method-assign]
    return engine


class Desk(Generic[S]):
    """A connection, its engine and the way work is done at it; never leaves its thread.

    A writing desk begins IMMEDIATE, so what a piece of work reads cannot change before it writes. A
    reading desk begins DEFERRED, sees one snapshot throughout, and is refused every write.
    """

    def __init__(
        self,
        path: Path,
        make_store: Callable[[Session], S],
        *,
        writes: bool,
        busy_timeout: float = 5.0,
    ) -> None:
        self._path = path
        self._make_store = make_store
        self._writes = writes
        self._turn: int | None = None  # of those who took over; None: this desk never did
        self.raw = connect(path, busy_timeout)
        try:
            if not writes:
                self.raw.execute("PRAGMA query_only = ON").close()
            # One lasting connection: a checkout from the pool for each visit would cost 20 µs.
            self._connection = engine_over(
                self.raw, "BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED", self._still_mine
            ).connect()
        except BaseException:
            self.raw.close()
            raise

    def visit(self, work: Callable[[S], T]) -> T:
        """Run `work` in one transaction: committed if it returns, as if never run if it raises.

        The session is new for the visit and closed after it. What `work` returns keeps its loaded
        values; a relationship not loaded during the visit raises `DetachedInstanceError` later.
        Raises `DatabaseBusy`, `DatabaseUnwritable`, `DatabaseDamaged`, `Superseded`, `TypeError`
        for asynchronous work, and whatever `work` raises.
        """
        session = Session(self._connection, expire_on_commit=False)
        try:
            return done(session, lambda: work(self._make_store(session)), writes=self._writes)
        except (SqlDatabaseError, sqlite3.DatabaseError) as error:
            meant = self._meant(error)
            if meant is None:
                raise
            raise meant from error
        finally:
            session.close()
            self._begin_anew()

    def _begin_anew(self) -> None:
        """Leave nothing of a commit that failed: SQLAlchemy keeps its transaction for a rollback
        that a session that is closed no longer makes, and no other could ever begin.
        """
        left = self._connection.get_transaction()
        if left is not None:
            left.rollback()
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK").close()

    def settle(self) -> None:
        """Checkpoint the write-ahead log and cut it to nothing, unless somebody reads on it."""
        self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def take_over(self) -> None:
        """Be the one who writes: every desk that took over before is refused from now on.

        The turn stands in the file's own header, so it is part of every transaction.
        """
        self.raw.execute("BEGIN IMMEDIATE").close()
        try:
            turn = (self._turn_now() + 1) & 0x7FFFFFFF
            self.raw.execute(f"PRAGMA user_version = {turn}").close()
            self.raw.execute("COMMIT").close()
        except BaseException:
            self.raw.execute("ROLLBACK").close()
            raise
        self._turn = turn

    def _turn_now(self) -> int:
        cursor = self.raw.execute("PRAGMA user_version")
        (turn,) = cursor.fetchone()
        cursor.close()
        return int(turn)

    def _still_mine(self) -> None:
        if self._turn is not None and self._turn_now() != self._turn:
            raise Superseded(self._path)

    def _meant(self, error: SqlDatabaseError | sqlite3.DatabaseError) -> Exception | None:
        """Return what an error of SQLite says about the file; None: about the work."""
        cause = error.orig if isinstance(error, SqlDatabaseError) else error
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        if code in _LOCKED:
            return DatabaseBusy(self._path)
        if code in _DAMAGED:
            return DatabaseDamaged(self._path, str(cause))
        if code in _UNWRITABLE and self._writes:
            return DatabaseUnwritable(self._path, str(cause))
        return None

    def close(self) -> None:
        """Give everything back, in the desk's own thread. Closing twice is harmless."""
        self._connection.close()
        self._connection.engine.dispose()
        self.raw.close()


# One for all: `json.dumps` makes a new encoder for each value that is not written its usual way.
compact_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
