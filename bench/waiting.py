"""Programs that wait for events: how soon one hears, and what a waiting one holds in memory.

500 wait over HTTP, each on a connection of its own. Timed is from the commit of an act to its event
at the one program it is for; the floor is a bare ASGI app under the same uvicorn that lets the same
one of 500 go. Memory is a server's in a process of its own (`python -m bench.waiting FOLDER KIND`).
"""

import asyncio
import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import psutil

from bench.asking import HOST, Client
from bench.figures import Rounds, Row, micros, middle, p99
from bench.house import prepare
from bench.races import calm_the_collector
from bench.scenes import Scene, bare_scene, our_scene

HERE = Path(__file__).parent.parent
KILO = 1_000


class Sizes(NamedTuple):
    """How many wait, and how many events are heard in how many rounds."""

    waiting: int = 500
    events: int = 40
    rounds: int = 5

    @property
    def all(self) -> int:
        """Return how many events are needed; those of the first round only warm."""
        return self.events * (1 + self.rounds)


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the rows of waiting."""
    calm_the_collector()
    made = await prepare(folder, sizes.all)
    async with our_scene(made) as scene:
        ours = await _heard(scene, sizes)
    async with bare_scene() as scene:
        floor = await _heard(scene, sizes)
    held, least = [
        await asyncio.to_thread(_held, folder, kind, sizes.waiting) for kind in ("ours", "bare")
    ]
    what, words = "event to a waiting program", f"{sizes.rounds} × {sizes.events}"
    crowd = f"{sizes.waiting} waiting"
    return [
        Row("api", f"{what}: p50", micros(middle(ours)), micros(middle(floor)), 15.0,
            measured=f"{words}; {crowd}"),
        Row("api", f"{what}: p99", micros(p99(ours)), micros(p99(floor))),
        Row("api", "memory of a waiting program", held / KILO, least / KILO, 3.0, "kB", crowd),
    ]  # fmt: skip


async def _heard(scene: Scene, sizes: Sizes) -> Rounds:
    """Return the seconds until each event was heard, while so many others wait."""
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(Client.open(scene.port)) for _ in range(sizes.waiting)
        ]
        crowd = [asyncio.create_task(_wait(one, scene)) for one in clients[1:]]
        times = [await _hear(clients[0], scene, sizes.waiting) for _ in range(sizes.all)]
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
    return [times[n : n + sizes.events] for n in range(sizes.events, sizes.all, sizes.events)]


async def _wait(client: Client, scene: Scene) -> None:
    while True:
        await client.get(*scene.asks(False))


async def _hear(client: Client, scene: Scene, waiting: int) -> float:
    async def hears() -> float:
        await client.get(*scene.asks(True))
        return time.perf_counter()

    hearing = asyncio.create_task(hears())
    while scene.waiting() < waiting:  # noqa: ASYNC110 - nobody rings here
        await asyncio.sleep(0.001)
    written = await scene.happens()
    heard: float = await hearing
    return heard - written


def _held(folder: Path, kind: str, waiting: int) -> float:
    """Return the bytes a server of its own grows by for each of so many that wait."""
    command = [sys.executable, "-m", "bench.waiting", str(folder), kind, str(1 + waiting)]
    with subprocess.Popen(
        command, cwd=HERE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child, contextlib.ExitStack() as stack:  # fmt: skip
        assert child.stdout is not None
        port, path, token = child.stdout.readline().split(" ")

        def begins() -> None:
            asking = stack.enter_context(socket.create_connection((HOST, int(port))))
            asking.sendall(
                f"GET {path} HTTP/1.1\r\nhost: {HOST}\r\n"
                f"authorization: Bearer {token.strip()}\r\n\r\n".encode()
            )

        begins()
        child.stdout.readline()  # one waits
        server = psutil.Process(child.pid)
        before: int = server.memory_info().rss
        for _ in range(waiting):
            begins()
        child.stdout.readline()  # all wait
        grown: int = server.memory_info().rss - before
        child.communicate("end")
    return grown / waiting


async def _serve(folder: Path, kind: str, waiting: int) -> None:
    """Say where to ask, when one waits and when all wait; then end with what is read."""
    scenes: AbstractAsyncContextManager[Scene]
    scenes = our_scene(await prepare(folder, 1)) if kind == "ours" else bare_scene()
    async with scenes as scene:
        path, token = scene.asks(False)
        _say(f"{scene.port} {path} {token}")
        for many in (1, waiting):
            while scene.waiting() < many:  # noqa: ASYNC110 - nobody rings here
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.2)
            _say("waiting")
        await asyncio.to_thread(sys.stdin.read)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1]) as own:
        asyncio.run(_serve(Path(own), sys.argv[2], int(sys.argv[3])))
