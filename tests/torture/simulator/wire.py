"""The wire to a Telegram in the same process: every call of both libraries, with its faults.

The Telegram is the playground's, without its HTTP. aiogram's calls come through a session of ours,
python-telegram-bot's through httpx with a transport of ours, so that its errors are its own.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Final

import httpx
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from starlette.requests import Request

from playground import params
from playground.bot_api import BotApi
from playground.errors import ApiError
from playground.people import DEFAULT_BOT
from playground.world import World
from tests.torture.simulator.weather import Fault, Weather

ADDRESS: Final = "http://telegram.invalid"
_HTML: Final = "<html><body><h1>502 Bad Gateway</h1></body></html>"
_GATEWAY: Final = '{"ok":false,"error_code":502,"description":"Bad Gateway"}'


class NotSent(Exception):
    """The call never left."""


class NoAnswer(Exception):
    """It was done, and no answer came."""


@dataclass(frozen=True, slots=True)
class Called:
    """One call: who made it, and what became of it; `arrived` is the id of a message it sent."""

    at: float
    cause: str
    attempt: int
    method: str
    chat: int
    text: str
    status: int
    fault: str
    arrived: int = 0
    refusal: str = ""


class Wire:
    """Between the house and its Telegram; remembers every call."""

    def __init__(self, world: World, weather: Weather) -> None:
        self.world = world
        self.weather = weather
        self.deactivated: set[int] = set()
        self.calls: list[Called] = []
        self.polled: list[float] = []  # when a question for updates was answered well
        self._api = BotApi(world)
        self._attempts: dict[str, dict[int, int]] = defaultdict(dict)
        self._tasks: list[asyncio.Task[Any]] = []  # kept: an id is another's as soon as one is gone

    async def call(self, method: str, raw: params.Raw) -> tuple[int, str]:
        """Make one call; returns status and body. Raises `NotSent`, `NoAnswer`."""
        cause, attempt = self._who()
        serving = asyncio.create_task(self._serve(cause, attempt, method, raw))
        # Who gives up waiting changes nothing over there: it is done all the same.
        fault, status, body = await asyncio.shield(serving)
        return _spoilt(fault, status, body)

    async def _serve(
        self, cause: str, attempt: int, method: str, raw: params.Raw
    ) -> tuple[Fault | None, int, str]:
        fault = self.weather.draw(method)
        await asyncio.sleep(self.weather.takes())
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        status, body, refusal = await self._done(method, raw, fault)
        chat = raw.values.get("chat_id") or 0
        told = Called(
            asyncio.get_running_loop().time(), cause, attempt, method, int(chat),
            str(raw.values.get("text") or raw.values.get("caption") or ""), status,
            fault.kind if fault else "", _arrived(method, body) if status == 200 else 0, refusal,
        )  # fmt: skip
        if method != "getUpdates" or fault is not None:
            self.calls.append(told)
        elif status == 200:
            self.polled.append(told.at)
        await asyncio.sleep(self.weather.takes())
        return fault, status, body

    def _who(self) -> tuple[str, int]:
        """Return the task that calls, by name, and which one of that name it is."""
        task = asyncio.current_task()
        assert task is not None
        name = task.get_name()
        name = "house" if name.startswith("Task-") else name  # numbered through all seeds
        known = self._attempts[name]
        if id(task) not in known:
            known[id(task)] = len(known)
            self._tasks.append(task)
        return name, known[id(task)]

    async def _done(
        self, method: str, raw: params.Raw, fault: Fault | None
    ) -> tuple[int, str, str]:
        match fault:
            case Fault("lost"):
                return 0, "", ""
            case Fault("429", seconds):
                refused = ApiError(429, f"Too Many Requests: retry after {seconds:.0f}",
                                   retry_after=int(seconds))  # fmt: skip
                return 429, _refused(refused), refused.description
            case Fault("5xx"):
                return 502, _GATEWAY, ""
            case Fault("html"):
                return 502, _HTML, ""
        try:
            if int(raw.values.get("chat_id") or 0) in self.deactivated:
                raise ApiError(403, "Forbidden: user is deactivated")
            answer = await self._api.call(DEFAULT_BOT, method, raw)
        except ApiError as error:
            return error.status, _refused(error), error.description
        return 200, f'{{"ok":true,"result":{answer.text}}}', ""


def _arrived(method: str, body: str) -> int:
    if not method.startswith("send"):
        return 0
    result = json.loads(body)["result"]
    return int(result["message_id"]) if isinstance(result, dict) else 0


def _refused(error: ApiError) -> str:
    body: dict[str, Any] = {
        "ok": False, "error_code": error.status, "description": error.description,
    }  # fmt: skip
    if error.parameters:
        body["parameters"] = error.parameters
    return json.dumps(body)


def _spoilt(fault: Fault | None, status: int, body: str) -> tuple[int, str]:
    """Return what comes back of an answer. Raises `NotSent`, `NoAnswer`."""
    match fault:
        case Fault("lost"):
            raise NotSent
        case Fault("dropped"):
            raise NoAnswer
        case Fault("5xx_done"):
            return 502, _GATEWAY
        case Fault("html_done"):
            return 502, _HTML
        case Fault("cut"):
            return status, body[: len(body) // 2]
    return status, body


class Session(BaseSession):
    """aiogram's way to the wire."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(api=TelegramAPIServer.from_base(ADDRESS))
        self._wire = wire

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109
    ) -> TelegramType:
        """Make the call, as aiogram's own session would. Raises as that one."""
        values, files = {}, dict[str, Any]()
        for name, value in method.model_dump(warnings=False).items():
            if prepared := self.prepare_value(value, bot=bot, files=files):
                values[name] = prepared
        uploads = {
            name: params.Upload(
                file.filename or name, b"".join([part async for part in file.read(bot)]),
                "application/octet-stream",
            )
            for name, file in files.items()
        }  # fmt: skip
        try:
            async with asyncio.timeout(self.timeout if timeout is None else timeout):
                status, body = await self._wire.call(
                    method.__api_method__, params.Raw(values, uploads)
                )
        except TimeoutError as late:
            raise TelegramNetworkError(method=method, message="Request timeout error") from late
        except (NotSent, NoAnswer) as lost:
            name = type(lost).__name__
            raise TelegramNetworkError(method=method, message=name) from lost
        result: Any = self.check_response(bot, method, status, body).result
        return result  # type: ignore[no-any-return]

    async def stream_content(
        self, url: str, headers: dict[str, Any] | None = None, timeout: int = 30,  # noqa: ASYNC109
        chunk_size: int = 65536, raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:  # fmt: skip
        """Give a file of the playground."""
        files = self._wire.world.files
        file = files.at_path(url.split(f"/file/bot{DEFAULT_BOT.token}/")[1])
        assert file is not None
        yield files.place(file).read_bytes()

    async def close(self) -> None:
        """There is nothing to close."""


class Transport(httpx.AsyncBaseTransport):
    """httpx's way to the wire: python-telegram-bot's."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make the call; what goes wrong is httpx's own."""
        body = await request.aread()
        method = request.url.path.rsplit("/", 1)[1]
        raw = await params.read(_starlette(request, body))
        try:
            async with asyncio.timeout(request.extensions["timeout"]["read"]):
                status, text = await self._wire.call(method, raw)
        except NotSent:
            raise httpx.ConnectError("no way", request=request) from None
        except NoAnswer:
            raise httpx.RemoteProtocolError("disconnected", request=request) from None
        except TimeoutError:
            raise httpx.ReadTimeout("too long", request=request) from None
        return httpx.Response(status, content=text.encode(), request=request)


def _starlette(request: httpx.Request, body: bytes) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {
        "type": "http", "method": request.method, "path": request.url.path,
        "query_string": request.url.query, "headers": request.headers.raw,
    }  # fmt: skip
    scope["headers"] = [(name.lower(), value) for name, value in request.headers.raw]
    return Request(scope, receive)
