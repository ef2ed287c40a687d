"""Signing as the wire pages say, written for the tests alone: neither the sandbox's nor ours.

Each rule is spelled out step by step, so that it can be compared with the page by eye.
"""

import base64
import hashlib
import hmac
import json
import time
from typing import Any, Literal

import httpx

from sandbox.cast import DOUDIAN_APP, KUAISHOU_APP

DoudianSign = Literal["hmac-sha256", "md5"]
KuaishouSign = Literal["MD5", "HMAC_SHA256"]


def sorted_json(params: dict[str, Any]) -> str:
    return json.dumps(params, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def doudian_sign(method: str, body: str, timestamp: str, how: DoudianSign = "hmac-sha256") -> str:
    secret, key = DOUDIAN_APP.secret, DOUDIAN_APP.key
    pieces = [secret]
    for name, value in (
        ("app_key", key),
        ("method", method),
        ("param_json", body),
        ("timestamp", timestamp),
        ("v", "2"),
    ):
        pieces.append(name)
        pieces.append(value)
    pieces.append(secret)
    text = "".join(pieces).encode("utf-8")
    if how == "md5":
        return hashlib.md5(text).hexdigest()
    return hmac.digest(secret.encode("utf-8"), text, "sha256").hex()


def event_sign(body: bytes) -> str:
    text = DOUDIAN_APP.key.encode() + body + DOUDIAN_APP.secret.encode()
    return hashlib.md5(text).hexdigest()


def kuaishou_sign(fields: dict[str, str | None], how: KuaishouSign = "HMAC_SHA256") -> str:
    kept = {name: value for name, value in fields.items() if value is not None}
    pairs = [f"{name}={kept[name]}" for name in sorted(kept, key=str.encode)]
    text = "&".join([*pairs, f"signSecret={KUAISHOU_APP.sign_secret}"]).encode("utf-8")
    if how == "MD5":
        return hashlib.md5(text).hexdigest()
    secret = KUAISHOU_APP.sign_secret.encode("utf-8")
    return base64.b64encode(hmac.digest(secret, text, "sha256")).decode("ascii")


class DoudianCaller:
    """Calls Doudian's gateway in one shop's name, or in nobody's."""

    def __init__(self, url: str, client: httpx.AsyncClient, token: str = "") -> None:
        self.url = url
        self.client = client
        self.token = token

    async def raw(
        self,
        method: str,
        params: dict[str, Any],
        *,
        how: DoudianSign = "hmac-sha256",
        body: str | None = None,
        query: dict[str, str | None] | None = None,
        at: float | None = None,
    ) -> httpx.Response:
        """`body` is sent in place of the sorted JSON, `query` overrides (None: leaves out)."""
        sent = sorted_json(params) if body is None else body
        timestamp = str(int(time.time() if at is None else at))
        fields: dict[str, str | None] = {
            "app_key": DOUDIAN_APP.key,
            "method": method,
            "timestamp": timestamp,
            "v": "2",
            "sign": doudian_sign(method, sent, timestamp, how),
            "sign_method": how,
            "access_token": self.token or None,
            **(query or {}),
        }
        kept = {name: value for name, value in fields.items() if value is not None}
        path = method.replace(".", "/")
        address = f"{self.url}/doudian/{path}"
        return await self.client.post(address, params=kept, content=sent.encode())

    async def __call__(self, method: str, **params: Any) -> Any:
        answer = (await self.raw(method, params)).json()
        assert answer["code"] == 10000, answer
        assert answer["msg"] == "success"
        assert answer["log_id"]
        return answer["data"]

    async def refused(self, method: str, **params: Any) -> str:
        """The sub-code."""
        return refusal((await self.raw(method, params)).json())


def refusal(answer: dict[str, Any]) -> str:
    assert answer["code"] != 10000, answer
    assert answer["msg"]
    assert answer["sub_msg"]
    return str(answer["sub_code"])


class KuaishouCaller:
    """Calls Kuaishou's gateway in one shop's name."""

    def __init__(self, url: str, client: httpx.AsyncClient, token: str) -> None:
        self.url = url
        self.client = client
        self.token = token

    async def raw(
        self,
        method: str,
        params: dict[str, Any],
        *,
        how: KuaishouSign = "HMAC_SHA256",
        fields: dict[str, str | None] | None = None,
        at: float | None = None,
    ) -> Any:
        """`fields` are put in place of what was signed (None: left out)."""
        sent: dict[str, str | None] = {
            "appkey": KUAISHOU_APP.key,
            "method": method,
            "version": "1",
            "param": json.dumps(params, ensure_ascii=False),
            "access_token": self.token,
            "timestamp": str(int((time.time() if at is None else at) * 1000)),
            "signMethod": how,
        }
        sent["sign"] = kuaishou_sign(sent, how)
        kept = {k: v for k, v in {**sent, **(fields or {})}.items() if v is not None}
        address = f"{self.url}/kuaishou/{method.replace('.', '/')}"
        return (await self.client.post(address, data=kept)).json()

    async def __call__(self, method: str, **params: Any) -> Any:
        answer = await self.raw(f"open.dropshipping.{method}", params)
        assert (answer["result"], answer["error_msg"]) == (1, "SUCCESS"), answer
        return answer["data"]

    async def refused(self, method: str, **params: Any) -> tuple[int, str]:
        answer = await self.raw(f"open.dropshipping.{method}", params)
        assert answer["result"] != 1, answer
        return answer["result"], answer["error_msg"]
