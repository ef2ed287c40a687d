"""Opening a shop, the menu, languages, links."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.data.number import Number

__all__ = [
    "AskAgain",
    "Cancel",
    "ChooseRole",
    "EditShop",
    "KeepShipFrom",
    "OpenMenu",
    "ReplaceLink",
    "SetLang",
    "ShowLink",
    "SwitchShop",
]


class ChooseRole(CallbackData, prefix="role"):
    """我是商家 / 我是厂家."""

    role: str


class KeepShipFrom(CallbackData, prefix="sf"):
    """The parsed ship-from is right: open the shop (0), or change it for that shop."""

    shop: Number


class AskAgain(CallbackData, prefix="ask"):
    """Ask the same thing again: what was parsed is wrong."""

    shop: Number


class SetLang(CallbackData, prefix="lang"):
    """Speak this language."""

    lang: str


class SwitchShop(CallbackData, prefix="sw"):
    """Switch this shop on."""

    shop: Number


class OpenMenu(CallbackData, prefix="menu"):
    """Show a place of the menu: `bot.handlers.menu.PLACES` names them."""

    shop: Number
    place: str


class Cancel(CallbackData, prefix="x"):
    """Forget what is being asked."""


class EditShop(CallbackData, prefix="ed"):
    """Change the shop's name or ship-from (`what`)."""

    shop: Number
    what: str


class ReplaceLink(CallbackData, prefix="rl"):
    """A new binding link; `sure` after the warning."""

    shop: Number
    sure: Number = 0


class ShowLink(CallbackData, prefix="ql"):
    """Show the binding link and its QR picture."""

    shop: Number
