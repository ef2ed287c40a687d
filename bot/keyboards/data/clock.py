"""What is late or left alone, and when the clock speaks."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AskQuiet",
    "ListLate",
    "Nudge",
    "NudgeAsked",
    "RecallSilent",
    "SetQuiet",
    "SetReminder",
    "SetSilent",
    "SetUnseen",
    "ShowSettings",
    "UnaskSilent",
]


class ListLate(CallbackData, prefix="lt"):
    """A page of 逾期, for either role; the rest is its cursor."""

    shop: Number
    at: str = ""
    row: str = ""
    back: Number = 0


class Nudge(CallbackData, prefix="ng"):
    """催一下 the factory of this binding."""

    shop: Number
    binding: Number


class RecallSilent(CallbackData, prefix="rsl"):
    """撤回 what the factory of this binding has left alone; `sure` after it was asked."""

    shop: Number
    binding: Number
    sure: Number = 0


class NudgeAsked(CallbackData, prefix="nga"):
    """催一下 the factory of this binding, which does not answer 申请撤回."""

    shop: Number
    binding: Number


class UnaskSilent(CallbackData, prefix="una"):
    """撤销申请 of all that this binding's factory does not answer; `sure` after it was asked."""

    shop: Number
    binding: Number
    sure: Number = 0


class ShowSettings(CallbackData, prefix="set"):
    """设置 of a shop and of this chat."""

    shop: Number


class SetReminder(CallbackData, prefix="srm"):
    """Remind so many hours before a deadline, or no longer (`on` 0)."""

    shop: Number
    hours: Number
    on: Number


class SetSilent(CallbackData, prefix="ssl"):
    """Tell after so many hours that a factory does nothing; 0: never."""

    shop: Number
    hours: Number


class SetUnseen(CallbackData, prefix="sun"):
    """Tell a change again after so many minutes."""

    shop: Number
    minutes: Number


class SetQuiet(CallbackData, prefix="sqt"):
    """免打扰 of this chat between two minutes of the day; the same twice: none."""

    shop: Number
    starts: Number
    ends: Number


class AskQuiet(CallbackData, prefix="aqt"):
    """Ask for other quiet hours."""

    shop: Number
