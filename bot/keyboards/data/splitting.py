"""拆单: how many pieces of which line, and where they go."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "SplitOrder",
    "SplitTo",
]


class SplitOrder(CallbackData, prefix="yp"):
    """Choose pieces: `counts` is what is chosen of each line (`bot.keyboards.counts`).

    `done`: the factory is to be chosen next.
    """

    shop: Number
    order: Number
    counts: str = ""
    done: Number = 0


class SplitTo(CallbackData, prefix="yt"):
    """Give the chosen pieces to a factory; `plan` is the mark of the plan they were chosen from."""

    shop: Number
    order: Number
    factory: Number
    plan: str
    counts: str
