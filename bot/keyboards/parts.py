"""Buttons that many screens share."""

from bot.keyboards.data import Cancel, OpenMenu
from bot.screens.screen import Button, Row
from bot.texts import Translator


def menu_button(t: Translator, shop_id: int) -> Row:
    """Return the way back to the menu."""
    return (Button(t("Menu"), OpenMenu(shop=shop_id, place="home").pack()),)


def cancel_button(t: Translator) -> Row:
    """Return the way out of a question."""
    return (Button(t("Cancel"), Cancel().pack()),)
