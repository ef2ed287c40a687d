"""What a shop is told of its platforms."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, slots=True)
class PlatformLinked(Event):
    """To the merchant: the platform has said yes, its orders come in from now on."""

    link_id: int


@dataclass(frozen=True, slots=True)
class PlatformFailing(Event):
    """To the merchant: nothing comes in from the platform any more, or it wants a new yes."""

    link_id: int


@dataclass(frozen=True, slots=True)
class NotGivenThere(Event):
    """To the merchant: the platform refuses assignments, or their end; what stands here stands."""

    link_id: int
    calls: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TellingGivenUp(Event):
    """To the merchant: the platform refuses a parcel's number; only a person can mend it."""

    call_id: int
