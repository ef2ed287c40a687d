"""Doudian's signatures, verified and made by the sandbox's own means.

The signature must hold over the bytes that came, and those bytes must be the parameters in sorted,
compact, unescaped JSON with numbers as written: then both published readings of the rule hold.
"""

import hashlib
import hmac
import json
from typing import Any

from sandbox.cast import App

METHODS = ("hmac-sha256", "md5")


class _Number(str):
    """A number exactly as it was written."""

    __slots__ = ()


def canonical(raw: str) -> str:
    """The JSON text sorted at every level. Raises `ValueError` for what is not JSON."""
    return _written(json.loads(raw, parse_int=_Number, parse_float=_Number, parse_constant=_refuse))


def _refuse(name: str) -> None:
    raise ValueError(name)


def _written(value: Any) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        inside = (f"{_text(name)}:{_written(value[name])}" for name in sorted(value))
        return "{" + ",".join(inside) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_written(one) for one in value) + "]"
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def signature(app: App, method: str, param_json: str, timestamp: str, sign_method: str) -> str:
    between = f"app_key{app.key}method{method}param_json{param_json}timestamp{timestamp}v2"
    pattern = (app.secret + between + app.secret).encode()
    if sign_method == "md5":
        return hashlib.md5(pattern).hexdigest()  # noqa: S324  the platform's choice
    return hmac.new(app.secret.encode(), pattern, hashlib.sha256).hexdigest()


def event_sign(app: App, body: bytes) -> str:
    """The header that goes with a message to the receiver."""
    return hashlib.md5(app.key.encode() + body + app.secret.encode()).hexdigest()  # noqa: S324
