"""Orders that were stopped, and parcels that had left before."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = ["JudgeParcel", "LeftBefore", "LetGo", "PasteLeft"]


class LeftBefore(CallbackData, prefix="lb"):
    """包裹已经寄出: the numbers of a refused reply."""

    shop: Number
    draft: Number


class PasteLeft(CallbackData, prefix="qz"):
    """包裹已经寄出: every line of a paste that was refused for a stop."""

    shop: Number
    draft: Number


class JudgeParcel(CallbackData, prefix="jp"):
    """拦截 (`intercept`) or 放行 (`let_go`) what had left.

    `twice`: it was shown that others have the order by now.
    """

    shop: Number
    assignment: Number
    say: str
    twice: Number = 0


class LetGo(CallbackData, prefix="lg"):
    """拒绝退款并发货: asked first, then `sure`."""

    shop: Number
    order: Number
    sure: Number = 0
