"""Taps on buttons: callback queries that wait for their answer, links, texts to copy."""

import asyncio
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from playground import acts
from playground.errors import PhoneError
from playground.phones_http import LONGEST_WAIT, Strict, asked, whose
from playground.world import World

_DEEP_LINK = re.compile(r"(?i)(?:https?://)?t\.me/(\w+)(?:\?start=([^&#]*))?")


class Tap(Strict):
    chat_id: int
    message_id: int
    row: int
    col: int
    wait: float = 10.0


class ForgedTap(Strict):
    chat_id: int
    message_id: int
    data: str
    wait: float = 10.0


async def tap(world: World, request: Request) -> Response:
    person_id = whose(world, request)
    which = await asked(request, Tap)
    with world.transaction():
        room = acts.enter(world, person_id, which.chat_id)
        message = acts.message_in(world, room, which.message_id)
        rows = message.body.get("reply_markup", {}).get("inline_keyboard", [])
        if not (0 <= which.row < len(rows) and 0 <= which.col < len(rows[which.row])):
            raise PhoneError("there is no such button")
        button = rows[which.row][which.col]
        if "callback_data" not in button:
            return JSONResponse(
                {"seq": world.events.last, **_without_bot(world, person_id, button)}
            )
        pressed = acts.press(world, person_id, room, message.id, button["callback_data"])
    return await _answered(world, *pressed, which.wait)


async def tap_data(world: World, request: Request) -> Response:
    """A tap with forged data: the app of a person can send anything, for any message."""
    person_id = whose(world, request)
    forged = await asked(request, ForgedTap)
    if not 1 <= len(forged.data.encode()) <= 64:
        raise PhoneError("callback data has 1 to 64 bytes")
    with world.transaction():
        room = acts.enter(world, person_id, forged.chat_id)
        pressed = acts.press(world, person_id, room, forged.message_id, forged.data)
    return await _answered(world, *pressed, forged.wait)


def _without_bot(world: World, person_id: int, button: dict[str, Any]) -> dict[str, Any]:
    if "copy_text" in button:
        return {"update_id": None, "kind": "copy", "copied": button["copy_text"]["text"]}
    url = button["url"]
    update_id = None
    link = _DEEP_LINK.fullmatch(url)
    if link and world.rooms.bot_named(link[1]):
        opened = acts.open_bot(world, person_id, link[1], link[2] or None)
        update_id = opened.update_ids[-1] if opened.update_ids else None
    return {"update_id": update_id, "kind": "url", "url": url}


async def _answered(world: World, update_id: int | None, query_id: int, seconds: float) -> Response:
    """`answer` is null when the bot did not answer within `seconds`."""
    seq = world.events.last
    loop = asyncio.get_running_loop()
    until = loop.time() + min(LONGEST_WAIT, max(0.0, seconds))
    answer = acts.answer_to(world, query_id)
    while answer is None and until > loop.time() and not world.bells.closed:
        await world.bells.wait(f"callback/{query_id}", until - loop.time())
        answer = acts.answer_to(world, query_id)
    return JSONResponse({"update_id": update_id, "kind": "callback", "answer": answer, "seq": seq})
