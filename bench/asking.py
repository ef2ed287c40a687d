"""One client of the HTTP face, as thin as can be: it is on both sides of a ratio."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

from fastapi import FastAPI

from api.listening import Listener, listening_socket

HOST = "127.0.0.1"
Bare = Callable[[Any, Any, Any], Awaitable[None]]


class Client:
    """One connection that is kept."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int) -> AsyncIterator[Self]:
        """Connect for the length of the block."""
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            yield cls(reader, writer)
        finally:
            writer.close()

    async def get(self, path: str, token: str = "") -> bytes:
        """Return the body of a 200. Raises `RuntimeError` for anything else."""
        bearer = f"authorization: Bearer {token}\r\n" if token else ""
        self._writer.write(f"GET {path} HTTP/1.1\r\nhost: {HOST}\r\n{bearer}\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        [length] = [one.split(b":")[1] for one in lines if one.startswith(b"content-length")]
        body = await self._reader.readexactly(int(length))
        if b" 200 " not in lines[0]:
            raise RuntimeError(f"{lines[0]!r}: {body!r}")
        return body


@asynccontextmanager
async def served(app: FastAPI | Bare, ending: Callable[[], object]) -> AsyncIterator[int]:
    """Serve an application as the house does, on a free port."""
    door = listening_socket(HOST, 0)
    port = int(door.getsockname()[1])
    serving = asyncio.create_task(Listener(app, ending).run_until_cancelled([door]))
    try:
        yield port
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def answer(send: Any, body: bytes) -> None:
    """Answer as a bare ASGI application does."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
