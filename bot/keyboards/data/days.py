"""统计 and 日报."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = ["AskDigestHour", "SetDigestHour", "ShowStats"]


class ShowStats(CallbackData, prefix="sta"):
    """统计 of the last so many days; `again`: in place of the picture the button is under."""

    shop: Number
    days: Number
    again: Number = 0


class AskDigestHour(CallbackData, prefix="dga"):
    """Choose when the shop's digest comes."""

    shop: Number


class SetDigestHour(CallbackData, prefix="dgh"):
    """The digest comes at this hour of China's time; 24 is never."""

    shop: Number
    hour: Number
