"""Doudian's gateway: a call's signature, time, application and token are verified, then it is done.

`POST /doudian/{path}`: the path names the method, the query carries it all but the parameters.
"""

import hmac
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request

from sandbox.cast import Platform
from sandbox.doudian import (
    decrypting,
    listing,
    lists,
    merchant,
    parcels,
    returning,
    token,
    waybills,
)
from sandbox.doudian import refusals as refuse
from sandbox.doudian.calling import Done
from sandbox.doudian.signing import METHODS, canonical, signature
from sandbox.errors import first_of
from sandbox.faults import Taken
from sandbox.gateway import Asking, Call, Gateway, Refusal, parsed
from sandbox.tokens import TokenError
from sandbox.world import World

CALLS: dict[str, Done] = {
    **listing.CALLS,
    **lists.CALLS,
    **merchant.CALLS,
    **returning.CALLS,
    **waybills.CALLS,
    **parcels.CALLS,
    **decrypting.CALLS,
}
_TOKEN_WORDS = {
    "unknown": ("access-token-no-existed", "access_token不存在，请使用最新的access_token访问"),
    "replaced": ("access-token-no-existed", "access_token不存在，请使用最新的access_token访问"),
    "expired": ("access-token-expired", "access_token已过期"),
}


class Doudian(Gateway):
    platform: Platform = "doudian"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._app = world.config.app("doudian")

    async def read(self, request: Request) -> Call:
        raw = (await request.body()).decode("utf-8", "replace")
        fields = dict(request.query_params)
        method = str(request.path_params["path"]).replace("/", ".")
        return Call(method, fields, raw, parsed(raw), fields.get("access_token", ""))

    def perform(self, call: Call, taken: Taken) -> Any:
        if call.method not in CALLS and call.method not in token.CALLS:
            raise refuse.no_method()
        self._verify(call)
        if call.method in token.CALLS:
            return self._done(token.CALLS[call.method], call, self.world)
        asking = Asking(self.world, self._shop(call), taken.calling == "quota")
        return self._done(CALLS[call.method], call, asking)

    def _done(self, done: Done, call: Call, asking: Any) -> Any:
        try:
            return done.act(asking, done.asked.model_validate(call.params))
        except ValidationError as error:
            raise _unfit(error) from None
        except OverflowError:
            raise refuse.invalid("参数错误: 数字过大") from None

    def _verify(self, call: Call) -> None:
        fields = call.fields
        if not fields.get("app_key"):
            raise refuse.platform_missing("app-id-missing", "认证失败，app_key不存在")
        if fields["app_key"] != self._app.key:
            raise refuse.platform_invalid("app-id-invalid", "认证失败，app_key格式不正确")
        if not fields.get("sign"):
            raise refuse.platform_missing("signature-missing", "获取签名失败，请确保参数拼装正确")
        if fields.get("method") != call.method or fields.get("v") != "2":
            raise refuse.platform_invalid("signature-invalid", "method或v与请求不符")
        self._verify_time(fields.get("timestamp", ""))
        self._verify_sign(call)

    def _verify_time(self, timestamp: str) -> None:
        if not (timestamp.isascii() and timestamp.isdigit()):
            raise refuse.platform_invalid("timestamp-format-error", "时间戳格式错误")
        if abs(int(timestamp) - self.world.now()) > self.world.config.skew:
            raise refuse.platform_invalid("timestamp-invalid", "时间戳不合法")

    def _verify_sign(self, call: Call) -> None:
        how = call.fields.get("sign_method", "")
        if how not in METHODS:
            raise refuse.platform_invalid("signature-invalid", "sign_method不支持")
        try:
            fine = canonical(call.raw) == call.raw and isinstance(call.params, dict)
        except (ValueError, RecursionError):
            raise refuse.platform_invalid(
                "parameter-format-invalid", "业务参数json解析失败"
            ) from None
        made = signature(self._app, call.method, call.raw, call.fields["timestamp"], how)
        if not fine or not hmac.compare_digest(made.encode(), call.fields["sign"].encode()):
            raise refuse.platform_invalid("signature-invalid", "签名校验失败")

    def _shop(self, call: Call) -> Any:
        if not call.token:
            raise refuse.platform_missing("access-token-missing", "access_token不能为空")
        try:
            return self.shop_by(call.token)
        except TokenError as error:
            raise refuse.platform_invalid(*_TOKEN_WORDS[error.why]) from None

    def refusal_of(self, fault: str) -> Refusal | None:
        if fault == "throttle":
            return refuse.throttled()
        if fault == "token_expired":
            return refuse.platform_invalid(*_TOKEN_WORDS["expired"])
        return refuse.service() if fault == "service" else None

    def body(self, data: Any, refused: Refusal | None) -> dict[str, Any]:
        log_id = f"{int(self.world.now())}{self.world.log.count + 1:012X}"
        told = refused if isinstance(refused, refuse.Refused) else None
        return refuse.answer(self.world.kept.doudian.answers, log_id, data, told)


def _unfit(error: ValidationError) -> refuse.Refused:
    """What pydantic found first, in the platform's codes."""
    if error.errors()[0]["type"] == "missing":
        return refuse.missing(f"缺少必选参数: {first_of(error)}")
    return refuse.invalid(f"参数错误: {first_of(error)}")
