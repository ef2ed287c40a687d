"""`daifa ready`: what a supervisor asks every few seconds, so it loads nothing it does not need."""

import json
import urllib.error
import urllib.request
from typing import Final

from app.settings import Settings

PATIENCE: Final = 4.0  # seconds; containers ask every ten
_ALL: Final = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - to ask, not to listen


def ready(settings: Settings) -> tuple[bool, str]:
    """Ask the process on this machine's `DAIFA_PORT` whether it is ready; return what it said."""
    host = _ALL.get(settings.host, f"[{settings.host}]" if ":" in settings.host else settings.host)
    address = f"http://{host}:{settings.port}/readyz"
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            return True, _said(answer.read())
    except urllib.error.HTTPError as error:
        return False, _said(error.read())
    except OSError as error:
        reason = getattr(error, "reason", error)
        return False, f"Nobody answers at {address} ({reason}). Is daifa running there?"


def _said(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return body.decode(errors="replace").strip()
