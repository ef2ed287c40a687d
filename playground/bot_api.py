"""The bots' side over HTTP: every call authorised, checked, throttled, broken on demand, logged."""

import asyncio
import importlib
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from playground import params
from playground.calls import CallLog
from playground.errors import ApiError, bad_request, forbidden
from playground.faults import Fault, Faults
from playground.limits import LIMITED, Limits
from playground.methods import HANDLERS, Call
from playground.people import BotAccount
from playground.polling import Polling
from playground.schema import METHOD_NAMES
from playground.world import World

for _module in ("answers", "chats", "editing", "profile", "sending", "webhooks"):
    importlib.import_module(f"playground.methods.{_module}")

_HTML = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"


@dataclass(frozen=True)
class Answer:
    """What goes back: JSON text of the result, or a refusal."""

    status: int
    text: str
    description: str | None = None


class Cut(Response):
    """No answer at all: the connection is cut."""

    def __init__(self, cut: Any) -> None:
        super().__init__()
        self._cut = cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        self._cut(scope["client"])
        await receive()  # returns once the server has seen the connection go


class BotApi:
    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults(list(world.config.faults))
        self.log = CallLog()
        self._polling = Polling(world)
        self._limits = Limits() if world.config.rate_limits else None

    async def endpoint(self, request: Request) -> Response:
        """/bot{token}/{method}"""
        at, begun = self.world.now(), time.perf_counter()
        name = request.path_params["method"]
        method = METHOD_NAMES.get(name.lower(), name)
        raw = params.Raw({})
        fault: Fault | None = None
        try:
            raw = await params.read(request)
            bot = self._bot(request.path_params["token"])
            seconds, fault = self.faults.take(method, raw.values.get("chat_id"))
            if seconds:
                await asyncio.sleep(seconds)
            if fault is None or fault.kind == "drop_answer":
                answer = await self.call(bot, method, raw)
            else:
                answer = _broken(fault)
        except ApiError as error:
            answer = _refused(error)
        response, status = self._response(request, answer, fault)
        self.log.add(
            method,
            raw.values,
            at=at,
            status=status,
            description=answer.description if status else "connection cut",
            ms=(time.perf_counter() - begun) * 1000,
            by=request.headers.get("user-agent", ""),
        )
        return response

    async def call(self, bot: BotAccount, method: str, raw: params.Raw) -> Answer:
        """Do one call; raises `ApiError` when it is refused."""
        if method not in METHOD_NAMES.values():
            raise ApiError(404, "Not Found: method not found")
        if method != "getUpdates" and method not in HANDLERS:
            raise bad_request(f"method {method} is not in the playground")
        call = Call(self.world, bot, method, params.checked(method, raw), raw.uploads)
        if method == "getUpdates":
            return Answer(200, await self._polling.get_updates(call))
        if self._limits is not None and method in LIMITED and type(call.get("chat_id")) is int:
            self._limits.spend(bot.id, call.params["chat_id"])
        with self.world.transaction():
            result = HANDLERS[method](call)
        return Answer(200, json.dumps(result, ensure_ascii=False))

    async def answered_by_webhook(self, bot: BotAccount, body: dict[str, Any]) -> None:
        """A call in the answer of a webhook: done and logged, its result told to nobody."""
        values = {name: value for name, value in body.items() if name != "method"}
        method = METHOD_NAMES.get(str(body["method"]).lower(), str(body["method"]))
        at, begun = self.world.now(), time.perf_counter()
        try:
            answer = await self.call(bot, method, params.Raw(values, from_json=True))
        except ApiError as error:
            answer = _refused(error)
        self.log.add(
            method,
            values,
            at=at,
            status=answer.status,
            description=answer.description,
            ms=(time.perf_counter() - begun) * 1000,
        )

    async def download(self, request: Request) -> Response:
        """/file/bot{token}/{path}"""
        try:
            self._bot(request.path_params["token"])
            file = self.world.files.at_path(request.path_params["path"])
            if file is None:
                raise ApiError(404, "Not Found")
        except ApiError as error:
            return _json(_refused(error))
        return FileResponse(self.world.files.place(file), media_type="application/octet-stream")

    def _bot(self, token: str) -> BotAccount:
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
            raise ApiError(404, "Not Found")
        bot = self.world.rooms.bot_of_token(token)
        if bot is None:
            raise ApiError(401, "Unauthorized")
        return bot

    def _response(
        self, request: Request, answer: Answer, fault: Fault | None
    ) -> tuple[Response, int]:
        if fault is not None and fault.kind.startswith("drop"):
            return Cut(request.app.state.cut), 0
        if fault is not None and fault.kind == "html":
            return Response(_HTML, answer.status, media_type="text/html"), answer.status
        return _json(answer), answer.status


def _json(answer: Answer) -> Response:
    body = f'{{"ok":true,"result":{answer.text}}}' if answer.status == 200 else answer.text
    return Response(body, answer.status, media_type="application/json")


def _refused(error: ApiError) -> Answer:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": error.status,
        "description": error.description,
    }
    if error.parameters:
        body["parameters"] = error.parameters
    return Answer(error.status, json.dumps(body, ensure_ascii=False), error.description)


def _broken(fault: Fault) -> Answer:
    if fault.kind == "429":
        seconds = fault.retry_after
        return _refused(
            ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        )
    if fault.kind == "403":
        return _refused(forbidden("bot was blocked by the user"))
    return _refused(ApiError(502, "Bad Gateway"))
