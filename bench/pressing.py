"""A Telegram that pushes: presses posted over a number of connections, each timed.

A process of its own (`python -m bench.pressing PORT PATH SECRET CONNECTIONS`), so that what asking
takes is not counted to who answers. Reads updates, a line each, and writes what each took.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

HOST = "127.0.0.1"


class Pressed(NamedTuple):
    """Seconds from the first press to the last answer, and of each press."""

    whole: float
    each: list[float]


async def press_all(command: Sequence[str], updates: Sequence[bytes]) -> Pressed:
    """Have a child post these updates."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.pressing", *command,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await child.communicate(b"\n".join(updates))
    if child.returncode:
        raise RuntimeError("not every press was answered with 200")
    whole, *each = json.loads(said)
    return Pressed(whole, each)


async def _press(port: int, head: str, left: list[bytes], took: list[float]) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    while left:
        body = left.pop()
        start = time.perf_counter()
        writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        took.append(time.perf_counter() - start)
        if b" 200 " not in answer.split(b"\r\n")[0]:
            raise RuntimeError(answer.decode())
    writer.close()


async def _main(port: str, path: str, secret: str, connections: str) -> None:
    left, took = sys.stdin.buffer.read().split(b"\n")[::-1], list[float]()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\n"
        f"x-telegram-bot-api-secret-token: {secret}\r\n"
    )
    start = time.perf_counter()
    await asyncio.gather(*(_press(int(port), head, left, took) for _ in range(int(connections))))
    sys.stdout.write(json.dumps([time.perf_counter() - start, *took]))


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
