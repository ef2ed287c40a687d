"""How Doudian refuses: code, message, sub-code and its text, or the older `err_no` and `message`.

On the wire page: 10000, 20000, 40002, 40004, 50002 and the sub-codes of the iop calls. The others,
of the platform's own checks (signature, token, method, throttling), are what public clients name.
"""

from typing import Any

from sandbox.gateway import Refusal

MESSAGES = {
    20000: "服务不可用",
    30001: "操作权限不足",
    40001: "缺少必选参数",
    40002: "缺少必选参数",
    40003: "非法的参数",
    40004: "非法的参数",
    50001: "平台处理失败",
    50002: "业务处理失败",
    60000: "触发限流，请稍后重试",
    70000: "接口服务已下线",
}


class Refused(Refusal):
    """A call answered with other than 10000; `data` goes along where a call answers in part."""

    def __init__(self, code: int, sub_code: str, said: str, data: Any = None) -> None:
        super().__init__(sub_code)
        self.code = code
        self.sub_code = sub_code
        self.said = said
        self.data = data


def business(number: int, said: str) -> Refused:
    return Refused(50002, f"isv.business-failed:{number}", said)


def service(number: int = 88888) -> Refused:
    return Refused(20000, f"isp.service-error:{number}", "系统繁忙，请稍后重试")


def missing(said: str) -> Refused:
    return Refused(40002, "isv.missing-parameter:10000", said)


def invalid(said: str, number: int = 10000) -> Refused:
    return Refused(40004, f"isv.parameter-invalid:{number}", said)


def platform_missing(name: str, said: str) -> Refused:
    return Refused(40001, f"isv.{name}", said)


def platform_invalid(name: str, said: str) -> Refused:
    return Refused(40003, f"isv.{name}", said)


def no_method() -> Refused:
    return Refused(70000, "isp.api-service-off", "API不存在或API已下线")


def throttled() -> Refused:
    return Refused(60000, "isv.app-call-limited", "触发限流，请稍后重试")


def answer(shape: str, log_id: str, data: Any, refused: Refused | None = None) -> dict[str, Any]:
    """In the newer shape, or the older one."""
    if shape == "old":
        if refused is None:
            return {"err_no": 0, "message": "success", "data": data}
        return {"err_no": refused.code, "message": refused.said, "data": refused.data}
    return {
        "code": refused.code if refused else 10000,
        "msg": MESSAGES[refused.code] if refused else "success",
        "sub_code": refused.sub_code if refused else "",
        "sub_msg": refused.said if refused else "",
        "log_id": log_id,
        "data": refused.data if refused else data,
    }
