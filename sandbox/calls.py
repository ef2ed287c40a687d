"""The log of what was called: the newest few thousand, for the page and for tests.

Secrets, tokens and what was decrypted do not get into it.
"""

from collections import deque
from typing import Any

KEPT = 5_000
SHOWN = 600
_HIDDEN = frozenset(
    {"access_token", "refresh_token", "app_secret", "code", "sign", "decrypt_text", "accessToken"}
)


class CallLog:
    def __init__(self) -> None:
        self._calls: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.count = 0

    def add(
        self,
        platform: str,
        method: str,
        *,
        at: float,
        shop: int | None,
        params: Any,
        code: str,
        said: str,
        ms: float,
    ) -> None:
        """`code` is the platform's own, or `cut` where the connection ended without an answer."""
        self.count += 1
        self._calls.append(
            {
                "n": self.count,
                "at": at,
                "platform": platform,
                "method": method,
                "shop": shop,
                "params": _hidden(params),
                "code": code,
                "said": said,
                "ms": round(ms, 2),
            }
        )

    def after(self, n: int, platform: str = "", method: str = "") -> list[dict[str, Any]]:
        return [
            call
            for call in self._calls
            if call["n"] > n
            and platform in ("", call["platform"])
            and method in ("", call["method"])
        ]

    def clear(self) -> None:
        self._calls.clear()


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: "…" if k in _HIDDEN else _hidden(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_hidden(one) for one in value[:20]]
    if isinstance(value, str) and len(value) > SHOWN:
        return value[:SHOWN] + "…"
    return value
