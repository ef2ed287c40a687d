"""What the two sides of an order answer each other: waiting, giving back, questions."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AgreeHold",
    "AnswerQuestion",
    "AnswerRecall",
    "AnswerRecalls",
    "AskBatchBack",
    "AskQuestion",
    "Elsewhere",
    "Hold",
    "HoldTyped",
    "Reassign",
    "Resume",
    "Unask",
    "UnaskBatch",
]


class Hold(CallbackData, prefix="anh"):
    """缺货等待 (factory): for so many days; 0 asks for how many."""

    shop: Number
    assignment: Number
    days: Number = 0


class HoldTyped(CallbackData, prefix="ant"):
    """缺货等待 until a day that is typed."""

    shop: Number
    assignment: Number


class Resume(CallbackData, prefix="anr"):
    """已到货,继续 (factory)."""

    shop: Number
    assignment: Number


class AgreeHold(CallbackData, prefix="ana"):
    """同意等待 (merchant)."""

    shop: Number
    assignment: Number


class Elsewhere(CallbackData, prefix="anx"):
    """撤回改派 of what is held (merchant): back at once, then another factory."""

    shop: Number
    assignment: Number


class Reassign(CallbackData, prefix="and"):
    """改派 all that came back at once (merchant): a selection kept for it."""

    shop: Number
    draft: Number


class AskBatchBack(CallbackData, prefix="anb"):
    """申请撤回 of what the factory has begun of one 确认分配 (merchant)."""

    shop: Number
    draft: Number


class Unask(CallbackData, prefix="anu"):
    """撤销申请 (merchant): the factory goes on."""

    shop: Number
    assignment: Number


class UnaskBatch(CallbackData, prefix="anz"):
    """取消全部申请 of one 确认分配 (merchant)."""

    shop: Number
    draft: Number


class AnswerRecall(CallbackData, prefix="anw"):
    """同意撤回 (`agree`), or 已打包,拒绝 (factory)."""

    shop: Number
    assignment: Number
    agree: Number


class AnswerRecalls(CallbackData, prefix="anv"):
    """The same for all that is asked back of one batch."""

    shop: Number
    draft: Number
    agree: Number


class AskQuestion(CallbackData, prefix="anq"):
    """问一下, either side."""

    shop: Number
    assignment: Number


class AnswerQuestion(CallbackData, prefix="anp"):
    """回复 a question."""

    shop: Number
    question: Number
