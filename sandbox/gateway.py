"""What both gateways share: one call read, made to suffer its faults, done, answered and logged."""

import json
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox import tokens
from sandbox.cast import Platform, Shop
from sandbox.faults import Taken
from sandbox.world import World

_HTML = "<html><body><h1>系统维护中</h1></body></html>"


class Strict(BaseModel):
    """Parameters of a call: unknown ones are refused, types are not repaired.

    A platform would ignore or repair some of them; either is a mistake of the caller's.
    """

    model_config = ConfigDict(extra="forbid", strict=True)


class Refusal(Exception):
    """A call refused in the platform's own words; each gateway has its class."""

    code: int
    said: str


@dataclass
class Call:
    """One call as it came: everything needed to verify it."""

    method: str
    fields: dict[str, str]
    raw: str
    params: Any = None
    token: str = ""


@dataclass
class Asking:
    """In whose name, in which world a call is done; `quota_gone`: a fault says so."""

    world: World
    shop: Shop
    quota_gone: bool = field(default=False)


class Cut(Response):
    """No answer at all: the connection is cut."""

    def __init__(self, cut: Any) -> None:
        super().__init__()
        self._cut = cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        self._cut(scope["client"])
        await receive()  # returns once the server has seen the connection go


def parsed(text: str) -> Any:
    """The JSON in a text; nothing where it is none, or says what UTF-8 cannot."""
    try:
        found = json.loads(text, parse_constant=_refuse)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found


def _refuse(name: str) -> None:
    raise ValueError(name)


class Gateway(ABC):
    platform: Platform

    def __init__(self, world: World) -> None:
        self.world = world

    @abstractmethod
    async def read(self, request: Request) -> Call:
        """The call as it came, nothing verified."""

    @abstractmethod
    def perform(self, call: Call, taken: Taken) -> Any:
        """Verify and do it; the answer's data. Raises `Refusal`."""

    @abstractmethod
    def refusal_of(self, fault: str) -> Refusal | None:
        """What a fault of this kind is answered with, if it is an answer."""

    @abstractmethod
    def body(self, data: Any, refused: Refusal | None) -> dict[str, Any]:
        """The answer in the platform's shape."""

    async def endpoint(self, request: Request) -> Response:
        begun, at = time.perf_counter(), self.world.now()
        call = await self.read(request)
        shop = self._shop_of(call.token)
        taken = self.world.faults.take(self.platform, call.method, shop)
        if taken.seconds:
            await self.world.bells.wait("faults", taken.seconds)
        response, code, said = self._answer(request, call, taken)
        self.world.log.add(
            self.platform,
            call.method,
            at=at,
            shop=shop,
            params=call.params,
            code=code,
            said=said,
            ms=(time.perf_counter() - begun) * 1000,
        )
        return response

    def _shop_of(self, token: str) -> int | None:
        row = self.world.database.row("SELECT shop FROM tokens WHERE access = ?", token)
        return row[0] if row else None

    def _answer(self, request: Request, call: Call, taken: Taken) -> tuple[Response, str, str]:
        cut = request.app.state.cut
        if taken.calling == "cut_before":
            return Cut(cut), "cut", "before the effect"
        if taken.calling == "5xx":
            return Response("Bad Gateway", 502, media_type="text/plain"), "502", ""
        if taken.calling == "html":
            return Response(_HTML, media_type="text/html"), "html", ""
        refused: Refusal | None = None
        data: Any = None
        try:
            if taken.calling is not None and (refusal := self.refusal_of(taken.calling)):
                raise refusal
            with self.world.transaction():
                data = taken.mangled(self.perform(call, taken))
        except Refusal as refusal:
            refused = refusal
        if taken.calling == "cut_after":
            return Cut(cut), "cut", "after the effect"
        body = json.dumps(self.body(data, refused), ensure_ascii=False)
        code, said = (str(refused.code), refused.said) if refused else ("ok", "")
        return Response(body, media_type="application/json"), code, said

    def shop_by(self, token: str) -> Shop:
        """Raises `TokenError`."""
        return tokens.holder(self.world, self.platform, token)
