"""How calls to Doudian are signed, and how its messages to us are.

The rules are those that public clients of the platform agree on
(https://github.com/fudiwei/DotNetCore.SKIT.FlurlHttpClient.ByteDance,
https://github.com/zsmhub/doudian-sdk); they could not be tried against the live platform.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

SignMethod = Literal["hmac-sha256", "md5"]
VERSION: Final = "2"


@dataclass(frozen=True, slots=True)
class App:
    """The application the operator has registered with the platform."""

    key: str
    secret: str
    method: SignMethod = "hmac-sha256"


def canonical(parameters: Mapping[str, Any]) -> str:
    """The parameters as JSON: keys sorted at every level, compact, nothing escaped needlessly.

    It is what is signed, and byte for byte what is sent.
    """
    return json.dumps(parameters, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sign(app: App, method: str, param_json: str, timestamp: str) -> str:
    """Return the `sign` of a call, lower-case hex; access token and sign method are not signed."""
    signed = "".join((
        app.secret, "app_key", app.key, "method", method, "param_json", param_json,
        "timestamp", timestamp, "v", VERSION, app.secret,
    )).encode()  # fmt: skip
    if app.method == "md5":
        return hashlib.md5(signed, usedforsecurity=False).hexdigest()
    return hmac.digest(app.secret.encode(), signed, "sha256").hex()


def is_from_doudian(app: App, body: bytes, event_sign: str) -> bool:
    """Whether `event_sign` was made over these raw bytes with our secret, in constant time."""
    raw = app.key.encode() + body + app.secret.encode()
    made = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    return hmac.compare_digest(made.encode(), event_sign.strip().lower().encode())
