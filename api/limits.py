"""What one caller may ask for: requests a minute per key, bytes per body; asked before all else.

A caller over its rate gets 429 with `Retry-After`; every answer says what is left
(`RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset`, as the IETF's httpapi draft names
them). Bodies are counted while they stream in.
"""

import asyncio
import contextlib
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import MEDIA_TYPE, problem

PATHS: Final = "/v1/"
BODY_LIMIT: Final = 2_000_000  # bytes: 500 parcels or orders with room to spare
# So much more is let in unread before the connection is closed: who is cut off while writing may
# never see the answer.
UNREAD_LIMIT: Final = 8 * BODY_LIMIT
UNREAD_SECONDS: Final = 5
CALLERS_KNOWN: Final = 10_000  # the ones asking longest ago are forgotten, which favours them


class Bucket:
    """A rate with a burst: it holds `size` tokens and fills up evenly within a minute."""

    def __init__(self, size: int, now: float) -> None:
        self.size, self.tokens, self.at = size, float(size), now

    def take(self, now: float) -> bool:
        """Take one token; False when there is none."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.size / 60)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def wait(self) -> float:
        """Return the seconds until there is a token."""
        return max(0.0, (1 - self.tokens) * 60 / self.size)

    def full_in(self) -> float:
        """Return the seconds until nothing is missing."""
        return (self.size - self.tokens) * 60 / self.size


class Limits:
    """ASGI middleware over the paths of programs."""

    def __init__(
        self, app: ASGIApp, per_minute: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app, self._per_minute, self._clock = app, per_minute, clock
        self._buckets: OrderedDict[bytes, Bucket] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is within the limits."""
        if scope["type"] != "http" or not scope["path"].startswith(PATHS):
            await self._app(scope, receive, send)
            return
        bucket = self._bucket(scope)
        if not bucket.take(self._clock()):
            title = "Too many requests: wait as Retry-After says."
            document = problem(429, "too_many_requests", title)
            await _answer(send, document, [*_headers(bucket), _retry(bucket)])
            return
        body = _Body(scope, receive)
        answering = _Answering(send, _headers(bucket), body)
        if body.too_long:  # it says so itself
            await answering.refuse()
            return
        try:
            await self._app(scope, body.receive, answering.send)
        except _Cut:
            await answering.refuse()

    def _bucket(self, scope: Scope) -> Bucket:
        """Return the caller's: by its token, or by its address where it brings none."""
        given = next((v for k, v in scope["headers"] if k == b"authorization"), b"")
        client = scope.get("client") or ("",)
        name = hashlib.sha256(given or str(client[0]).encode()).digest()
        bucket = self._buckets.pop(name, None) or Bucket(self._per_minute, self._clock())
        self._buckets[name] = bucket
        if len(self._buckets) > CALLERS_KNOWN:
            self._buckets.popitem(last=False)
        return bucket


class _Cut(Exception):
    """More bytes came in than a body may have: nobody reads on."""


class _Body:
    """A request's body, counted while it comes in."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive, self._n = receive, 0
        claimed = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        claim = int(claimed) if claimed.isdigit() and len(claimed) < 16 else UNREAD_LIMIT
        self.too_long, self._more = claim > BODY_LIMIT, claim < UNREAD_LIMIT

    async def drain(self) -> None:
        """Let in what still comes of it, within bounds, and keep nothing."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(UNREAD_SECONDS):
                while self._more and self._n < UNREAD_LIMIT:
                    self._count(await self._receive())

    async def receive(self) -> Message:
        """Return the next part. Raises `_Cut`."""
        message = await self._receive()
        self._count(message)
        if self._n > BODY_LIMIT:
            self.too_long = True
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

    async def send(self, message: Message) -> None:
        if self._body.too_long:  # whatever was made of the half of it
            await self.refuse()
            return
        if message["type"] == "http.response.start":
            self._begun = True
            message["headers"] = [*message.get("headers", ()), *self._headers]
        await self._send(message)

    async def refuse(self) -> None:
        """Answer 413, once."""
        if self._begun:
            return
        self._begun = True
        await self._body.drain()
        title = f"A body has at most {BODY_LIMIT} bytes."
        document = problem(413, "body_too_long", title, facts={"limit": BODY_LIMIT})
        await _answer(self._send, document, [*self._headers, (b"connection", b"close")])


def _headers(bucket: Bucket) -> list[tuple[bytes, bytes]]:
    said = {"limit": bucket.size, "remaining": int(bucket.tokens), "reset": int(bucket.full_in())}
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
