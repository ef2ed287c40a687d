"""Finding orders, and narrowing the list of them."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AskFind",
]


class AskFind(CallbackData, prefix="fa"):
    """🔍: ask what to look for."""

    shop: Number
