"""The log of what bots called: the newest few thousand, for the page and for tests."""

import re
from collections import deque
from typing import Any

KEPT = 5_000
SHOWN = 600
_TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{20,}")


class CallLog:
    def __init__(self) -> None:
        self._calls: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._count = 0

    def add(
        self,
        method: str,
        params: dict[str, Any],
        *,
        at: float,
        status: int,
        description: str | None,
        ms: float,
        by: str = "",
    ) -> None:
        """`status` 0 is a connection cut before an answer; `by` is the calling program's name."""
        self._count += 1
        self._calls.append(
            {
                "n": self._count,
                "at": at,
                "method": method,
                "params": {name: _cut(name, value) for name, value in params.items()},
                "status": status,
                "description": description,
                "ms": round(ms, 2),
                "by": by,
            }
        )

    def after(self, n: int, method: str | None = None) -> list[dict[str, Any]]:
        return [
            call
            for call in self._calls
            if call["n"] > n and (method is None or call["method"].lower() == method.lower())
        ]

    def clear(self) -> None:
        self._calls.clear()


def _cut(name: str, value: Any) -> Any:
    if name == "secret_token":
        return "…"
    if isinstance(value, str):
        clean = _TOKEN.sub("…", value)
        return clean if len(clean) <= SHOWN else clean[:SHOWN] + "…"
    return value
