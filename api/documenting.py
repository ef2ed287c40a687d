"""The OpenAPI document: what FastAPI reads off the routes, and every problem that may be answered.

Each operation names all its statuses: a program's author finds there what to be ready for.
"""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import MEDIA_TYPE, Problem, example
from core.errors import AssignmentNotFound, OrderStopped
from core.programs.errors import KeyRefused, ScopeMissing

ABOUT: Final = """
商家和厂家在聊天里做的事，都可以交给自己的软件：打单软件取单、发货、回传单号；ERP 推单、分配、跟进。
第一次用，看[快速上手](/docs/quickstart)：五分钟发出一单。

* **密钥**：在聊天里发 `/apikey` 生成，请求时带 `Authorization: Bearer daifa_…`。
  它以生成者的名义操作，不超出勾选的权限。
* **可以放心重试**：每个 POST 都带上 `Idempotency-Key`。
  同一个键的同一请求只做一次，48 小时内得到同样的回答。
* **出错**返回 `application/problem+json`（RFC 9457），按 `code` 判断，
  见[每个代码的意思](/docs/problems)。不属于你的一律 404。
* **主动推送**：店主在聊天里用 `/webhook` 填好地址，有动静就推过去。
  格式是 Standard Webhooks，带签名。
  先验签，回 2xx，再来取详情。没有地址就用 `GET /v1/events?after=…&wait=30` 等。
* **频率**按密钥计算，每个回答都写明还剩多少（`RateLimit-Remaining`）；429 时按 `Retry-After` 等待。

What merchants and factories do in chat, for their own programs: a factory's print system fetches
its orders, ships them and returns the numbers; a merchant's ERP brings orders in and follows them.
Begin with the [quick start](/docs/quickstart?lang=en): an order shipped in five minutes.

* **Key**: make one in chat with `/apikey` and send it as `Authorization: Bearer daifa_…`. It acts
  for the person who made it, within its scopes.
* **Safe to repeat**: send an `Idempotency-Key` with every POST. The same request under the same key
  is done once and answered the same for 48 hours.
* **Told at once**: the owner gives your address in chat with `/webhook`. Whatever happens is posted
  there in the form of Standard Webhooks (https://www.standardwebhooks.com), signed with the secret
  shown once: verify it with one of their libraries, answer 2xx, then fetch the order. Without an
  address, wait for events: `GET /v1/events?after=…&wait=30`.
* **Problems** are `application/problem+json` (RFC 9457) with a stable `code`
  ([what each means](/docs/problems)). What is not yours
  does not exist: 404.
* **Rates** are counted per key; every answer says what is left (`RateLimit-Remaining`), a 429 when
  to come back (`Retry-After`).
"""
TAGS: Final = [
    {"name": "shop", "description": "店铺 · Whose key it is, and whom that shop works with."},
    {
        "name": "orders",
        "description": "商家的订单 · A merchant's orders: brought in, changed, handed out.",
    },
    {
        "name": "assignments",
        "description": "厂家的订单 · A factory's orders: read, answered, shipped.",
    },
    {
        "name": "waybills",
        "description": "电子面单 · E-waybills of orders whose recipients the platform encrypts.",
    },
    {"name": "labels", "description": "面单 · Packing slips to print."},
    {"name": "shipments", "description": "包裹 · Parcels of either side; many shipped at once."},
    {
        "name": "events",
        "description": "事件 · What happened, in order, by a cursor that loses nothing.",
    },
    {
        "name": "webhooks",
        "description": "推送 · The same, posted to your own address: `/webhook` in chat.",
    },
]
_SAID: Final[Mapping[str, tuple[str, Any]]] = {
    "400": ("The body is no JSON in UTF-8.", None),
    "401": ("The key is missing, wrong, revoked or has run out.", KeyRefused()),
    "403": ("The key's scopes or its shop's role do not allow it.", ScopeMissing("ship")),
    "404": ("There is no such thing, or it is another shop's.", AssignmentNotFound()),
    "409": (
        "It was possible once: the state has moved on, or something is in doubt.",
        OrderStopped("refund_open"),
    ),
    "422": ("The request is not as documented, or the business refuses it.", None),
    "408": ("The body did not come within 30 seconds.", None),
    "413": ("The body is longer than 2,000,000 bytes.", None),
    "429": ("Too many requests: wait as `Retry-After` says.", None),
}
_SCHEMA: Final = {"$ref": "#/components/schemas/Problem"}
_LEFT: Final = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def document_of(app: FastAPI) -> dict[str, Any]:
    """Return the application's OpenAPI 3.1 document, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, openapi_version="3.1.0",
        summary="代发开放接口", description=ABOUT, routes=app.routes, tags=TAGS,
        webhooks=app.webhooks.routes,
    )  # fmt: skip
    parts = document["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    parts["schemas"]["Problem"] = Problem.model_json_schema()
    parts["headers"] = {
        name: {"schema": {"type": "integer"}, "description": said}
        for name, said in zip(
            _LEFT,
            ("Requests a minute.", "Requests left now.", "Seconds until none is missing."),
            strict=True,
        )
    }
    for item in document["webhooks"].values():
        for operation in item.values():
            del operation["responses"]["422"]  # how a message may be wrong is not said to us
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _complete(operation, path, method)
    return document


def _complete(operation: dict[str, Any], path: str, method: str) -> None:
    """Name every status this operation may answer with."""
    answers = operation["responses"]
    statuses = {"401", "403", "422", "429"} | (set(answers) & set(_SAID))
    if "{" in path:
        statuses.add("404")
    if method == "post":
        statuses |= {"400", "404", "408", "409", "413"}
    for status in sorted(statuses):
        answers[status] = _problem(status)
    for answer in answers.values():
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in _LEFT}
    answers["429"]["headers"]["Retry-After"] = {"schema": {"type": "integer"}}


def _problem(status: str) -> dict[str, Any]:
    said, refused = _SAID[status]
    content = {"schema": _SCHEMA, "example": example(int(status), refused)}
    return {"description": said, "content": {MEDIA_TYPE: content}}
