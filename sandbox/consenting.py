"""The page where a shop agrees that an application acts for it, and goes back with a code.

The wire pages do not describe it: OAuth 2's authorization code flow, with the parameters' names
of each platform. Where the shop goes back to stands in the link, or is registered in the settings.
"""

from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import tokens
from sandbox.cast import Platform
from sandbox.world import World

_PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>授权 · {name}沙盒</title>
<link rel="stylesheet" href="/page/base.css"></head><body class="consent"><main class="card">
<p class="quiet">{name}沙盒</p><h1>授权应用访问店铺</h1>
<p>应用 <code>{key}</code> 将能够读取并处理所选店铺的订单。</p>
<form method="post">{choices}<button class="primary">同意授权</button></form>
</main></body></html>"""


@dataclass(frozen=True)
class Flow:
    """`client` is the name the platform gives the application's number in the link."""

    platform: Platform
    name: str
    path: str
    client: str


def route(world: World, flow: Flow) -> Route:
    async def endpoint(request: Request) -> Response:
        query = dict(request.query_params)
        back = query.get("redirect_uri") or world.kept.of(flow.platform).redirect
        wrong = _wrong(world, flow, query, back)
        if wrong:
            return PlainTextResponse(wrong, 400)
        if request.method == "GET":
            return HTMLResponse(_page(world, flow))
        chosen = dict(parse_qsl((await request.body()).decode())).get("shop", "")
        shops = {str(shop.id): shop for shop in world.shops(flow.platform)}
        if chosen not in shops:
            return PlainTextResponse("choose a shop", 400)
        with world.transaction():
            code = tokens.give_code(world, shops[chosen])
        return RedirectResponse(_return(back, code, query.get("state")), 302)

    return Route(flow.path, endpoint, methods=["GET", "POST"])


def _wrong(world: World, flow: Flow, query: dict[str, str], back: str) -> str:
    app = world.config.app(flow.platform)
    if query.get(flow.client) not in (app.key, app.service or app.key):
        return f"{flow.client} names no application"
    if query.get("response_type", "code") != "code":
        return "response_type must be code"
    if urlsplit(back).scheme not in ("http", "https"):
        return "redirect_uri must be an http address, here or in the settings"
    return ""


def _page(world: World, flow: Flow) -> str:
    choices = "".join(
        f'<label><input type="radio" name="shop" value="{shop.id}" required> '
        f"{escape(shop.name)} <small>{'商家' if shop.role == 'merchant' else '厂家'} · "
        f"{shop.id}</small></label>"
        for shop in world.shops(flow.platform)
    )
    key = escape(world.config.app(flow.platform).key)
    return _PAGE.format(name=flow.name, key=key, choices=choices)


def _return(back: str, code: str, state: str | None) -> str:
    sign = "&" if urlsplit(back).query else "?"
    return back + sign + urlencode({"code": code, **({"state": state} if state else {})})
