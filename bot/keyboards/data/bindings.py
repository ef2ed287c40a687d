"""Binding and unbinding."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AnswerBinding",
    "BindAs",
    "ListBindings",
    "SetAlias",
    "ShowBinding",
    "Unbind",
]


class AnswerBinding(CallbackData, prefix="bd"):
    """confirm, refuse (factory) or withdraw (merchant)."""

    shop: Number
    binding: Number
    answer: str


class BindAs(CallbackData, prefix="ba"):
    """Which of my merchant shops asks for the binding just opened."""

    shop: Number


class ListBindings(CallbackData, prefix="bl"):
    """A page of bound shops, after a binding's id."""

    shop: Number
    after: Number = 0


class ShowBinding(CallbackData, prefix="bv"):
    """One bound shop."""

    shop: Number
    binding: Number


class SetAlias(CallbackData, prefix="al"):
    """Give it a name only I see."""

    shop: Number
    binding: Number


class Unbind(CallbackData, prefix="ub"):
    """Preview (`how` empty), then take back (`back`) or let finish (`finish`)."""

    shop: Number
    binding: Number
    how: str = ""
