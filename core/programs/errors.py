"""What can go wrong with the keys of programs and what they ask: no text."""

from dataclasses import dataclass

from core.errors import Conflict, Forbidden, Invalid, NotFound


class OnlyPrograms:
    """Marks what only a program can meet: it reads a code, so there are no words for people."""


class KeyNotFound(NotFound):
    """No such living key of this shop."""


@dataclass(eq=False)
class TooManyKeys(Conflict):
    """A shop has `most` living keys already."""

    most: int


@dataclass(eq=False)
class KeyNameUnfit(Invalid):
    """A key's name has 1 to `longest` characters."""

    longest: int


class ScopesUnfit(Invalid):
    """A key needs at least one scope, and only those of its shop's role."""


class RotatedMeanwhile(Conflict):
    """It was rotated since it was asked about: once more would end the one before at once."""


class KeyRefused(NotFound, OnlyPrograms):
    """No living key has this token: never made, revoked, run out, or its maker left the shop."""


@dataclass(eq=False)
class ScopeMissing(Forbidden, OnlyPrograms):
    """The key may not do this: it lacks `scope`."""

    scope: str


class AnsweredOtherwise(Conflict, OnlyPrograms):
    """The same `Idempotency-Key` came with another request before."""


class CursorUnknown(Invalid, OnlyPrograms):
    """This cursor was never given here: is it another house's?"""


@dataclass(eq=False)
class CursorForgotten(Conflict, OnlyPrograms):
    """What followed this cursor is kept no longer: read the lists anew, go on behind `oldest`."""

    oldest: int
