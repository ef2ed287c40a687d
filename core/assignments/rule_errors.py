"""What can go wrong with auto-assign rules."""

from dataclasses import dataclass

from core.errors import Conflict, Invalid, NotFound


class RuleNotFound(NotFound):
    """No such rule of this shop, or it was deleted."""


@dataclass(eq=False)
class RuleExists(Conflict):
    """There is a rule of that kind and word already."""

    word: str


class RuleWordMissing(Invalid):
    """A rule needs a code, a keyword or a province to look for."""


@dataclass(eq=False)
class TooManyRules(Conflict):
    """A shop keeps so many rules at most."""

    limit: int


@dataclass(eq=False)
class ProvincesUnclear(Invalid):
    """What was typed is not one province, or several, and nothing else."""

    text: str
