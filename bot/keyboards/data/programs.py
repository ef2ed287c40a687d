"""接口密钥: the keys of a shop's programs."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = ["ChooseScopes", "ListKeys", "NameKey", "RevokeKey", "RotateKey", "ShowKey"]


class ListKeys(CallbackData, prefix="pkl"):
    """The shop's keys."""

    shop: Number


class ChooseScopes(CallbackData, prefix="pkc"):
    """What a new key may do; `scopes` has a bit for each that is ticked, in the role's order."""

    shop: Number
    scopes: Number


class NameKey(CallbackData, prefix="pkn"):
    """Ask for the new key's name; it may do what is ticked."""

    shop: Number
    scopes: Number


class ShowKey(CallbackData, prefix="pks"):
    """One key."""

    shop: Number
    key: Number


class RotateKey(CallbackData, prefix="pkr"):
    """A new key takes over from it; `sure` after the question: how it stood (`rotation`)."""

    shop: Number
    key: Number
    sure: Number = 0


class RevokeKey(CallbackData, prefix="pkx"):
    """It ends at once; `sure` after the question."""

    shop: Number
    key: Number
    sure: Number = 0
