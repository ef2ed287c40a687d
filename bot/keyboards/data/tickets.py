"""E-waybills: drawn, given back, shipped with."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "CancelTicket",
    "DrawTickets",
    "SendPrinted",
]


class DrawTickets(CallbackData, prefix="ewd"):
    """取电子面单 `of` what is open, ticked, of a batch or of one order, as `PrintSlips` says it.

    Without a carrier: ask for one first, `all` to choose from all of them.
    """

    shop: Number
    of: str
    ref: Number = 0
    carrier: str = ""


class CancelTicket(CallbackData, prefix="ewc"):
    """退回电子面单 of one order; `sure`: it was asked whether."""

    shop: Number
    assignment: Number
    sure: Number = 0


class SendPrinted(CallbackData, prefix="ews"):
    """发货 of what was printed with its e-waybill; `sure`: it was asked whether."""

    shop: Number
    of: str
    ref: Number = 0
    sure: Number = 0
