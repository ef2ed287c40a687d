"""Who sends more than a person can mean: what comes too fast is dropped before it costs anything.

Each person has a bucket of their own, in private and in groups alike, so that nobody pays for
another. It holds what one forwards at once (Telegram: a hundred messages) and fills up faster than
anybody types, taps or photographs. Run empty, the person is calmed: nothing of theirs is taken, nor
what of it still waits for its turn, until they have been still for `CALM` seconds. Where several
processes serve one bot, each tells the others what it took.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

BURST: Final = 120  # messages and presses that may come at once
PER_SECOND: Final = 10.0  # and so many a second on and on
CALM: Final = 10.0  # seconds
KNOWN: Final = 10_000  # people; of more, those silent longest are forgotten, which favours them

Verdict = Literal["taken", "first", "dropped"]
Share = Callable[[int, float, float], object]  # a person, what was taken, seconds they are calmed


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    calmed_until: float = 0.0


class Flood:
    """The buckets. `clock` counts seconds; `share` is told what was spent, for other processes."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, share: Share | None = None
    ) -> None:
        self._clock = clock
        self.share = share or _alone
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def comes(self, person: int) -> Verdict:
        """Take one more of this person's, or not; `first` is the one they are told at."""
        now, bucket = self._clock(), self._of(person)
        if now < bucket.calmed_until:
            bucket.calmed_until = now + CALM
            self.share(person, 0.0, CALM)
            return "dropped"
        bucket.tokens = min(float(BURST), bucket.tokens + (now - bucket.at) * PER_SECOND)
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            self.share(person, 1.0, 0.0)
            return "taken"
        bucket.calmed_until = now + CALM
        self.share(person, 0.0, CALM)
        return "first"

    def calmed(self, person: int) -> bool:
        """Return whether nothing of theirs is taken now."""
        known = self._buckets.get(person)
        return known is not None and self._clock() < known.calmed_until

    def heard(self, person: int, tokens: float, calmed: float) -> None:
        """Of all processes together so much is left, and the person is calmed for so long."""
        bucket = self._of(person)
        bucket.tokens = min(bucket.tokens, tokens)
        if calmed > 0:
            bucket.calmed_until = max(bucket.calmed_until, self._clock() + calmed)

    def _of(self, person: int) -> _Bucket:
        bucket = self._buckets.pop(person, None) or _Bucket(float(BURST), self._clock())
        self._buckets[person] = bucket
        if len(self._buckets) > KNOWN:
            self._buckets.popitem(last=False)
        return bucket


def _alone(_person: int, _taken: float, _calmed: float) -> None:
    """There is no other process."""
