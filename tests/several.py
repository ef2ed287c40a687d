"""A house of several processes: each in a role of its own, behind a proxy, over one PostgreSQL."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

import httpx

from app.logging import configure
from app.roles import Role, run_role
from app.settings import Settings
from bot.courier import Pace
from tests.torture.house import free_port

PACE: Final = Pace(chat_pause=0.02)
PATIENCE: Final = 90.0  # seconds for a process to do what it should


class Process:
    """`daifa web`, `courier` or `scheduler`, any number of lives on the same port."""

    def __init__(self, role: Role, name: str, folder: Path, facts: dict[str, Any]) -> None:
        self.role, self.name, self.folder = role, name, folder
        self.port = free_port()
        self._facts = {**facts, "port": self.port, "var": str(folder / name), "metrics_port": 0}
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__, "pytest"])
        self._life: BaseProcess | None = None

    async def starts(self) -> None:
        """Live again."""
        life = self._context.Process(
            target=_live, args=(self.role, self.log, self._facts), daemon=True
        )
        await asyncio.to_thread(life.start)
        self._life = life

    async def ends(self, sign: signal.Signals = signal.SIGTERM) -> int | None:
        """Send a signal, and return the exit code it ended with."""
        life, self._life = self._life, None
        assert life is not None
        assert life.pid is not None
        os.kill(life.pid, sign)
        await asyncio.to_thread(life.join, PATIENCE)
        return life.exitcode

    async def stands(self) -> dict[str, Any]:
        """Wait until it is ready, and return what it says of itself."""
        async with asyncio.timeout(PATIENCE):
            while (found := await self.says()) is None:
                assert not self.has_ended, self.said()
                await asyncio.sleep(0.05)
        return found

    async def says(self) -> dict[str, Any] | None:
        """Return what it says of itself, if it is ready."""
        async with httpx.AsyncClient() as client:
            with suppress(httpx.TransportError):
                answer = await client.get(f"http://127.0.0.1:{self.port}/readyz")
                if answer.status_code == 200:
                    found: dict[str, Any] = answer.json()
                    return found
        return None

    @property
    def lives(self) -> bool:
        """Return whether it was started, and has not been ended."""
        return self._life is not None

    @property
    def has_ended(self) -> bool:
        """Return whether it was started and is no more, by itself."""
        return self._life is not None and not self._life.is_alive()

    async def leads(self, work: str) -> bool:
        """Return whether it is this process that does it; not ready, it says nothing."""
        leads = (await self.says() or {}).get("leads", {})
        return any(one.startswith(work) and told["here"] for one, told in leads.items())

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def said(self) -> str:
        """Return the end of its log."""
        return self.log.read_text("utf-8")[-3000:] if self.log.exists() else ""

    async def is_gone(self) -> None:
        """End it, if it lives."""
        if self._life is not None and self._life.is_alive():
            await self.ends(signal.SIGKILL)


def _live(role: Role, log: Path, facts: dict[str, Any]) -> None:
    os.setsid()
    out = log.open("a", encoding="utf-8")
    os.dup2(out.fileno(), 1)
    os.dup2(out.fileno(), 2)
    configure("console", "INFO")
    settings = Settings(_env_file=None, **facts)
    asyncio.run(run_role(role, settings, PACE))


class Proxy:
    """Whoever calls is brought to the next process that answers: plain connections, in turn."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = list(ports)
        self._open = set[asyncio.Task[None]]()

    @asynccontextmanager
    async def at(self, port: int) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._call, "127.0.0.1", port)
        try:
            yield
        finally:
            server.close()
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    async def _call(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        try:
            there = await self._there()
            if there is not None:
                async with asyncio.TaskGroup() as both:
                    both.create_task(_pour(there[0], writer))
                    both.create_task(_pour(reader, there[1]))
        except asyncio.CancelledError:
            pass
        finally:
            writer.close()

    async def _there(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self._ports:
            self._ports.append(self._ports.pop(0))
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self._ports[-1])
        return None


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        with suppress(OSError):
            while data := await source.read(65_536):
                target.write(data)
                await target.drain()
    finally:
        target.close()
