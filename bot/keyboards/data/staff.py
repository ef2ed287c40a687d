"""A shop's people, its end, and where its alerts go."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AlertsHere",
    "AlertsHome",
    "CloseShop",
    "HandOver",
    "InviteStaff",
    "LeaveShop",
    "ListStaff",
    "RemoveMember",
    "ShowMember",
]


class ListStaff(CallbackData, prefix="st"):
    """A page of the shop's people, after an account's id."""

    shop: Number
    after: Number = 0


class InviteStaff(CallbackData, prefix="si"):
    """A new invitation, for one person."""

    shop: Number


class ShowMember(CallbackData, prefix="sm"):
    """One of the staff."""

    shop: Number
    account: Number


class RemoveMember(CallbackData, prefix="sr"):
    """Take them out; `sure` after the question."""

    shop: Number
    account: Number
    sure: Number = 0


class HandOver(CallbackData, prefix="so"):
    """Make them the owner; `sure` after the question."""

    shop: Number
    account: Number
    sure: Number = 0


class LeaveShop(CallbackData, prefix="sl"):
    """Leave by oneself; `sure` after the question."""

    shop: Number
    sure: Number = 0


class CloseShop(CallbackData, prefix="sc"):
    """Close it for good; `sure` after what is open was shown."""

    shop: Number
    sure: Number = 0


class AlertsHere(CallbackData, prefix="gh"):
    """This group gets the shop's alerts: which of several."""

    shop: Number


class AlertsHome(CallbackData, prefix="gx"):
    """The shop's alerts go to its people's private chats again."""

    shop: Number
