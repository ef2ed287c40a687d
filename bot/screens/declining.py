"""拒单 of one order: why, from a list or in words."""

from bot.keyboards import data as d
from bot.keyboards.parts import ask_in_words
from bot.screens.screen import Button, CardRef, Lines, Screen
from bot.screens.words import decline_words
from bot.texts import Translator
from core.answers.fulfilling import DECLINE_REASONS, REASON_LIMIT
from core.ids import key
from core.orders.views import AssignmentCard


def decline_reasons(t: Translator, card: AssignmentCard) -> Screen:
    """Ask why the order is declined."""
    given = card.assignment
    place = {"shop": given.factory_id, "assignment": key(given)}
    text = Lines([t("Decline <b>{tag}</b>? It goes back to the merchant.", tag=given.tag)])
    text.add(t("Why?"))
    whys = [
        Button(decline_words(t, why), d.Decline(**place, why=why).pack()) for why in DECLINE_REASONS
    ]
    other = Button(t("Other reason"), d.Decline(**place, why="other").pack())
    back = Button(t("⬅️ Do not decline"), d.ShowAssignment(**place).pack())
    rows = (tuple(whys[:2]), tuple(whys[2:]), (other,), (back,))
    return Screen(text.text(), rows, CardRef("assignment", key(given), given.factory_id))


def ask_decline_words(t: Translator, card: AssignmentCard, *, private: bool) -> Screen:
    """Ask for the reason in words."""
    given = card.assignment
    text = t("Why can <b>{tag}</b> not be shipped? Write it in at most {limit} characters; the "
             "merchant reads it.", tag=given.tag, limit=REASON_LIMIT)  # fmt: skip
    place = CardRef("decline", key(given), given.factory_id)
    hint = t.plain("Reason for declining {tag}", tag=given.tag)
    return ask_in_words(t, text, place, hint, private=private)
