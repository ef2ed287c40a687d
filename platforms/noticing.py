"""What platforms send that nobody here knows: left alone, counted, and logged now and then.

A new name or message is how a platform announces that it has changed. Nothing of it is kept but
how often, under labels of ours: what a stranger writes never becomes one.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import structlog

# A message whose signature is wrong; a signed one in no known form; one about who knows what; a
# field of an order; an order that cannot be read.
Kind = Literal["signature", "message", "tag", "field", "order"]
SELDOM: Final = 60.0  # seconds between two lines of the log about the same
_NESTED: Final = frozenset({dict, list})
_LONGEST: Final = 64  # characters of a platform's name in the log

log = structlog.stdlib.get_logger(__name__)


class Noticing:
    """Counts by platform and kind since the start; may be read from another thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, Kind]] = Counter()
        self._said: dict[tuple[str, Kind], tuple[float, int]] = {}

    def met(self, platform: str, kind: Kind, n: int = 1, *, name: str = "") -> None:
        """Count `n` of a kind; `name` is the platform's own for one of them, for the log alone."""
        if not n:
            return
        at = (platform, kind)
        with self._lock:
            self._counts[at] += n
            counted = self._counts[at]
        said_at, said = self._said.get(at, (float("-inf"), 0))
        if self._clock() - said_at < SELDOM:
            return
        self._said[at] = (self._clock(), counted)
        log.warning("a platform sends what nobody here knows", platform=platform, kind=kind,
                    times=counted - said, one_of_them=name[:_LONGEST])  # fmt: skip

    def counts(self) -> Mapping[tuple[str, Kind], int]:
        """Return how often each was met."""
        with self._lock:
            return dict(self._counts)


def read_names(path: Path) -> frozenset[str]:
    """Return the names in a file of them, lines of `#` left out."""
    lines = path.read_text("utf-8").splitlines()
    return frozenset(name for one in lines if not one.startswith("#") for name in one.split())


def strange_names(said: Any, known: frozenset[str]) -> tuple[str, ...]:
    """Return the names anywhere in an answer that are not known, each once."""
    found: set[str] = set()
    left = [said]
    while left:  # every order of a page passes here, and answers are parsed JSON: no subclasses
        one = left.pop()
        if type(one) is dict:
            if not known.issuperset(one):
                found.update(one)
            left += [value for value in one.values() if type(value) in _NESTED]
        elif type(one) is list:
            left += one
    return tuple(sorted(found - known))
