"""The tester's side over HTTP: groups, repeats of updates, faults, the call log, a clean start."""

import asyncio
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground import groups, topics
from playground.bot_api import BotApi
from playground.errors import PhoneError
from playground.phones_http import Endpoint, Strict, asked, routed, wait_asked
from playground.world import World


class NewGroup(Strict):
    title: str
    creator: int
    members: list[int] = Field(default_factory=list)
    supergroup: bool = False
    topics: list[str] = Field(default_factory=list)


class NewTopic(Strict):
    name: str
    by: int


class ChangedTopic(Strict):
    by: int
    closed: bool


class NewPost(Strict):
    title: str
    text: str


class ChangedMembers(Strict):
    by: int
    add: list[int] = Field(default_factory=list)
    remove: list[int] = Field(default_factory=list)


class ChangedAdmin(Strict):
    member: int
    admin: bool


class NewFaults(Strict):
    faults: list[dict[str, Any]]


async def create_group(world: World, request: Request) -> Response:
    new = await asked(request, NewGroup)
    with world.transaction():
        large = new.supergroup or bool(new.topics)
        group = groups.create(world, new.title, new.creator, new.members, supergroup=large)
        for name in new.topics:
            topics.make(world, group.id, name, new.creator)
    return JSONResponse({"chat_id": group.id})


async def change_members(world: World, request: Request) -> Response:
    change = await asked(request, ChangedMembers)
    with world.transaction():
        groups.change_members(world, _group(request), change.by, change.add, change.remove)
    return JSONResponse({"members": list(world.rooms.members(_group(request)))})


async def change_admin(world: World, request: Request) -> Response:
    change = await asked(request, ChangedAdmin)
    with world.transaction():
        groups.promote(world, _group(request), change.member, admin=change.admin)
    return JSONResponse({})


async def to_supergroup(world: World, request: Request) -> Response:
    with world.transaction():
        group = groups.to_supergroup(world, _group(request))
    return JSONResponse({"chat_id": group.id})


async def make_topic(world: World, request: Request) -> Response:
    new = await asked(request, NewTopic)
    with world.transaction():
        topic = topics.make(world, _group(request), new.name, new.by)
    return JSONResponse({"topic": topic})


async def change_topic(world: World, request: Request) -> Response:
    change = await asked(request, ChangedTopic)
    topic = request.path_params["topic"]
    with world.transaction():
        topics.close(world, _group(request), topic, change.by, closed=change.closed)
    return JSONResponse({})


async def delete_topic(world: World, request: Request) -> Response:
    with world.transaction():
        topics.delete(world, _group(request), request.path_params["topic"])
    return JSONResponse({})


async def post_from_channel(world: World, request: Request) -> Response:
    new = await asked(request, NewPost)
    with world.transaction():
        post = groups.channel_post(world, _group(request), new.title, new.text)
    return JSONResponse({"message": world.messages.for_phone(post)})


def _group(request: Request) -> int:
    return int(request.path_params["group"])


async def update(world: World, request: Request) -> Response:
    number = request.path_params["update"]
    loop = asyncio.get_running_loop()
    until = loop.time() + wait_asked(request)
    while True:
        acknowledged = world.updates.acknowledged(number)
        if acknowledged is None:
            raise PhoneError(f"there is no update {number}", 404)
        left = until - loop.time()
        if acknowledged or left <= 0 or world.bells.closed:
            return JSONResponse({"acknowledged": acknowledged})
        await world.bells.wait("acknowledged", left)


async def repeat(world: World, request: Request) -> Response:
    number = request.path_params["update"]
    with world.transaction():
        if not world.updates.repeat(number):
            raise PhoneError(f"there is no update {number}", 404)
    return JSONResponse({"update_id": number})


async def reset(world: World, request: Request) -> Response:  # noqa: ARG001
    with world.transaction():
        world.reset()
    return JSONResponse({})


def _calls_and_faults(api: BotApi) -> list[tuple[str, str, Endpoint]]:
    async def calls(world: World, request: Request) -> Response:  # noqa: ARG001
        after = int(request.query_params.get("after", "0"))
        return JSONResponse({"calls": api.log.after(after, request.query_params.get("method"))})

    async def clear_calls(world: World, request: Request) -> Response:  # noqa: ARG001
        api.log.clear()
        return JSONResponse({})

    async def faults(world: World, request: Request) -> Response:  # noqa: ARG001
        if request.method == "POST":
            api.faults.add((await asked(request, NewFaults)).faults)
        elif request.method == "DELETE":
            api.faults.clear()
        return JSONResponse({"faults": api.faults.list()})

    return [
        ("GET", "/api/calls", calls),
        ("POST", "/api/calls/clear", clear_calls),
        ("GET", "/api/faults", faults),
        ("POST", "/api/faults", faults),
        ("DELETE", "/api/faults", faults),
    ]


def routes(world: World, api: BotApi) -> list[Route]:
    table: list[tuple[str, str, Endpoint]] = [
        ("POST", "/api/groups", create_group),
        ("POST", "/api/groups/{group}/members", change_members),
        ("POST", "/api/groups/{group}/admins", change_admin),
        ("POST", "/api/groups/{group}/supergroup", to_supergroup),
        ("POST", "/api/groups/{group}/topics", make_topic),
        ("POST", "/api/groups/{group}/topics/{topic:int}", change_topic),
        ("DELETE", "/api/groups/{group}/topics/{topic:int}", delete_topic),
        ("POST", "/api/groups/{group}/channel_post", post_from_channel),
        ("GET", "/api/updates/{update:int}", update),
        ("POST", "/api/updates/{update:int}/repeat", repeat),
        ("POST", "/api/reset", reset),
        *_calls_and_faults(api),
    ]
    return [routed(world, path, endpoint, method) for method, path, endpoint in table]
