"""Bringing orders in."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AnswerImport",
    "GetRefused",
    "ShowLeftOut",
    "UndoImport",
]


class AnswerImport(CallbackData, prefix="im"):
    """confirm, drop, delete (the file from the chat) or view; `seen` is the preview's digest."""

    shop: Number
    draft: Number
    answer: str
    seen: str = ""


class ShowLeftOut(CallbackData, prefix="il"):
    """A page of the rows and orders an import leaves out, after so many of them."""

    shop: Number
    draft: Number
    after: Number = 0


class GetRefused(CallbackData, prefix="ir"):
    """Send the rows that were not taken as a file, to the presser's private chat."""

    shop: Number
    draft: Number


class UndoImport(CallbackData, prefix="iu"):
    """Undo an import; `sure` 0 asks first."""

    shop: Number
    draft: Number
    sure: Number = 0
