"""Kuaishou's authorisation: the page of consent, a code becomes a token, a token is refreshed.

Not on the wire page: OAuth 2's usage, with the names of the platform's public documents. A code
lasts two minutes and works once; a refresh token is replaced by each refresh.
"""

from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import tokens
from sandbox.consenting import Flow, route
from sandbox.kuaishou import refusals as refuse
from sandbox.tokens import Pair, TokenError
from sandbox.world import World

_ROOT = "/kuaishou/oauth2"


def routes(world: World) -> list[Route]:
    async def access_token(request: Request) -> Response:
        return _answered(world, "access_token", dict(request.query_params))

    async def refresh_token(request: Request) -> Response:
        fields = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        return _answered(world, "refresh_token", fields)

    return [
        route(world, Flow("kuaishou", "快手小店", "/kuaishou/oauth/authorize", "app_id")),
        Route(f"{_ROOT}/access_token", access_token, methods=["GET"]),
        Route(f"{_ROOT}/refresh_token", refresh_token, methods=["POST"]),
    ]


def _answered(world: World, call: str, fields: dict[str, str]) -> Response:
    at = world.now()
    try:
        with world.transaction():
            told = _given(world, call, fields)
        code = "ok"
    except refuse.Refused as refused:
        told, code = refused.told(), str(refused.code)
    world.log.add(
        "kuaishou", f"oauth2.{call}", at=at, shop=None, params=fields, code=code, said="", ms=0.0
    )
    return JSONResponse(told)


def _given(world: World, call: str, fields: dict[str, str]) -> dict[str, Any]:
    app = world.config.app("kuaishou")
    if fields.get("app_id") != app.key or fields.get("app_secret") != app.secret:
        raise refuse.Refused(refuse.BAD_APP, "app 非法")
    try:
        if call == "access_token":
            _demand(fields, "code")
            return _told(tokens.exchange(world, "kuaishou", fields["code"]))
        _demand(fields, "refresh_token")
        return _told(tokens.refresh(world, "kuaishou", fields["refresh_token"]))
    except TokenError as error:
        if call == "access_token":
            raise refuse.Refused(refuse.BAD_CODE, f"code {error.why}") from None
        word = {"replaced": "refreshToken.discarded"}.get(error.why, "invalid refresh_token")
        raise refuse.Refused(refuse.BAD_TOKEN, word) from None


def _demand(fields: dict[str, str], grant: str) -> None:
    """The grant type goes by the name of what is exchanged."""
    if fields.get("grant_type") != grant:
        raise refuse.Refused(refuse.BAD_GRANT_TYPE, "grantType 错误")
    if not fields.get(grant):
        raise refuse.Refused(refuse.BAD_REQUEST, f"缺少必要的请求参数 {grant}")


def _told(pair: Pair) -> dict[str, Any]:
    return {
        "result": 1,
        "access_token": pair.access,
        "expires_in": pair.expires_in,
        "refresh_token": pair.refresh,
        "refresh_token_expires_in": pair.refresh_expires_in,
        "open_id": f"open{pair.shop}",
        "scopes": ["merchant_order", "merchant_refund", "merchant_logistics", "user_info"],
    }
