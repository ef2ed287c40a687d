"""What can go wrong between the house and Telegram, drawn call by call from a seed."""

import random
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "lost", "dropped", "429", "5xx", "5xx_done", "html", "html_done", "cut", "slow",
]  # fmt: skip

_KINDS: Final[tuple[tuple[Kind, int], ...]] = (
    ("lost", 3), ("dropped", 4), ("429", 4), ("5xx", 2), ("5xx_done", 1), ("html", 1),
    ("html_done", 1), ("cut", 2), ("slow", 2),
)  # fmt: skip
WAITS: Final = (5, 5, 5, 60, 60, 3600)  # seconds Telegram asks for with 429


@dataclass(frozen=True, slots=True)
class Fault:
    """One call's: `lost` before it was written, `dropped` after it was taken, answers otherwise.

    `seconds` are those of a 429, or how long a slow one takes.
    """

    kind: Kind
    seconds: float = 0.0


class Weather:
    """How often calls go wrong, until it clears up."""

    def __init__(self, rng: random.Random, rate: float) -> None:
        self._rng = rng
        self.rate = rate

    def takes(self) -> float:
        """Draw how long a call takes on its way, in seconds."""
        return self._rng.uniform(0.02, 0.3)

    def draw(self, method: str) -> Fault | None:
        """Return this call's fault, if it has one."""
        if self._rng.random() >= self.rate:
            return None
        kinds, weights = zip(*_KINDS, strict=True)
        kind = self._rng.choices(kinds, weights)[0]
        if kind == "429" and method != "getUpdates":
            return Fault(kind, self._rng.choice(WAITS))
        if kind == "429":
            return Fault(kind, 5)
        if kind == "slow":
            return Fault(kind, self._rng.uniform(1, 40))
        return Fault(kind)
