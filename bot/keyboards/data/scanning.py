"""Photos of waybills."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AnswerPhotos",
    "PickNumber",
]


class AnswerPhotos(CallbackData, prefix="ph"):
    """确认发货 (`confirm`, of what `seen` names), 包裹已经寄出 (`left`), 不发货 (`drop`)."""

    shop: Number
    draft: Number
    answer: str
    seen: str = ""


class PickNumber(CallbackData, prefix="pn"):
    """Which of the numbers in a photo is the parcel's."""

    shop: Number
    draft: Number
    photo: Number
    index: Number
