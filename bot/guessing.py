"""Links nobody was given: who tries made-up tokens is soon not listened to, and it is said loudly.

A token has 128 bits or more and is not guessed; but whoever tries should not go unseen. A person
may open a few links that do not work. Where many do at once, each has a single try; a link that
works does so for everybody else all the while. Kept in memory: a restart forgives. Where several
processes serve one bot, each tells the others.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import structlog

from core.errors import CoreError, InviteUnknown, LinkUnknown
from core.people.staff_errors import GuessedTooOften, StaffInviteUnknown

log = structlog.stdlib.get_logger(__name__)

GUESSED: Final[tuple[type[CoreError], ...]] = (InviteUnknown, LinkUnknown, StaffInviteUnknown)
WINDOW: Final = 600.0  # seconds after its first wrong try in which a person's are counted
PER_PERSON: Final = 5
OVERALL: Final = 50  # of everybody's within a window: then somebody is guessing
WHEN_GUESSED: Final = 1  # per person, while somebody is
KNOWN: Final = 10_000  # people


class Guesses:
    """Wrong tokens, by who tried them; `total` of them since the start.

    `share` is told of each that was tried here, `heard` of those that were tried elsewhere.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.share: Callable[[int], object] = lambda _person: None
        self._of: OrderedDict[int, tuple[float, int]] = OrderedDict()
        self._everybody = (clock(), 0)
        self.total = 0

    def may(self, person: int) -> None:
        """Let a person try a token. Raises `GuessedTooOften`."""
        began, n = self._counted(self._of.get(person))
        if n >= (WHEN_GUESSED if self._alarmed() else PER_PERSON):
            left = began + WINDOW - self._clock()
            raise GuessedTooOften(max(1, round(left / 60)))

    def wrong(self, person: int) -> None:
        """A token was none."""
        self.total += 1
        self.share(person)
        self.heard(person)

    def heard(self, person: int) -> None:
        """A token was none, here or elsewhere."""
        began, n = self._counted(self._of.pop(person, None))
        self._of[person] = (began, n + 1)
        if len(self._of) > KNOWN:
            self._of.popitem(last=False)
        since, everybodys = self._counted(self._everybody)
        self._everybody = (since, everybodys + 1)
        if everybodys + 1 == OVERALL:
            log.warning("somebody is guessing invitations", wrong=OVERALL, people=len(self._of))

    def _alarmed(self) -> bool:
        return self._counted(self._everybody)[1] >= OVERALL

    def _counted(self, kept: tuple[float, int] | None) -> tuple[float, int]:
        now = self._clock()
        return kept if kept is not None and now - kept[0] < WINDOW else (now, 0)
