"""Telegram's way in by webhook: acknowledged only once the update is handled.

Telegram repeats an update that is not answered with 2xx within a minute
(https://core.telegram.org/bots/api#setwebhook). The answer is an empty 200: a method in it would
lose the id of the message it makes.
"""

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request, Response

from api.bodies import read_body

BODY_LIMIT: Final = 1_000_000  # bytes; updates carry no files
_SECRET_HEADER: Final = b"x-telegram-bot-api-secret-token"


def webhook_path(bot_id: int) -> str:
    """Return the path to give to setWebhook, after the public address."""
    return f"/telegram/{bot_id}"


def webhook(
    bot_id: int, secret: str, accept: Callable[[dict[str, Any]], Awaitable[None]]
) -> APIRouter:
    """Return the route of one bot's webhook; `accept` returns once an update is handled.

    `secret` is what setWebhook was given as `secret_token`. A caller without it is refused before
    anything of the body is read. Raises `ValueError` for an empty secret: it would let anyone in.
    """
    if not secret:
        raise ValueError("a webhook needs a secret")
    router = APIRouter()
    expected = secret.encode()

    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(_given(request), expected):
            raise HTTPException(401)
        await accept(_update(await read_body(request, BODY_LIMIT)))
        return Response()

    # Not by a decorator: its dependencies and models would cost as much as a dropped update does.
    router.add_route(webhook_path(bot_id), receive, methods=["POST"], include_in_schema=False)
    return router


def _given(request: Request) -> bytes:
    """Return the secret header as raw bytes: text compares only while it is ASCII."""
    given = [value for name, value in request.scope["headers"] if name == _SECRET_HEADER]
    return bytes(given[0]) if len(given) == 1 else b""


def _update(body: bytes) -> dict[str, Any]:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    if not isinstance(update, dict) or type(update.get("update_id")) is not int:
        raise HTTPException(400)
    return update
