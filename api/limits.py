"""What one caller may ask for: requests a minute per key, bytes per body; asked before all else.

A caller over its rate gets 429 with `Retry-After`; every answer says what is left
(`RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset`, as the IETF's httpapi draft names
them). Bodies are counted and timed while they stream in.

A key has a rate of its own once it was let in. Until then the address pays for what is refused, so
that nobody gets more by making tokens up.
"""

import asyncio
import contextlib
import hashlib
import json
import math
from typing import Final, NamedTuple

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import MEDIA_TYPE, problem
from api.rates import Bucket, Rates

PATHS: Final = "/v1/"
BODY_LIMIT: Final = 2_000_000  # bytes: 500 parcels or orders with room to spare
# So much more is let in unread before the connection is closed: who is cut off while writing may
# never see the answer.
UNREAD_LIMIT: Final = 8 * BODY_LIMIT
UNREAD_SECONDS: Final = 5
BODY_SECONDS: Final = 30.0  # for all of it: who sends byte by byte holds no connection for ever


class Limits:
    """ASGI middleware over the paths of programs."""

    def __init__(self, app: ASGIApp, rates: Rates, *, body_seconds: float = BODY_SECONDS) -> None:
        self._app, self._rates, self._body_seconds = app, rates, body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is within the limits."""
        if scope["type"] != "http" or not scope["path"].startswith(PATHS):
            await self._app(scope, receive, send)
            return
        token, address = _names(scope)
        rates, proved = self._rates, self._rates.known(token)
        name = token if proved else address
        there = rates.take if proved or token == address else rates.has
        allowed, bucket = there(name), rates.of(name)
        if not allowed:
            title = "Too many requests: wait as Retry-After says."
            document = problem(429, "too_many_requests", title)
            await _answer(send, document, [*_headers(bucket), _retry(bucket)])
            return
        body = _Body(scope, receive, self._body_seconds)
        answering = _Answering(send, _headers(bucket), body)
        try:
            if body.fault is None:
                await self._app(scope, body.receive, answering.send)
            else:  # it says so itself
                await answering.refuse()
        except _Cut:
            await answering.refuse()
        except ClientDisconnect:  # while it was still sending: nobody is there to be answered
            return
        finally:
            if not proved and token != address:
                let_in = 200 <= answering.status < 300
                rates.take(token if let_in else address)


def _names(scope: Scope) -> tuple[bytes, bytes]:
    """Return what the caller is known by: its token, its address where it brings none; that."""
    given = next((v for k, v in scope["headers"] if k == b"authorization"), b"")
    client = scope.get("client") or ("",)
    address = hashlib.sha256(str(client[0]).encode()).digest()
    return (hashlib.sha256(given).digest() if given else address), address


class _Cut(Exception):
    """More bytes came in than a body may have, or too slowly: nobody reads on."""


class _Fault(NamedTuple):
    status: int
    code: str
    title: str
    facts: dict[str, float]


_LONG = _Fault(
    413, "body_too_long", f"A body has at most {BODY_LIMIT} bytes.", {"limit": BODY_LIMIT}
)


class _Body:
    """A request's body, counted and timed while it comes in; `fault` is what is wrong with it."""

    def __init__(self, scope: Scope, receive: Receive, seconds: float) -> None:
        self._receive, self._n = receive, 0
        claimed = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        claim = int(claimed) if claimed.isdigit() and len(claimed) < 16 else UNREAD_LIMIT
        self.fault: _Fault | None = _LONG if claim > BODY_LIMIT else None
        self._more, self._come = claim < UNREAD_LIMIT, False
        self._seconds, self._until = seconds, asyncio.get_running_loop().time() + seconds

    async def drain(self) -> None:
        """Let in what still comes of it, within bounds, and keep nothing."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(UNREAD_SECONDS):
                while self._more and self._n < UNREAD_LIMIT:
                    self._count(await self._receive())

    async def receive(self) -> Message:
        """Return the next part; once all of it has come, whatever comes then. Raises `_Cut`."""
        if self._come:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            title = f"A body comes within {self._seconds:g} seconds."
            self.fault = _Fault(408, "body_too_slow", title, {"seconds": self._seconds})
            self._more = False
            raise _Cut from None
        self._count(message)
        self._come = not self._more
        if self._n > BODY_LIMIT:
            self.fault = _LONG
            raise _Cut
        return message

    def _count(self, message: Message) -> None:
        self._n += len(message.get("body", b""))
        self._more = bool(message.get("more_body", False))


class _Answering:
    """An answer on its way out: with its headers, and another where the body was cut off."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]], body: _Body) -> None:
        self._send, self._headers, self._body = send, headers, body
        self._begun = False
        self.status = 0

    async def send(self, message: Message) -> None:
        if self._body.fault is not None:  # whatever was made of the half of it
            await self.refuse()
            return
        if message["type"] == "http.response.start":
            self._begun = True
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *self._headers]
        await self._send(message)

    async def refuse(self) -> None:
        """Say what is wrong with the body, once."""
        fault = self._body.fault
        if self._begun or fault is None:
            return
        self._begun = True
        await self._body.drain()
        document = problem(fault.status, fault.code, fault.title, facts=fault.facts)
        await _answer(self._send, document, [*self._headers, (b"connection", b"close")])


def _headers(bucket: Bucket) -> list[tuple[bytes, bytes]]:
    left, reset = int(bucket.tokens), math.ceil(bucket.full_in())
    said = {"limit": bucket.size, "remaining": left, "reset": reset}
    return [(f"ratelimit-{name}".encode(), str(n).encode()) for name, n in said.items()]


def _retry(bucket: Bucket) -> tuple[bytes, bytes]:
    return b"retry-after", str(int(bucket.wait()) + 1).encode()


async def _answer(
    send: Send, document: dict[str, object], headers: list[tuple[bytes, bytes]]
) -> None:
    body = json.dumps(document).encode()
    status = document["status"]
    kind = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*kind, *headers]})
    await send({"type": "http.response.body", "body": body})
