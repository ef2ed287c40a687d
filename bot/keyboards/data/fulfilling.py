"""The factory's answers, short of a tracking number."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "Accept",
    "Acknowledge",
    "AcknowledgeAll",
    "Decline",
    "Peek",
]


class Accept(CallbackData, prefix="ok"):
    """接单."""

    shop: Number
    assignment: Number


class Decline(CallbackData, prefix="no"):
    """拒单: choose a reason (empty), a known one, or `other` to write it."""

    shop: Number
    assignment: Number
    why: str = ""


class Acknowledge(CallbackData, prefix="kn"):
    """已知晓."""

    shop: Number
    assignment: Number


class AcknowledgeAll(CallbackData, prefix="kna"):
    """全部已知晓 of one binding, or (0) of all; of what had changed until `at`."""

    shop: Number
    binding: Number = 0
    at: str = ""


class Peek(CallbackData, prefix="pk"):
    """查看收件信息."""

    shop: Number
    assignment: Number
