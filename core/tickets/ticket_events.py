"""What a factory is told of its e-waybills."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, slots=True)
class TicketsKept(Event):
    """To the factory: the platform would not take these numbers back; only a person can mend it."""

    joins = True

    ticket_ids: tuple[int, ...]
