"""Telegram's throttling, when a playground is told to keep it: too fast is answered with 429.

Source: Telegram's bot FAQ: about 1 message a second to one chat (short bursts pass), 20 a minute
to one group, 30 a second in all.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from playground.errors import ApiError

LIMITED = frozenset(
    (
        "sendMessage",
        "sendPhoto",
        "sendDocument",
        "sendMediaGroup",
        "editMessageText",
        "editMessageCaption",
        "editMessageMedia",
        "editMessageReplyMarkup",
    )
)


@dataclass
class _Bucket:
    size: float
    per_second: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 when it fits now."""
        self.level = min(self.size, self.level + (now - self.at) * self.per_second)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.per_second


class Limits:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def spend(self, bot: int, chat_id: int) -> None:
        """Count one message; raises `ApiError` 429 with `retry_after` in whole seconds."""
        now = self._clock()
        buckets = [self._bucket(f"{bot}", 30, 30, now)]
        if chat_id < 0:
            buckets.append(self._bucket(f"{bot}/{chat_id}", 20, 20 / 60, now))
        else:
            buckets.append(self._bucket(f"{bot}/{chat_id}", 3, 1, now))
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            seconds = math.ceil(wait)
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for bucket in buckets:
            bucket.level -= 1

    def _bucket(self, name: str, size: float, per_second: float, now: float) -> _Bucket:
        return self._buckets.setdefault(name, _Bucket(size, per_second, size, now))
