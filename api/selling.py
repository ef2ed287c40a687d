"""Where selling platforms reach us: their messages, and merchants who come back from their yes.

A message is proved over its raw bytes before anything of it is read, and answered at once; what it
is about is fetched afterwards. How each platform proves itself is injected: a door knows none.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal, NamedTuple, Protocol

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from api.bodies import read_body
from core.platforms.facts import Push

BODY_LIMIT: Final = 2_000_000  # bytes of one post of messages
_PAGE: Final = (
    '<!doctype html><html lang="zh"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>daifa 代发</title>'
    "<style>body{{font:18px/1.6 system-ui,sans-serif;max-width:32em;margin:15vh auto;"
    "padding:0 1em}}</style><h1>{head}</h1><p>{text}</p></html>"
)


class NotProved(Exception):
    """The body is not what the platform signed."""


class Unreadable(Exception):
    """The body is signed, and yet in no form of the platform's."""


class Received(NamedTuple):
    """What a post of messages holds, and what the platform wants to hear."""

    pushes: Sequence[Push]
    answer: bytes
    left_out: int = 0  # messages nobody here can read


class Came(NamedTuple):
    """What the page says to a merchant who comes back: `done` or not, in both languages."""

    done: bool
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Seller:
    """One platform's side of the door.

    `receive` raises `NotProved`, `Unreadable`; `finish` takes the code and the word that came back.
    """

    receive: Callable[[bytes, Mapping[str, str]], Received]
    finish: Callable[[str, str], Awaitable[Came]]


class Noticed(Protocol):
    """Whoever counts what a platform sends and nobody here knows; `name` is for the log alone."""

    def __call__(
        self, platform: str, kind: Literal["signature", "message", "tag"], n: int = 1, *,
        name: str = "",
    ) -> object: ...  # fmt: skip


def selling(
    sellers: Mapping[str, Seller], taken: Callable[[str, Sequence[Push]], Awaitable[object]],
    noticed: Noticed,
) -> APIRouter:  # fmt: skip
    """Return the routes; `taken` keeps proved messages, once and for all, before the answer.

    `noticed` counts, by platform, what was not signed by it or is in no form we know.
    """
    router = APIRouter(prefix="/platforms", include_in_schema=False)

    def seller_of(platform: str) -> Seller:
        if platform not in sellers:
            raise HTTPException(404)
        return sellers[platform]

    @router.post("/{platform}/push")
    async def push(platform: str, request: Request) -> Response:
        seller = seller_of(platform)
        body = await read_body(request, BODY_LIMIT)
        received = _received(platform, seller, (body, request.headers), noticed)
        if received.pushes:
            await taken(platform, received.pushes)
        return Response(received.answer, media_type="application/json")

    @router.get("/{platform}/authorised")
    async def authorised(platform: str, code: str = "", state: str = "") -> HTMLResponse:
        came = await seller_of(platform).finish(code[:512], state[:128])
        page = _PAGE.format(head=escape(came.head), text=escape(came.text))
        return HTMLResponse(page, 200 if came.done else 400, {"referrer-policy": "no-referrer"})

    return router


def _received(
    platform: str, seller: Seller, post: tuple[bytes, Mapping[str, str]], noticed: Noticed
) -> Received:
    """Prove and read a post of messages; what is odd about it is counted."""
    try:
        received = seller.receive(*post)
    except NotProved:
        noticed(platform, "signature")
        raise HTTPException(401) from None
    except Unreadable:
        noticed(platform, "message")
        raise HTTPException(400) from None
    noticed(platform, "message", received.left_out)
    for one in received.pushes:
        if not one.news:
            noticed(platform, "tag", name=one.tag)
    return received
