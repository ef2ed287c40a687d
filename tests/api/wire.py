"""A wire between a program and the house, cut where it hurts: after the act, before the answer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

BUSY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Wire:
    """`faults` strike one after the other, each the next request that names its path."""

    to: str
    address: str = ""
    faults: list[tuple[str, Callable[[], bytes | None]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def cuts(self, path: str, then: Callable[[], object] = lambda: None) -> None:
        """Let the next request for this path be done, but its answer be lost."""

        def cut() -> None:
            then()

        self.faults.append((path, cut))

    def is_busy(self, path: str) -> None:
        """Answer the next request for this path that there are too many."""
        self.faults.append((path, lambda: BUSY))

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection's requests and answers, one after the other."""
        there = urlsplit(self.to)
        far_reader, far_writer = await asyncio.open_connection(there.hostname, there.port)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head, body = await message(reader)
                path = head.split(b" ", 2)[1].decode()
                self.asked.append(path)
                far_writer.write(head + body)
                answer = b"".join(await message(far_reader))
                if self.faults and self.faults[0][0] in path:
                    instead = self.faults.pop(0)[1]()
                    if instead is None:
                        break
                    answer = instead
                writer.write(answer)
        far_writer.close()
        writer.close()


async def message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Read one request or answer: its head and its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (int(line.partition(b":")[2]) for line in head.lower().split(b"\r\n")
         if line.startswith(b"content-length:")), 0,
    )  # fmt: skip
    return head, await reader.readexactly(length)


@contextlib.asynccontextmanager
async def wired(to: str) -> AsyncIterator[Wire]:
    """Lay a wire to the house."""
    wire = Wire(to)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    wire.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
