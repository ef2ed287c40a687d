"""Kuaishou's messages to us: opened with our key, believed only when they name our application."""

import json
from collections.abc import Mapping
from typing import Any, Final

from core.platforms.facts import Push
from platforms.kuaishou.signing import App, NotFromKuaishou, opened
from platforms.values import Values

DONE: Final = b'{"result":1}'  # what it wants to hear within 3,000 ms


def read_push(app: App, values: Values, body: bytes) -> Push | None:
    """Read one message; None for a heartbeat. Raises `NotFromKuaishou`."""
    try:
        said = json.loads(opened(app, body))
    except ValueError as error:
        raise NotFromKuaishou from error
    if not isinstance(said, dict):
        raise NotFromKuaishou
    if said.get("test") is True:
        return None
    number, event = said.get("eventId"), str(said.get("event") or "")
    if said.get("appKey") != app.key or not isinstance(number, str | int):
        raise NotFromKuaishou
    # An order is asked for by its code in the dropship programme. A message that names it by its
    # own number only is a reason to look at what has changed.
    code = _text(_info(said.get("info")), "dropshippingOrderCode")
    return Push(
        str(number)[:128], str(said.get("openId") or said.get("userId") or "")[:64],
        code, code, values.word("events", event) or "", event[:64],
    )  # fmt: skip


def _info(said: Any) -> Mapping[str, Any]:
    if isinstance(said, str):
        try:
            said = json.loads(said)
        except ValueError:
            return {}
    return said if isinstance(said, dict) else {}


def _text(info: Mapping[str, Any], name: str) -> str:
    value = info.get(name)
    return str(value)[:64] if isinstance(value, str | int) else ""
