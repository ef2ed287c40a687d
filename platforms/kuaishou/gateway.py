"""One signed call to Kuaishou's gateway, and what its answer means.

Usage and shapes are those of the platform's developer documents, as mirrored at
https://github.com/AndersonBY/kwaixiaodian-python-sdk; they could not be tried against the live
platform.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from platforms.calling import Heard, TheirClock, get, post
from platforms.failures import Garbled, PlatformFailure, refusal
from platforms.kuaishou.signing import App, sign
from platforms.values import Values

OFFICIAL: Final = "https://openapi.kwaixiaodian.com"
_FORM: Final = "application/x-www-form-urlencoded;charset=UTF-8"
_ASKED: Final = frozenset({"dropshipping/role/query", "user/seller/get"})  # these are GET


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

    async def call(self, path: str, parameters: Mapping[str, Any], token: str) -> Any:
        """Call `path` (`dropshipping/order/merchant/list`) and return its `data`.

        Raises the failures of `platforms.failures`.
        """
        said = await self._clock.call(lambda: self._heard(path, parameters, token), self._taken)
        return said.get("data")

    async def _heard(self, path: str, parameters: Mapping[str, Any], token: str) -> Heard:
        fields = {
            "appkey": self._app.key, "method": f"open.{path.replace('/', '.')}", "version": "1",
            "param": json.dumps(parameters, ensure_ascii=False, separators=(",", ":")),
            "access_token": token, "timestamp": str(int(self._clock.time() * 1000)),
            "signMethod": self._app.method,
        }  # fmt: skip
        fields["sign"] = sign(self._app, dict(fields))
        address = f"{self._url}/open/{path}"
        return await (self._get if path in _ASKED else self._post)(address, fields)

    async def grant(self, name: str, asked: Mapping[str, str]) -> Mapping[str, Any]:
        """Exchange a code (`access_token`) or a refresh token (`refresh_token`) for tokens.

        Raises the failures of `platforms.failures`.
        """
        fields = {"app_id": self._app.key, "app_secret": self._app.secret, **asked}
        address = f"{self._url}/oauth2/{name}"
        # So the documents have it: the code travels in the address, a refresh token in the body.
        heard = await (self._get if name == "access_token" else self._post)(address, fields)
        return self._taken(heard.said)

    async def _get(self, address: str, fields: Mapping[str, str]) -> Heard:
        return await get(self._client, address, fields)

    async def _post(self, address: str, fields: Mapping[str, str]) -> Heard:
        content = urlencode(fields).encode()
        return await post(self._client, address, content=content, media_type=_FORM)

    def _taken(self, said: Any) -> Mapping[str, Any]:
        """Return the answer of a success."""
        if not isinstance(said, dict):
            raise Garbled("not an object")
        if said.get("result") is None:
            raise Garbled("no result")
        if str(said["result"]) == "1":
            return said
        text = str(said.get("error_msg") or said.get("error") or "")
        raise self.failure(str(said["result"]), text)

    def failure(self, code: str, text: str) -> PlatformFailure:
        """Return what a refusal is: many share a number, so a sentence we know comes first."""
        word = self.word(text) or self._values.word("why", code) or "refused"
        return refusal(code, word, text)

    def word(self, text: str) -> str | None:
        """Return our word for a sentence of the platform's, None where none of it is known."""
        return next((word for part, word in self._values["said"].items() if part in text), None)
