"""How often each caller of the HTTP face may ask: a bucket per key, and one per address.

Where several processes answer, each tells the others what it let in, and hears of theirs.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

CALLERS_KNOWN: Final = 10_000  # the ones asking longest ago are forgotten, which favours them
PER_MINUTE: Final = 600
Share = Callable[[bytes], object]


class Bucket:
    """A rate with a burst: it holds `size` tokens and fills up evenly within a minute."""

    def __init__(self, size: int, now: float) -> None:
        self.size, self.tokens, self.at = size, float(size), now

    def has(self, now: float) -> bool:
        """Return whether there is a token."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.size / 60)
        self.at = now
        return self.tokens >= 1

    def take(self, now: float) -> bool:
        """Take one token; False when there is none."""
        if not self.has(now):
            return False
        self.tokens -= 1
        return True

    def wait(self) -> float:
        """Return the seconds until there is a token."""
        return max(0.0, (1 - self.tokens) * 60 / self.size)

    def full_in(self) -> float:
        """Return the seconds until nothing is missing."""
        return (self.size - self.tokens) * 60 / self.size


class Rates:
    """The buckets. `share` is told of each request that is paid for, for other processes."""

    def __init__(
        self, per_minute: int = PER_MINUTE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_minute, self._clock = per_minute, clock
        self.share: Share = lambda _name: None
        self._buckets: OrderedDict[bytes, Bucket] = OrderedDict()

    def known(self, name: bytes) -> bool:
        """Return whether there is a bucket of that name."""
        return name in self._buckets

    def of(self, name: bytes) -> Bucket:
        """Return the bucket, full where it is new."""
        bucket = self._buckets.pop(name, None) or Bucket(self.per_minute, self._clock())
        self._buckets[name] = bucket
        if len(self._buckets) > CALLERS_KNOWN:
            self._buckets.popitem(last=False)
        return bucket

    def has(self, name: bytes) -> bool:
        """Return whether one more request is within the rate."""
        return self.of(name).has(self._clock())

    def take(self, name: bytes) -> bool:
        """Pay for a request; False when it is over the rate."""
        taken = self.of(name).take(self._clock())
        if taken:
            self.share(name)
        return taken

    def heard(self, name: bytes, tokens: float) -> None:
        """Of all processes together so many are left; one that is known to none here is let be."""
        bucket = self._buckets.get(name)
        if bucket is not None:
            bucket.tokens = min(bucket.tokens, tokens)
