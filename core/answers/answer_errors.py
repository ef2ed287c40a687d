"""What can go wrong when the two sides of an order answer each other: no text."""

from dataclasses import dataclass

from core.errors import Conflict, Invalid, NotFound


@dataclass(eq=False)
class DayUnclear(Invalid):
    """The text does not begin with a day."""

    text: str


class DayNotAhead(Invalid):
    """A factory waits for a day that is still to come."""


@dataclass(eq=False)
class DayTooFar(Invalid):
    """The day is more than `limit` days ahead."""

    limit: int


class QuestionNotFound(NotFound):
    """No such question to or from this shop."""


@dataclass(eq=False)
class QuestionTooLate(Conflict):
    """The order is no longer at that factory, which may be the one that asks (`mine`)."""

    status: str
    mine: bool = False


class AnsweredAlready(Conflict):
    """Somebody of the shop has answered the question."""


class OwnQuestion(Conflict):
    """One does not answer what one's own shop asked."""


@dataclass(eq=False)
class ReasonIsNumber(Invalid):
    """A tracking number is no reason why something is not sent."""

    text: str
