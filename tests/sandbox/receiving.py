"""A receiver of messages: keeps every request as it came, and answers as it is told to."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Receiver:
    """`says` is the body of its answers; `busy` requests are answered 503 first."""

    says: dict[str, Any]
    port: int = 0
    busy: int = 0
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/push"

    @property
    def messages(self) -> list[Any]:
        """Those of Doudian's arrays, in the order they came."""
        return [one for body in self.bodies for one in json.loads(body)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await self._one(reader, writer)
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        self.bodies.append(await reader.readexactly(int(headers["content-length"])))
        self.headers.append(headers)
        status = "503 Busy" if self.busy else "200 OK"
        self.busy = max(0, self.busy - 1)
        said = json.dumps(self.says)
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(said)}\r\n\r\n{said}".encode())
        await writer.drain()


@contextlib.asynccontextmanager
async def receiving(**says: Any) -> AsyncIterator[Receiver]:
    receiver = Receiver(says)
    async with await asyncio.start_server(receiver.serve, "127.0.0.1", 0) as server:
        receiver.port = server.sockets[0].getsockname()[1]
        yield receiver
        server.close()
        for writer in receiver.writers:
            writer.transport.abort()  # senders keep their connections
