"""Buttons that many screens share, and the question that is answered in words."""

from bot.keyboards.data import Cancel, OpenMenu
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut
from bot.texts import Translator

PLACEHOLDER = 64  # characters Telegram takes in a reply field


def menu_button(t: Translator, shop_id: int) -> Row:
    """Return the way back to the menu."""
    return (Button(t("Menu"), OpenMenu(shop=shop_id, place="home").pack()),)


def cancel_button(t: Translator) -> Row:
    """Return the way out of a question."""
    return (Button(t("Cancel"), Cancel().pack()),)


def ask_in_words(t: Translator, text: str, card: CardRef, hint: str, *, private: bool) -> Screen:
    """Ask for words: in private the next message says them.

    In a group only a reply reaches the bot, and it says so: the question is remembered as `card`,
    and `hint` stands in the reply field.
    """
    if private:
        return Screen(text, (cancel_button(t),))
    words = Lines([text, t("Reply to this message.")])
    return Screen(words.text(), card=card, ask=cut(hint, PLACEHOLDER))
