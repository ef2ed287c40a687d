"""Finding an order: the question, several that may be meant, none."""

from datetime import datetime

from bot.keyboards import data as d
from bot.keyboards.parts import ask_in_words, menu_button
from bot.screens.notes import heard
from bot.screens.order_list import row_words
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.texts import Html, Translator
from core.entities import Role
from core.orders.finding import SHORTEST, Found, How

ASK_FIND = "find"


def ask_find(t: Translator, shop_id: int, role: Role, *, private: bool) -> Screen:
    """Ask what to look for: of anybody in a group, by a reply."""
    text = Lines([t("🔍 <b>Which order?</b>")])
    if role == "factory":
        text.add(t("Send its tag or its order number."))
    else:
        text.add(t("Send its number or the last characters of it (at least {n}), a product code, "
                   "a tag or a tracking number.", n=SHORTEST))  # fmt: skip
    card = CardRef(ASK_FIND, shop_id, shop_id)
    hint = t.plain("Order number, code, tag …")
    return ask_in_words(t, text.text(), card, hint, private=private)


def found_list(t: Translator, shop_id: int, found: Found, now: datetime) -> Screen:
    """Offer the orders that may be meant, and say by what each was found."""
    text = Lines([t("🔍 “{text}” may be one of these:", text=heard(t, found.text, 64))]).gap()
    rows: list[Row] = []
    for hit in found.hits:
        text.add(t("• <code>{number}</code> · {how}", number=hit.order.order_no,
                   how=how_words(t, hit.how)))  # fmt: skip
        pressed = d.ShowOrder(shop=shop_id, order=hit.order.id).pack()
        rows.append((Button(row_words(t, hit.order, now), pressed),))
    if found.more:
        text.gap().add(t("There are more: these are the newest. Send a longer piece of the number "
                         "to find the others."))  # fmt: skip
    return Screen(text.text(), (*rows, find_row(t, shop_id), menu_button(t, shop_id)))


def nothing_found(t: Translator, shop_id: int, found: Found) -> Screen:
    """Say that nothing was found, and what to try."""
    text = Lines([t("🔍 No order of yours for “{text}”.", text=heard(t, found.text, 64))]).gap()
    text.add(t("What can be looked for: an order number or at least its last {n} characters, a "
               "whole product code, a tag, a whole tracking number.", n=SHORTEST))  # fmt: skip
    text.add(t("Is the order not imported yet? Send me the export of your platform."))
    orders = Button(t("📋 Orders"), d.OpenMenu(shop=shop_id, place="orders").pack())
    return Screen(text.text(), ((*find_row(t, shop_id), orders), menu_button(t, shop_id)))


def find_row(t: Translator, shop_id: int) -> Row:
    """Return the button that asks again."""
    return (Button(t("🔍 Find"), d.AskFind(shop=shop_id).pack()),)


def how_words(t: Translator, how: How) -> Html:
    """Return by what an order was found."""
    return {
        "number": t("by its number"),
        "tag": t("by tag"),
        "tracking": t("by tracking number"),
        "end": t("by the end of its number"),
        "code": t("by product code"),
    }[how]
