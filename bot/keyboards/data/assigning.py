"""Choosing orders and handing them out."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AssignOrder",
    "AssignSelected",
    "AssignTo",
    "ConfirmAssign",
    "RecallBatch",
    "SelectAll",
    "SkippedFile",
]


class SelectAll(CallbackData, prefix="aa"):
    """Everything unassigned."""

    shop: Number


class AssignSelected(CallbackData, prefix="as"):
    """What I ticked: choose the factory."""

    shop: Number


class AssignOrder(CallbackData, prefix="ao"):
    """Just this order: choose the factory."""

    shop: Number
    order: Number


class AssignTo(CallbackData, prefix="at"):
    """Dry-run the draft for a factory (0: choose one, after binding `after`)."""

    shop: Number
    draft: Number
    factory: Number = 0
    after: Number = 0


class ConfirmAssign(CallbackData, prefix="ac"):
    """确认分配."""

    shop: Number
    draft: Number


class SkippedFile(CallbackData, prefix="sk"):
    """下载跳过的订单: what a dry run, or its 确认分配, left out."""

    shop: Number
    draft: Number


class RecallBatch(CallbackData, prefix="rb"):
    """撤回 all of one 确认分配 that still can be; `sure` after the question."""

    shop: Number
    draft: Number
    sure: Number = 0
