"""Gifts, resends and exchanges."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AddExtra",
    "CopyExtra",
    "SendExtra",
]


class AddExtra(CallbackData, prefix="xa"):
    """赠品 / 补发 / 换货 for an order: choose the `kind` (empty), or say what goes into it."""

    shop: Number
    order: Number
    kind: str = ""


class CopyExtra(CallbackData, prefix="xc"):
    """The same products as the order's own."""

    shop: Number
    order: Number
    kind: str


class SendExtra(CallbackData, prefix="xs"):
    """Hand the extra just written to this factory; `order` is the card to go back to.

    `mark` is of the plan above the button: an older message's button does not send a newer one.
    """

    shop: Number
    order: Number
    factory: Number
    mark: int
