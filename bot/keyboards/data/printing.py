"""Printing: packing slips and pick lists of what is open."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "PickList",
    "PrintSlips",
]


class PrintSlips(CallbackData, prefix="ps"):
    """打印面单 `of` a batch (`ref`: the draft), ticked, open, or one (`ref`: the assignment).

    `after`: the last assignment that was printed before: they go by id.
    """

    shop: Number
    of: str
    ref: Number = 0
    after: Number = 0


class PickList(CallbackData, prefix="pl"):
    """拣货单, with the same fields."""

    shop: Number
    of: str
    ref: Number = 0
    after: Number = 0
