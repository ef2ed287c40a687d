"""平台店铺: the platforms a merchant's orders come in from by themselves."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "EndPlatformShop", "LinkPlatform", "ListPlatformShops", "LookNow", "RetryTelling",
    "ShowPlatformShop", "SwitchPlatformShop",
]  # fmt: skip


class ListPlatformShops(CallbackData, prefix="pfl"):
    """The shop's platform shops."""

    shop: Number


class LinkPlatform(CallbackData, prefix="pfa"):
    """Go and say yes at a platform."""

    shop: Number
    platform: str


class ShowPlatformShop(CallbackData, prefix="pfs"):
    """One platform shop."""

    shop: Number
    link: Number


class LookNow(CallbackData, prefix="pfn"):
    """Look at the platform now."""

    shop: Number
    link: Number


class SwitchPlatformShop(CallbackData, prefix="pfp"):
    """Go `on` with it, or pause."""

    shop: Number
    link: Number
    on: Number


class EndPlatformShop(CallbackData, prefix="pfx"):
    """Disconnect it; `sure` after the question."""

    shop: Number
    link: Number
    sure: Number = 0


class RetryTelling(CallbackData, prefix="pfr"):
    """Tell the platform a parcel again that it refused."""

    shop: Number
    link: Number
    call: Number
