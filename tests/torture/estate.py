"""The same house by five processes over PostgreSQL and Redis: each may be killed, or all of it.

Two webs behind a proxy, a courier and its standby, a scheduler; whoever ends by himself is started
again, as a supervisor would.
"""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from app.roles import Role
from tests.several import Process, Proxy
from tests.sharing.servers import RedisServer
from tests.torture.engines import Postgres
from tests.torture.house import PATIENCE, House
from tests.torture.reading import Reader

PARTS: Final[Sequence[tuple[Role, str]]] = (
    ("web", "web"), ("web", "other_web"), ("courier", "courier"), ("courier", "standby"),
    ("scheduler", "scheduler"),
)  # fmt: skip
BEGUN_BEFORE: Final = (
    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'daifa' AND xact_start < :moment"
)
LOOK: Final = 0.2  # seconds between two looks of the supervisor


class Estate(House):
    """The house of a story: people and programs find it at one address, the proxy's."""

    def __init__(
        self, folder: Path, telegram: str, platforms: str, *, postgres: Postgres,
        redis: RedisServer, database: str,
    ) -> None:  # fmt: skip
        super().__init__(folder, telegram, platforms)
        self.postgres, self.redis = postgres, redis
        self.database = database
        self.facts |= {
            "public_url": self.address, "redis_url": redis.url,
            "database_url": postgres.address(database).render_as_string(hide_password=False),
            "keys_path": str(folder / "var" / "keys.json"),
        }  # fmt: skip
        self.processes = [Process(role, name, folder, self.facts) for role, name in PARTS]
        self._attending = asyncio.Lock()
        self.left = list[str]()  # what those said last who ended by themselves

    @asynccontextmanager
    async def attended(self) -> AsyncIterator[None]:
        """Have the proxy at work for the length of the block, and the supervisor."""
        webs = [one.port for one in self.processes if one.role == "web"]
        async with Proxy(webs).at(self.port):
            attending = asyncio.create_task(self._attend())
            try:
                yield
            finally:
                attending.cancel()
                await asyncio.gather(attending, return_exceptions=True)

    async def starts(self, *, whole: bool = False) -> None:
        """Live, all of it."""
        await self.are_started(self.processes)

    async def are_started(self, some: Sequence[Process]) -> None:
        """Have these live again."""
        for one in some:
            await one.starts()

    async def is_ready(self, patience: float = PATIENCE) -> float:
        """Wait until every process is, whoever is started again meanwhile."""
        began = time.monotonic()
        async with asyncio.timeout(patience):
            for one in self.processes:
                while await one.says() is None:  # noqa: ASYNC110 - it has no bell
                    await asyncio.sleep(0.05)
        return time.monotonic() - began

    async def is_killed(self) -> None:
        """Die by SIGKILL, all of it."""
        await self.are_killed([one for one in self.processes if one.lives])

    async def are_killed(self, some: Sequence[Process]) -> None:
        """Let these die by SIGKILL, at once."""
        async with self._attending:
            codes = await asyncio.gather(*(one.ends(signal.SIGKILL) for one in some))
        for one, code in zip(some, codes, strict=True):
            if code != -signal.SIGKILL:
                self._note(one)

    async def is_ended(self, one: Process) -> int | None:
        """Have it end as an operator does; return its exit code."""
        async with self._attending:
            return await one.ends(signal.SIGTERM)

    async def their_last_is_done(self, reader: Reader) -> None:
        """Wait until the server has done what those who died had still sent it: a commit, say."""
        [[died]] = await reader.rows("SELECT clock_timestamp()")
        async with asyncio.timeout(PATIENCE):
            while await reader.rows(BEGUN_BEFORE, moment=died):  # noqa: ASYNC110 - it has no bell
                await asyncio.sleep(0.01)

    async def one_of(self, role: Role, rng: random.Random) -> Process:
        """Return a process of a role, by preference who leads."""
        able = [one for one in self.processes if one.role == role]
        leading = [one for one in able if role == "courier" and await one.leads(role)]
        return rng.choice(leading or able)

    def said(self) -> str:
        """Return the ends of their logs."""
        return "\n".join(f"-- {one.name}\n{one.said()}" for one in self.processes)

    async def _attend(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            async with self._attending:
                for one in self.processes:
                    if one.has_ended:
                        self._note(one)
                        await one.starts()

    def _note(self, one: Process) -> None:
        self.left.append(f"{one.name}: {one.said()[-300:]}")
