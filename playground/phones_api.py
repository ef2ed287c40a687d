"""The people's side over HTTP: what a person sees and does, for the page and the tests' phones."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from playground import acts
from playground.errors import PhoneError
from playground.people import Person
from playground.phones_http import Endpoint, Strict, asked, done, routed, wait_asked, whose
from playground.rooms import Room
from playground.taps_api import tap, tap_data
from playground.world import World


class NewPerson(Strict):
    id: int | None = None
    first_name: str
    username: str | None = None
    language_code: str | None = "zh-hans"


class NewText(Strict):
    chat_id: int
    text: str
    reply_to: int | None = None
    topic: int | None = None
    anonymous: bool = False


class OneMessage(Strict):
    chat_id: int
    message_id: int


class ChangedText(OneMessage):
    text: str


class Opened(Strict):
    bot: str
    start: str | None = None


class NamedBot(Strict):
    bot: str


async def people(world: World, request: Request) -> Response:  # noqa: ARG001
    return JSONResponse(
        {
            "people": [vars(person) for person in world.rooms.people()],
            "bots": [
                {"id": bot.id, "username": bot.username, "first_name": bot.first_name}
                for bot in world.rooms.bots()
            ],
        }
    )


async def add_person(world: World, request: Request) -> Response:
    new = await asked(request, NewPerson)
    person_id = new.id or max(person.id for person in world.rooms.people()) + 1
    if world.rooms.someone(person_id):
        raise PhoneError(f"{person_id} is taken")
    person = Person(person_id, new.first_name, new.username, new.language_code)
    with world.transaction():
        world.rooms.add_person(person)
        world.events.add("chat", [person_id], 0)
    return JSONResponse(vars(person))


async def chats(world: World, request: Request) -> Response:
    person_id = whose(world, request)
    rooms = world.rooms.rooms_of(person_id)
    seen = [_chat(world, room, person_id) for room in rooms]
    return JSONResponse({"seq": world.events.last, "chats": seen})


def _chat(world: World, room: Room, person_id: int) -> dict[str, Any]:
    person = acts.someone(world, person_id)
    bots = world.rooms.bots_in(room)
    group = world.rooms.group(room.group) if room.group else None
    admin = bool(group) and world.rooms.status(room.group, person_id) in (
        "creator",
        "administrator",
    )
    return {
        "id": room.id_for_people,
        "type": group.type if group else "private",
        "title": group.title if group else bots[0].first_name,
        "topics": world.rooms.topics(room.group) if room.group else [],
        "blocked": not group and bool(world.rooms.blocked(room)),
        "messages": [world.messages.for_phone(m) for m in world.messages.of(room)],
        "commands": [
            command
            for bot in bots
            for command in world.menus.in_force(bot, room, person, admin=admin)
        ],
        "typing": world.typing(room),
    }


async def events(world: World, request: Request) -> Response:
    person_id = whose(world, request)
    after = int(request.query_params.get("after", "0"))
    loop = asyncio.get_running_loop()
    until = loop.time() + wait_asked(request)
    while True:
        found = world.events.after(after, person_id)
        left = until - loop.time()
        if found or left <= 0 or world.bells.closed:
            return JSONResponse({"seq": world.events.last, "events": found})
        await world.bells.wait("events", left)


async def stream(world: World, request: Request) -> Response:
    """All events for everybody as text/event-stream; starts at the newest unless told."""
    told = request.headers.get("last-event-id") or request.query_params.get("after")
    after = int(told) if told else world.events.last

    async def lines() -> AsyncIterator[str]:
        seq = after
        yield ": open\n\n"
        while not world.bells.closed:
            for event in world.events.after(seq):
                seq = event["seq"]
                yield f"id: {seq}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"
            if not await world.bells.wait("events", 15):
                yield ": still here\n\n"

    return StreamingResponse(
        lines(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def send(world: World, request: Request) -> Response:
    person_id = whose(world, request)
    new = await asked(request, NewText)
    with world.transaction():
        sent = acts.send(
            world, person_id, new.chat_id, new.text, new.reply_to,
            topic=new.topic, anonymous=new.anonymous,
        )  # fmt: skip
        return done(world, sent)


async def upload(world: World, request: Request) -> Response:
    person_id = whose(world, request)
    async with request.form() as form:
        part = form.get("file")
        kind = str(form.get("kind", "document"))
        if not isinstance(part, UploadFile) or "chat_id" not in form:
            raise PhoneError("an upload needs a chat_id and a file")
        if kind not in ("document", "photo"):
            raise PhoneError("an upload's kind is document or photo")
        data = await part.read()
        chat_id, reply_to = int(str(form["chat_id"])), form.get("reply_to")
        caption = str(form.get("caption", ""))
        name, mime = part.filename or "file", part.content_type
        topic = int(str(form["topic"])) if form.get("topic") else None
    with world.transaction():
        file = world.files.keep(data, name, mime, kind, from_person=True)
        answered = int(str(reply_to)) if reply_to else None
        return done(
            world,
            [
                acts.upload(
                    world,
                    person_id,
                    chat_id,
                    file,
                    caption=caption,
                    reply_to=answered,
                    topic=topic,
                )
            ],
        )


async def upload_album(world: World, request: Request) -> Response:
    """2 to 10 photos sent together: each is a message and an update of its own.

    As the apps do it, all of them reply to the same message, and the first carries the caption.
    """
    person_id = whose(world, request)
    async with request.form() as form:
        parts = [part for part in form.getlist("files") if isinstance(part, UploadFile)]
        if not 2 <= len(parts) <= 10 or "chat_id" not in form:
            raise PhoneError("an album needs a chat_id and 2 to 10 files")
        data = [(await part.read(), part.filename or "file", part.content_type) for part in parts]
        chat_id, reply_to = int(str(form["chat_id"])), form.get("reply_to")
        caption = str(form.get("caption", ""))
    answered = int(str(reply_to)) if reply_to else None
    with world.transaction():
        album = str(world.database.next("albums"))
        kept = [world.files.keep(*one, "photo", from_person=True) for one in data]
        sent = [
            acts.upload(
                world, person_id, chat_id, file, caption="" if place else caption,
                reply_to=answered, album=album,
            )
            for place, file in enumerate(kept)
        ]  # fmt: skip
        return done(world, sent)


async def edit(world: World, request: Request) -> Response:
    person_id = whose(world, request)
    new = await asked(request, ChangedText)
    with world.transaction():
        return done(world, [acts.edit(world, person_id, new.chat_id, new.message_id, new.text)])


async def delete(world: World, request: Request) -> Response:
    person_id = whose(world, request)
    which = await asked(request, OneMessage)
    with world.transaction():
        acts.delete(world, person_id, which.chat_id, which.message_id)
    return JSONResponse({"seq": world.events.last})


async def open_bot(world: World, request: Request) -> Response:
    person_id = whose(world, request)
    opened = await asked(request, Opened)
    with world.transaction():
        return done(world, [acts.open_bot(world, person_id, opened.bot, opened.start)])


def _blocking(*, blocked: bool) -> Endpoint:
    async def endpoint(world: World, request: Request) -> Response:
        person_id = whose(world, request)
        named = await asked(request, NamedBot)
        with world.transaction():
            update_id = acts.block(world, person_id, named.bot, blocked=blocked)
        return JSONResponse({"update_id": update_id, "seq": world.events.last})

    return endpoint


async def file(world: World, request: Request) -> Response:
    found = world.files.get(request.path_params["file"])
    if found is None:
        raise PhoneError("there is no such file", 404)
    return FileResponse(
        world.files.place(found),
        media_type=found.mime,
        filename=found.name or found.path.rpartition("/")[2],
        content_disposition_type="inline" if found.kind == "photo" else "attachment",
    )


def routes(world: World) -> list[Route]:
    mine = "/api/people/{person:int}"
    table: list[tuple[str, str, Endpoint]] = [
        ("GET", "/api/people", people),
        ("POST", "/api/people", add_person),
        ("GET", f"{mine}/chats", chats),
        ("GET", f"{mine}/events", events),
        ("GET", "/api/events", stream),
        ("POST", f"{mine}/send", send),
        ("POST", f"{mine}/upload", upload),
        ("POST", f"{mine}/upload_album", upload_album),
        ("POST", f"{mine}/tap", tap),
        ("POST", f"{mine}/tap_data", tap_data),
        ("POST", f"{mine}/open", open_bot),
        ("POST", f"{mine}/edit", edit),
        ("POST", f"{mine}/delete", delete),
        ("POST", f"{mine}/block", _blocking(blocked=True)),
        ("POST", f"{mine}/unblock", _blocking(blocked=False)),
        ("GET", "/api/files/{file}", file),
    ]
    return [routed(world, path, endpoint, method) for method, path, endpoint in table]
