"""推送地址: where a shop's programs are told what happened."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AddWebhook", "ListWebhooks", "RemoveWebhook", "ReplayWebhook", "RotateWebhook", "ShowWebhook",
    "SwitchWebhook", "TryWebhook",
]  # fmt: skip


class ListWebhooks(CallbackData, prefix="pwl"):
    """The shop's webhooks."""

    shop: Number


class AddWebhook(CallbackData, prefix="pwa"):
    """Ask for the new one's address."""

    shop: Number


class ShowWebhook(CallbackData, prefix="pws"):
    """One webhook."""

    shop: Number
    hook: Number


class TryWebhook(CallbackData, prefix="pwt"):
    """Post to it now, and say how that went."""

    shop: Number
    hook: Number


class ReplayWebhook(CallbackData, prefix="pwy"):
    """Send what happened in these last hours once more; without, ask how many."""

    shop: Number
    hook: Number
    hours: Number = 0


class RotateWebhook(CallbackData, prefix="pwr"):
    """A new secret signs; `sure` after the question: of which secret it was (`rotation`)."""

    shop: Number
    hook: Number
    sure: Number = 0


class SwitchWebhook(CallbackData, prefix="pwp"):
    """Switch it `on`, or off."""

    shop: Number
    hook: Number
    on: Number


class RemoveWebhook(CallbackData, prefix="pwx"):
    """It ends; `sure` after the question."""

    shop: Number
    hook: Number
    sure: Number = 0
