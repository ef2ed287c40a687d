"""Posting a signed message to a shop's address: one try, and in a word what became of it."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Self

from aiohttp import (
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    InvalidURL,
)
from aiohttp.abc import AbstractResolver
from standardwebhooks import Webhook as Signer

from api.guarded import PrivateAddress, guarded_session
from core.programs.delivering import GONE
from core.programs.webhooks import Posted, Target

TIMEOUT: Final = 15.0  # seconds for all of it: connect, send, hear
PATIENCE: Final = 5.0  # seconds for a test: somebody waits
HEARD: Final = 1_024  # bytes of an answer that are read: nothing is done with them


class Poster:
    """Posts to webhooks; one for the whole process."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    @classmethod
    @asynccontextmanager
    async def open(
        cls, *, private: bool, resolver: AbstractResolver | None = None
    ) -> AsyncIterator[Self]:
        """Open one for the length of the block; see `guarded_session`."""
        async with guarded_session(private=private, resolver=resolver) as session:
            yield cls(session)

    async def ping(self, target: Target) -> Posted:
        """Post a message that says nothing, to try an address."""
        now = datetime.now(UTC)
        body = {"type": "ping", "timestamp": now.isoformat().replace("+00:00", "Z"), "data": {}}
        return await self.post(target, f"msg_{target.webhook_id}_ping_{now:%Y%m%d%H%M%S%f}",
                               json.dumps(body, separators=(",", ":")), PATIENCE)  # fmt: skip

    async def post(
        self, target: Target, message_id: str, body: str, seconds: float = TIMEOUT
    ) -> Posted:
        """Post a message; whatever goes wrong with it is told, not raised."""
        began = time.monotonic()
        status, why, after = None, "", 0.0
        headers = _headers(target.secrets, message_id, body)
        try:
            async with self._session.post(
                target.url,
                data=body.encode(),
                headers=headers,
                allow_redirects=False,
                timeout=ClientTimeout(total=seconds),
            ) as response:
                status, after = response.status, retry_after(response, datetime.now(UTC))
                await _hear(response)
            why = _status_fault(status)
        except (TimeoutError, ClientError, OSError, ValueError) as error:
            why = _status_fault(status) if status is not None else _fault(error)
        return Posted(status, why, round((time.monotonic() - began) * 1000), after)


def retry_after(response: ClientResponse, now: datetime) -> float:
    """Return the seconds a refusal asks to be left alone for, 0 where it asks nothing readable.

    A number of seconds or an HTTP date, with 429 or 503 (RFC 9110, 10.2.3; RFC 6585, 4).
    """
    given = response.headers.get("Retry-After", "").strip()
    if response.status not in (429, 503) or not given:
        return 0.0
    if given.isascii() and given.isdigit():
        return float(given[:9])
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return 0.0
    if until.tzinfo is None:  # `-0000`: UTC by a host that says no zone
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def _headers(secrets: Sequence[str], message_id: str, body: str) -> dict[str, str]:
    """Return the headers of one try: its own time, a signature by each secret."""
    now = datetime.now(UTC)
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Signer(one).sign(message_id, now, body) for one in secrets),
    }


async def _hear(response: ClientResponse) -> None:
    """Read a short answer, so that the connection can be used again; cut off a long one."""
    heard = 0
    while heard <= HEARD:
        part = await response.content.read(HEARD)
        if not part:
            return
        heard += len(part)
    response.close()


def _status_fault(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if status == 410:
        return GONE
    return "redirected" if 300 <= status < 400 else f"status_{status}"


def _fault(error: Exception) -> str:
    """Say in a word why nothing was answered."""
    if isinstance(error, ClientConnectorDNSError):
        return "unresolved"
    if isinstance(error, (ClientSSLError, ssl.SSLError)):
        return "tls"
    if isinstance(error, ClientConnectorError):
        return "private" if isinstance(error.os_error, PrivateAddress) else "unreachable"
    if isinstance(error, asyncio.TimeoutError):
        return "timeout"
    return "unreadable" if isinstance(error, (InvalidURL, ValueError)) else "broken"
