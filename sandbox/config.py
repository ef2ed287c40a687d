"""What a sandbox can be told when it starts."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox import cast
from sandbox.cast import App, Platform, Shop

DAY = 86_400.0


def _token_lives() -> dict[Platform, float]:
    return {"doudian": 7 * DAY, "kuaishou": 2 * DAY}


def _code_lives() -> dict[Platform, float]:
    return {"doudian": 600.0, "kuaishou": 120.0}


def _retries() -> dict[Platform, tuple[float, ...]]:
    return {
        "doudian": (60.0, 300.0, 900.0, 1800.0),
        "kuaishou": (300.0, 600.0, 1200.0, 1800.0, 3600.0),
    }


@dataclass(frozen=True)
class Config:
    """All durations in seconds. `state` is the file everything is kept in.

    `push_to`: where each platform's messages go, `back_to`: where its shops go back to that have
    authorised; both in place of what is kept, for addresses may change from start to start.
    `skew`: how far a call's timestamp may lie from our clock. A message to the receiver is given
    up after `push_timeout` and sent again after each of `retries`. `decrypt_quota` fields a shop
    may decrypt a China day; `waybill_stock` numbers a factory has with each carrier. `clock` gives
    unix seconds: everything but network waits follows it.

    Skew, lives of codes and tokens, quotas, and Doudian's retries are not on the project's wire
    pages: usual values, to be set as a test needs them.
    """

    state: Path
    apps: tuple[App, ...] = cast.APPS
    shops: tuple[Shop, ...] = cast.SHOPS
    bindings: tuple[tuple[int, int, int], ...] = cast.BINDINGS
    push_to: dict[Platform, str] = field(default_factory=dict)
    back_to: dict[Platform, str] = field(default_factory=dict)
    faults: tuple[dict[str, Any], ...] = field(default=())
    skew: float = 600.0
    token_lives: dict[Platform, float] = field(default_factory=_token_lives)
    code_lives: dict[Platform, float] = field(default_factory=_code_lives)
    refresh_life: float = 180 * DAY
    retries: dict[Platform, tuple[float, ...]] = field(default_factory=_retries)
    push_timeout: float = 3.0
    decrypt_quota: int = 1_000
    waybill_stock: int = 10_000
    clock: Callable[[], float] = time.time

    def app(self, platform: Platform) -> App:
        return next(app for app in self.apps if app.platform == platform)
