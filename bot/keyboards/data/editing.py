"""Changing an order by hand."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AdoptRecipient",
    "AskEdit",
    "ConfirmEdit",
    "EditOrder",
    "SetOrder",
    "SetShipBy",
    "StepLine",
]


class EditOrder(CallbackData, prefix="eo"):
    """修改: the screen of everything that can be changed."""

    shop: Number
    order: Number


class AskEdit(CallbackData, prefix="ea"):
    """What is to be changed (`part`): its own screen, or the question for it."""

    shop: Number
    order: Number
    part: str


class SetOrder(CallbackData, prefix="es"):
    """Do it (`act`: `core.changes.editing.ACTS`) to the order as of `rev`."""

    shop: Number
    order: Number
    rev: Number
    act: str


class SetShipBy(CallbackData, prefix="eh"):
    """Set the deadline to a moment, in minutes since 1970."""

    shop: Number
    order: Number
    rev: Number
    minute: Number


class StepLine(CallbackData, prefix="el"):
    """One piece more (`by` 2) or less (0) of a line, or ask for the number (1).

    `line` is its id; 0 for the `added` one that is new.
    """

    shop: Number
    order: Number
    line: Number
    added: Number
    by: Number


class AdoptRecipient(CallbackData, prefix="er"):
    """What is missing stays as it is."""

    shop: Number
    order: Number


class ConfirmEdit(CallbackData, prefix="ec"):
    """Change it to what was shown; `mark` is of that, `part` is what kind of thing."""

    shop: Number
    order: Number
    part: str
    mark: Number
