"""One owner at a time among several machines: leases in the database, on the database's clock.

As `storage.ownership` is on one machine. A holder renews at a third of the lease's life and stops
before it ends by its own monotonic clock, which began before the server's. Whoever comes after it
takes a new turn; what a former holder still tries to write carries its old one and is refused
(`fenced`): a process that stood still for an hour changes nothing when it wakes.

Relied on (https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS): a change of
`turn`, which is in a unique index, waits for those who hold the row FOR KEY SHARE and refuses those
who ask for it with an older snapshot; a renewal, which changes no key, does neither.
"""

import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import URL, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Session

from storage.errors import DatabaseError

LIFE: Final = 9.0  # seconds
FAILED: Final = (SQLAlchemyError, OSError, TimeoutError)  # the server could not be asked

_TAKE: Final = text("""
    INSERT INTO lease AS mine (name, holder, turn, since, until)
    VALUES (:name, :holder, 1, now(), now() + :life * interval '1 second')
    ON CONFLICT (name) DO UPDATE SET
        holder = excluded.holder, turn = mine.turn + 1,
        since = excluded.since, until = excluded.until
    WHERE mine.until <= now()
    RETURNING turn
""")
_RENEW: Final = text("""
    UPDATE lease SET until = now() + :life * interval '1 second'
    WHERE name = :name AND turn = :turn AND until > since RETURNING turn
""")
_RELEASE: Final = text("UPDATE lease SET until = since WHERE name = :name AND turn = :turn")
_STANDING: Final = text("""
    SELECT name, holder, turn, since, until > now() AS held FROM lease ORDER BY name
""")
_TURN: Final = text("SELECT turn FROM lease WHERE name = :name FOR KEY SHARE")


class LeaseLost(DatabaseError):
    """Another process has taken the work over: nothing of this one's is written any more."""

    def __init__(self, name: str) -> None:
        super().__init__(f"another process has taken over: {name}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Held:
    """A lease this process holds; `until` is by `time.monotonic`."""

    name: str
    turn: int
    until: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A lease as everybody sees it; `holder` is a run id."""

    name: str
    holder: str
    turn: int
    since: datetime
    held: bool


class Leases:
    """The leases of one process, asked for over a connection that nothing else waits for."""

    def __init__(self, engine: AsyncEngine, *, life: float = LIFE) -> None:
        """`engine` is `lease_engine`'s; `life` in seconds."""
        self.life = life
        self.run_id = secrets.token_hex(8)
        self._engine = engine

    async def take(self, name: str) -> Held | None:
        """Return the lease, with a new turn, where nobody holds it. Raises one of `FAILED`."""
        began = time.monotonic()
        rows = await self._ask(_TAKE, {"name": name, "holder": self.run_id, "life": self.life})
        return Held(name, rows[0].turn, began + self.life) if rows else None

    async def renew(self, held: Held) -> Held:
        """Return it with its whole life before it. Raises `LeaseLost`, or one of `FAILED`."""
        began = time.monotonic()
        asked = {"name": held.name, "turn": held.turn, "life": self.life}
        if not await self._ask(_RENEW, asked):
            raise LeaseLost(held.name)
        return replace(held, until=began + self.life)

    async def release(self, held: Held) -> None:
        """Leave it to the next one at once; where the server is away, it ends by itself."""
        with suppress(*FAILED):
            await self._ask(_RELEASE, {"name": held.name, "turn": held.turn})

    async def standing(self) -> Sequence[Standing]:
        """Return who holds what, and since when. Raises one of `FAILED`."""
        return [Standing(*row) for row in await self._ask(_STANDING, {})]

    async def _ask(self, statement: Any, values: dict[str, Any]) -> Sequence[Any]:
        async with self._engine.connect() as connection:
            answer = await connection.execute(statement, values)
            return answer.all() if answer.returns_rows else ()


def fenced(session: Session, held: Held) -> None:
    """Let this transaction count only while the lease is ours. Raises `LeaseLost`."""
    turn = session.execute(_TURN, {"name": held.name}).scalar_one_or_none()
    if turn != held.turn:
        raise LeaseLost(held.name)


def lease_engine(url: URL, life: float = LIFE) -> AsyncEngine:
    """Return an engine with one connection; a server that does not answer fails in good time."""
    patience = life / 3
    return create_async_engine(
        url, pool_size=1, max_overflow=0, pool_pre_ping=True, isolation_level="AUTOCOMMIT",
        connect_args={
            "timeout": patience, "command_timeout": patience,
            "server_settings": {"application_name": "daifa leases", "TimeZone": "UTC"},
        },
    )  # fmt: skip
