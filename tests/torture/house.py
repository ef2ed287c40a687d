"""The whole house as a process of its own, so that it can be killed like one.

`starts(whole=True)` is the operator's `daifa run`. Without it the same `app.serve.run` is forked
from a process that has imported everything already: it lives again within a moment, and its courier
does not wait a second between two messages of a chat.
"""

import asyncio
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final, NamedTuple

import httpx

from app.logging import configure
from app.sandboxed import in_sandbox
from app.serve import run
from app.settings import Settings
from bot.courier import Pace
from playground.people import DEFAULT_BOT

ROOT: Final = Path(__file__).parents[2]
PACE: Final = Pace(chat_pause=0.02)
PATIENCE: Final = 180.0  # seconds for a process to do what it should


class Left(NamedTuple):
    """How a process ended: its exit code, and how many seconds it took."""

    code: int
    seconds: float


class House:
    """One house in a folder, any number of lives; it listens on the same port in each."""

    def __init__(self, folder: Path, telegram: str, platforms: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        given = in_sandbox(platforms) | {
            "bot_token": DEFAULT_BOT.token, "telegram_api": telegram, "var": folder / "var",
            "port": self.port, "metrics_port": 0, "webhooks_private": True,
        }  # fmt: skip
        self.facts = {name: _plain(value) for name, value in given.items()}
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__, "pytest"])
        self._life: BaseProcess | subprocess.Popen[bytes] | None = None
        self._began = 0.0

    @property
    def settings(self) -> Settings:
        return settings_of(self.facts)

    @property
    def environment(self) -> dict[str, str]:
        """What `daifa run` finds in its environment."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DAIFA_")}
        own = {f"DAIFA_{name.upper()}": value for name, value in self.facts.items()}
        return {**kept, **own, "PYTHONPATH": str(ROOT)}

    async def starts(self, *, whole: bool = False) -> None:
        """Live again."""
        assert self._life is None
        self._began = time.monotonic()
        if whole:
            self._life = await asyncio.to_thread(self._runs)
        else:
            life = self._context.Process(target=_live, args=(self.folder, self.facts), daemon=True)
            await asyncio.to_thread(life.start)
            self._life = life

    def _runs(self) -> subprocess.Popen[bytes]:
        with (self.folder / "house.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "app.cli", "run"], cwd=self.folder,
                env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip

    async def is_killed(self) -> None:
        """Die by SIGKILL, in the middle of whatever it is doing, if it lives."""
        if self._life is None:
            return
        left = await self.is_told(signal.SIGKILL)
        assert left.code == -signal.SIGKILL, f"it had ended by itself: {self.said()}"

    async def is_told(self, *signs: signal.Signals) -> Left:
        """Send signals, the second when the first has been taken; return how it ended."""
        life, began = self._life, time.monotonic()
        assert life is not None
        assert life.pid is not None
        first, *others = signs
        os.kill(life.pid, first)
        if others:
            await self._has_taken(first)
            for sign in others:
                os.kill(life.pid, sign)
        code = await asyncio.to_thread(_code_of, life)
        self._life = None
        return Left(code, time.monotonic() - began)

    async def is_ready(self, patience: float = PATIENCE) -> float:
        """Wait until `/readyz` says so; returns the seconds since it was started."""
        async with httpx.AsyncClient(base_url=self.address) as client, asyncio.timeout(patience):
            while True:
                try:
                    if (await client.get("/readyz")).status_code == 200:
                        return time.monotonic() - self._began
                except httpx.TransportError:
                    pass  # nobody listens there yet
                await asyncio.sleep(0.02)

    def said(self) -> str:
        """Return the end of its log."""
        log = self.folder / "house.log"
        return log.read_text("utf-8")[-3000:] if log.exists() else ""

    async def _has_taken(self, sign: signal.Signals) -> None:
        """Wait until the process has the signal's handler no more: it has taken it."""
        assert self._life is not None
        status = Path(f"/proc/{self._life.pid}/status")
        async with asyncio.timeout(PATIENCE):
            while _catches(status, sign):  # noqa: ASYNC110 - it has no bell
                await asyncio.sleep(0.005)


def free_port() -> int:
    """Return a port of this machine nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def settings_of(facts: Mapping[str, str]) -> Settings:
    """Return settings as they are read from texts."""
    return Settings(_env_file=None, **facts)  # type: ignore[arg-type]


def _plain(value: object) -> str:
    secret = getattr(value, "get_secret_value", None)
    return str(secret() if secret else value)


def _code_of(life: BaseProcess | subprocess.Popen[bytes]) -> int:
    if isinstance(life, subprocess.Popen):
        return life.wait(PATIENCE)
    life.join(PATIENCE)
    code = life.exitcode
    assert code is not None, "it does not end"
    life.close()
    return code


def _catches(status: Path, sign: signal.Signals) -> bool:
    """Read from /proc whether a process has a handler of its own for a signal (proc(5), SigCgt)."""
    said = status.read_text().splitlines() if status.exists() else []
    line = next((one for one in said if one.startswith("SigCgt:")), "SigCgt: 0")
    return bool(int(line.split()[1], 16) & 1 << (sign - 1))


def _live(folder: Path, facts: Mapping[str, str]) -> None:
    with (folder / "house.log").open("a") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    configure("console", "INFO", secrets=[DEFAULT_BOT.token])
    asyncio.run(run(settings_of(facts), PACE))
