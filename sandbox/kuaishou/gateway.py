"""Kuaishou's gateway: `/kuaishou/open/a/b/c`, form-encoded fields, the parameters as JSON in one.

Signature, time, application and token are verified before anything is done.
"""

import hmac
from typing import Any
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.requests import Request

from sandbox.cast import Platform, Shop
from sandbox.errors import first_of
from sandbox.faults import Taken
from sandbox.gateway import Asking, Call, Gateway, Refusal, parsed
from sandbox.kuaishou import appending, decrypting, ebills, factory, merchant, relations, seller
from sandbox.kuaishou import refusals as refuse
from sandbox.kuaishou.calling import Done
from sandbox.kuaishou.signing import METHODS, signature
from sandbox.tokens import TokenError
from sandbox.world import World

CALLS: dict[str, Done] = {
    **relations.CALLS,
    **merchant.CALLS,
    **appending.CALLS,
    **factory.CALLS,
    **seller.CALLS,
    **ebills.CALLS,
    **decrypting.CALLS,
}
_FIELDS = (
    "appkey",
    "method",
    "version",
    "param",
    "access_token",
    "timestamp",
    "signMethod",
    "sign",
)


class Kuaishou(Gateway):
    platform: Platform = "kuaishou"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._app = world.config.app("kuaishou")

    async def read(self, request: Request) -> Call:
        """Fields of the query and of the form-encoded body add up."""
        raw = (await request.body()).decode("utf-8", "replace")
        fields = {**dict(request.query_params), **dict(parse_qsl(raw, keep_blank_values=True))}
        method = "open." + str(request.path_params["path"]).replace("/", ".")
        params = parsed(fields.get("param", ""))
        return Call(method, fields, raw, params, fields.get("access_token", ""))

    def perform(self, call: Call, taken: Taken) -> Any:
        if call.method not in CALLS:
            raise refuse.Refused(refuse.NO_METHOD, f"API 不存在: {call.method}")
        self._verify(call)
        done = CALLS[call.method]
        shop = self._shop(call.token)
        try:
            asked = done.asked.model_validate(call.params)
            return done.act(Asking(self.world, shop, taken.calling == "quota"), asked)
        except ValidationError as error:
            raise refuse.Refused(refuse.BAD_PARAM, f"参数错误: {first_of(error)}") from None
        except OverflowError:
            raise refuse.Refused(refuse.BAD_PARAM, "参数错误: 数字过大") from None

    def _verify(self, call: Call) -> None:
        fields = call.fields
        for name in _FIELDS:
            if not fields.get(name):
                raise refuse.Refused(refuse.BAD_REQUEST, f"缺少必要的请求参数 {name}")
        if fields["appkey"] != self._app.key:
            raise refuse.Refused(refuse.BAD_APP, "appkey 不存在")
        if fields["method"] != call.method or fields["version"] != "1":
            raise refuse.Refused(refuse.BAD_SIGN, "method 或 version 与请求不符")
        if fields["signMethod"] not in METHODS:
            raise refuse.Refused(refuse.BAD_SIGN, "signMethod 不支持")
        made = signature(self._app, fields, fields["signMethod"])
        if not hmac.compare_digest(made.encode(), fields["sign"].encode()):
            raise refuse.Refused(refuse.BAD_SIGN, "签名校验失败")
        self._verify_time(fields["timestamp"])

    def _verify_time(self, timestamp: str) -> None:
        """Milliseconds: seconds would be a day of 1970."""
        if not (timestamp.isascii() and timestamp.isdigit()):
            raise refuse.Refused(refuse.BAD_TIME, "timestamp 格式错误")
        if abs(int(timestamp) / 1000 - self.world.now()) > self.world.config.skew:
            raise refuse.Refused(refuse.BAD_TIME, "timestamp 不在有效时间内")

    def _shop(self, token: str) -> Shop:
        try:
            return self.shop_by(token)
        except TokenError as error:
            if error.why == "unknown":
                raise refuse.Refused(refuse.REVOKED, "AUTHORIZATION_REVOKED") from None
            raise refuse.Refused(refuse.BAD_TOKEN, "access_token expired") from None

    def refusal_of(self, fault: str) -> Refusal | None:
        if fault == "throttle":
            return refuse.Refused(
                refuse.THROTTLED, f"Exceed qps limit, KEY [appkey:{self._app.key}], MAX_QPS [1.0]"
            )
        if fault == "token_expired":
            return refuse.Refused(refuse.BAD_TOKEN, "access_token expired")
        return (
            refuse.Refused(refuse.SERVICE, "系统繁忙，请稍后重试") if fault == "service" else None
        )

    def body(self, data: Any, refused: Refusal | None) -> dict[str, Any]:
        if isinstance(refused, refuse.Refused):
            return refused.told()
        return {"result": 1, "error_msg": "SUCCESS", "data": data}
