"""What the clock tells, and what is said because of it."""

from dataclasses import dataclass
from typing import ClassVar

from core.events import Event


@dataclass(frozen=True, slots=True)
class FellDue(Event):
    """To either side: everything that fell due for a shop, told as it stands when it is sent.

    To either side: `holds` (assignments whose goods were hoped for today), `days` (ISO: those a
    late 日报 had not told yet; the last of them is told, the others are counted).
    To the factory: `deadlines` (assignments near theirs or past), `unseen` (changed and not looked
    at). To the merchant: `late` (assignments past their deadline), `silent` (bindings whose factory
    does nothing with what it has), `ignored` (assignments whose change the factory did not look
    at), `unanswered` (bindings whose factory does not answer what was asked back), `waiting`
    (orders without a factory, near their deadline or past it).
    `stops` are those of `unseen` or `ignored` that must not ship: the message goes in quiet hours.

    Its other lists hold ids, the first `MOST` of each.
    """

    joins: ClassVar[bool] = True

    deadlines: tuple[int, ...] = ()
    unseen: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    silent: tuple[int, ...] = ()
    ignored: tuple[int, ...] = ()
    unanswered: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    holds: tuple[int, ...] = ()
    stops: tuple[int, ...] = ()
    days: tuple[str, ...] = ()

    def passes_quiet(self) -> bool:
        """Whether nobody has seen yet that something must not ship."""
        return bool(self.stops)


MOST = 1000


@dataclass(frozen=True, slots=True)
class FactoryNudged(Event):
    """To the factory: 催一下, the merchant waits for an answer to these assignments."""

    binding_id: int
    assignment_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecallNudged(Event):
    """To the factory: 催一下, the merchant still asks for these assignments back."""

    urgent: ClassVar[bool] = True
    binding_id: int
    assignment_ids: tuple[int, ...]
