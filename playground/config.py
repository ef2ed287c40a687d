"""What a playground can be told when it starts."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground.people import DEFAULT_BOT, DEFAULT_PEOPLE, BotAccount, Person


@dataclass(frozen=True)
class Config:
    """All durations in seconds.

    `rate_limits` turns Telegram's own throttling on. A callback query older than
    `callback_lifetime` can no longer be answered. A refused webhook delivery is tried again
    after `webhook_retry`, doubled each time up to a minute. The files in `shelf` lie ready on
    every phone to be sent. `clock` gives unix seconds: dates,
    and what is too old, follow it; waits do not.
    """

    data: Path
    bots: tuple[BotAccount, ...] = (DEFAULT_BOT,)
    people: tuple[Person, ...] = DEFAULT_PEOPLE
    faults: tuple[dict[str, Any], ...] = field(default=())
    rate_limits: bool = False
    callback_lifetime: float = 60.0
    webhook_retry: float = 1.0
    webhook_timeout: float = 60.0
    shelf: Path | None = None
    clock: Callable[[], float] = time.time
