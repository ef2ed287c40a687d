"""One call to a platform over HTTP: bounded in time and size, and its failures sorted by effect.

Whether a call may simply be made again hangs on whether it can have reached the platform: no
connection means no effect; a cut or late answer means nobody knows (`platforms.failures`).
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal, TypeVar

import httpx

from platforms.failures import Busy, Garbled, Refused, Throttled, Unreachable, Unsure

T = TypeVar("T")
MOST: Final = 32 * 1024 * 1024  # bytes of one answer; a page of 100 orders is some 300 KB
CONNECT: Final = 5.0  # seconds
ANSWER: Final = 20.0  # seconds between two pieces of an answer
LONGEST_PAUSE: Final = 3_600.0  # seconds a platform may ask us to wait
SKEW: Final = 30.0  # seconds two clocks may differ before ours follows the platform's

# What never left this machine. Everything else of httpx may have reached the platform.
_NOT_SENT = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError,
    httpx.UnsupportedProtocol,
)  # fmt: skip


def open_client(proxy: str | None = None) -> httpx.AsyncClient:
    """Open the connections to one platform; they are shared by all shops and closed by the caller.

    No redirect is followed: a signed call goes where it was signed for.
    """
    return httpx.AsyncClient(
        timeout=httpx.Timeout(ANSWER, connect=CONNECT),
        limits=httpx.Limits(max_connections=32, max_keepalive_connections=16),
        proxy=proxy,
        trust_env=False,  # DAIFA_PROXY decides, not the shell
    )


class Heard:
    """An answer that came whole: its status is 200, its body is JSON."""

    def __init__(self, said: Any, headers: httpx.Headers) -> None:
        self.said = said
        self.headers = headers


class TheirClock:
    """A platform's clock: a signed time that is too far off it is refused."""

    def __init__(self) -> None:
        self._ahead = 0.0  # seconds it is ahead of ours

    def time(self) -> float:
        """Return unix seconds, as the platform has them."""
        return time.time() + self._ahead

    async def call(self, ask: Callable[[], Awaitable[Heard]], read: Callable[[Any], T]) -> T:
        """Return what `read` makes of the answer; `ask` once more where our time was refused.

        Raises what they raise.
        """
        heard = await ask()
        moved = self._follow(heard)
        try:
            return read(heard.said)
        except Refused:
            if not moved:
                raise
        return read((await ask()).said)

    def _follow(self, heard: Heard) -> bool:
        """Take its time from an answer, where the two differ by much; returns whether that is new.

        What was refused before may be taken then.
        """
        try:
            theirs = parsedate_to_datetime(heard.headers.get("date", "")).timestamp()
        except (TypeError, ValueError):
            return False
        ahead = theirs - time.time()
        before, self._ahead = self._ahead, ahead if abs(ahead) > SKEW else 0.0
        return abs(self._ahead - before) > SKEW


async def post(
    client: httpx.AsyncClient, url: str, *, params: Mapping[str, str] | None = None,
    content: bytes, media_type: str,
) -> Heard:  # fmt: skip
    """Post `content` as it is, byte for byte.

    Raises `Unreachable`, `Throttled`, `Busy`, `Garbled`, `Unsure`.
    """
    headers = {"content-type": media_type}
    return await _heard(client, "POST", url, params=params, content=content, headers=headers)


async def get(client: httpx.AsyncClient, url: str, params: Mapping[str, str]) -> Heard:
    """Ask with `params` in the address. Raises as `post`."""
    return await _heard(client, "GET", url, params=params)


async def _heard(
    client: httpx.AsyncClient, verb: Literal["GET", "POST"], url: str, *,
    params: Mapping[str, str] | None = None, content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Heard:  # fmt: skip
    try:
        async with client.stream(
            verb, url, params=params, content=content, headers=headers
        ) as answer:
            _sorted(answer)
            body = bytearray()
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > MOST:
                    raise Garbled(f"more than {MOST} bytes")
            return Heard(httpx.Response(200, content=bytes(body)).json(), answer.headers)
    except _NOT_SENT as error:
        raise Unreachable(type(error).__name__) from error
    except httpx.HTTPError as error:
        raise Unsure(type(error).__name__) from error
    except ValueError as error:
        raise Garbled("not JSON") from error


def _sorted(answer: httpx.Response) -> None:
    """Raise for every status but 200."""
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise Throttled(f"HTTP {answer.status_code}", _pause(answer.headers))
    if answer.is_server_error:
        raise Busy(f"HTTP {answer.status_code}")
    if answer.status_code != httpx.codes.OK:
        raise Garbled(f"HTTP {answer.status_code}")


def _pause(headers: httpx.Headers) -> float | None:
    """The seconds of Retry-After, where it is a number we can wait for."""
    value = headers.get("retry-after", "")
    return min(float(value), LONGEST_PAUSE) if value.isdecimal() else None
