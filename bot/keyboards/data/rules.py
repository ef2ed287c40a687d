"""自动分配规则: seeing them, adding, changing, trying them out."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AddRule",
    "ApplyRules",
    "ChangeRule",
    "PickRuleWord",
    "SaveRule",
    "ShowRule",
    "ShowRules",
    "TryRules",
]


class ShowRules(CallbackData, prefix="ru"):
    """Every rule of the shop."""

    shop: Number


class ShowRule(CallbackData, prefix="rv"):
    """One rule, with what can be done with it."""

    shop: Number
    rule: Number


class ChangeRule(CallbackData, prefix="rx"):
    """`act`: pause, resume, up, down, ask (whether to end it), end."""

    shop: Number
    rule: Number
    act: str


class AddRule(CallbackData, prefix="ra"):
    """A new rule: of which `kind` (empty: choose), then what it looks for."""

    shop: Number
    kind: str = ""


class PickRuleWord(CallbackData, prefix="rp"):
    """What it looks for: the code of line `ref`, the province at place `ref`, nothing for all."""

    shop: Number
    kind: str
    ref: Number = 0


class SaveRule(CallbackData, prefix="rs"):
    """The factory of the rule just described; `mark` is of that description."""

    shop: Number
    factory: Number
    mark: int


class TryRules(CallbackData, prefix="rt"):
    """A trial over what is unassigned now."""

    shop: Number


class ApplyRules(CallbackData, prefix="ry"):
    """Do what the trial with that mark showed."""

    shop: Number
    mark: int
