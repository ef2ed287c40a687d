"""What can go wrong when a merchant changes an order by hand. Words: `bot.screens.edit_words`."""

from dataclasses import dataclass
from datetime import datetime

from core.errors import Conflict, Invalid


@dataclass(eq=False)
class OrderOver(Conflict):
    """Nothing about it changes any more. `reason` is `core.orders.standing.stop_reason`'s."""

    reason: str


class OrderErased(Conflict):
    """It was over long ago: nothing is known of its recipient any more."""


@dataclass(eq=False)
class BelowShipped(Invalid):
    """Fewer pieces of a product than are in parcels already."""

    product: str
    shipped: int


class NoLineLeft(Invalid):
    """An order with nothing in it: that is cancelling it."""


class RecipientUnclear(Invalid):
    """A text in which no part of a recipient was found."""


@dataclass(eq=False)
class RecipientUnready(Invalid):
    """Confirmed while something is still missing."""

    missing: tuple[str, ...]


@dataclass(eq=False)
class DeadlineUnclear(Invalid):
    """The text names no moment."""

    text: str


@dataclass(eq=False)
class DeadlinePast(Invalid):
    """The moment is over."""

    moment: datetime


@dataclass(eq=False)
class DeadlineFar(Invalid):
    """Further away than anybody would mean."""

    days: int


@dataclass(eq=False)
class CountUnclear(Invalid):
    """Not a number of pieces from 0 to `most`."""

    most: int
