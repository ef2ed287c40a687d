"""One signed call to Doudian's gateway, and what its answer means."""

from collections.abc import Mapping
from typing import Any, Final

import httpx

from platforms.calling import Heard, TheirClock, post
from platforms.doudian.signing import VERSION, App, canonical, sign
from platforms.failures import Garbled, PlatformFailure, refusal
from platforms.values import Values

OFFICIAL: Final = "https://openapi-fxg.jinritemai.com"
_OK: Final = ("10000", "10001", "0")  # 10001: part of a batch failed, each says so for itself


class Gateway:
    """Calls of one application. Shops differ by their tokens only."""

    def __init__(
        self, app: App, values: Values, client: httpx.AsyncClient, url: str = OFFICIAL
    ) -> None:
        self._app = app
        self._values = values
        self._client = client
        self._url = url.rstrip("/")
        self._clock = TheirClock()

    async def call(self, path: str, parameters: Mapping[str, Any], token: str = "") -> Any:
        """Call `path` (`order/searchList`) and return its `data`.

        Raises the failures of `platforms.failures`.
        """
        return await self._clock.call(lambda: self._heard(path, parameters, token), self._data)

    async def _heard(self, path: str, parameters: Mapping[str, Any], token: str) -> Heard:
        method = path.replace("/", ".")
        param_json = canonical(parameters)
        timestamp = str(int(self._clock.time()))
        params = {
            "app_key": self._app.key, "method": method, "timestamp": timestamp, "v": VERSION,
            "sign": sign(self._app, method, param_json, timestamp),
            "sign_method": self._app.method,
        }  # fmt: skip
        if token:
            params["access_token"] = token
        return await post(
            self._client, f"{self._url}/{path}", params=params, content=param_json.encode(),
            media_type="application/json;charset=UTF-8",
        )  # fmt: skip

    def _data(self, said: Any) -> Any:
        """The data of a success; both forms of the platform's answers are taken."""
        if not isinstance(said, dict):
            raise Garbled("not an object")
        code = said.get("code", said.get("err_no"))
        if code is None:
            raise Garbled("no code")
        if str(code) in _OK:
            return said.get("data")
        raise self._failure(str(code), said)

    def _failure(self, code: str, said: Mapping[str, Any]) -> PlatformFailure:
        sub = str(said.get("sub_code") or "")
        text = str(said.get("sub_msg") or said.get("msg") or said.get("message") or "")
        number = sub.rpartition(":")[2]
        told = self._values.word("why", sub) or self._values.word("why", number)
        word = told or self._values.word("outer", code) or "refused"
        return refusal(number or code, word, text)
