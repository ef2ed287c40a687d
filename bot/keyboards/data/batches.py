"""A factory over many orders at once: `of` a batch (`ref`: its draft), or what one has ticked.

Where an act is of what is ticked, `ref` is the batch whose list it was pressed on, 0 for all open.
"""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AcceptMany",
    "DeclineMany",
    "HoldMany",
    "HoldManyTyped",
    "ListBatches",
    "ListGiven",
    "PackingList",
    "ResumeMany",
    "ShowBatch",
    "TickGiven",
    "Untick",
]


class ShowBatch(CallbackData, prefix="gb"):
    """The digest as it stands."""

    shop: Number
    draft: Number


class ListBatches(CallbackData, prefix="gs"):
    """The last batches with anything open."""

    shop: Number


class ListGiven(CallbackData, prefix="gl"):
    """A page of a batch (0: of all that is open); `at`, `row`, `back` are its cursor."""

    shop: Number
    draft: Number
    at: str = ""
    row: str = ""
    back: Number = 0
    tick: Number = 0


class TickGiven(CallbackData, prefix="gt"):
    """Tick an order (0: the whole page) or untick it; the rest is the page to show again."""

    shop: Number
    assignment: Number
    draft: Number
    at: str = ""
    row: str = ""
    back: Number = 0


class Untick(CallbackData, prefix="gu"):
    """Take all my ticks away; show the first page of `draft` again."""

    shop: Number
    draft: Number


class AcceptMany(CallbackData, prefix="ga"):
    """接单 at once."""

    shop: Number
    of: str
    ref: Number = 0


class DeclineMany(CallbackData, prefix="gn"):
    """拒单 at once: choose a reason (empty), a known one, or `other` to write it."""

    shop: Number
    of: str
    ref: Number = 0
    why: str = ""


class HoldMany(CallbackData, prefix="gw"):
    """缺货等待 at once: for so many days; 0 asks for how many."""

    shop: Number
    of: str
    ref: Number = 0
    days: Number = 0


class HoldManyTyped(CallbackData, prefix="gwt"):
    """The same until a day that is typed."""

    shop: Number
    of: str
    ref: Number = 0


class ResumeMany(CallbackData, prefix="gwo"):
    """已到货，继续 of batch, ticked, or of the day (its ordinal) it was hoped for."""

    shop: Number
    of: str
    ref: Number = 0


class PackingList(CallbackData, prefix="gp"):
    """装箱单 as .xlsx: of batch, ticked or open."""

    shop: Number
    of: str
    ref: Number = 0
