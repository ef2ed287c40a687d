"""What people wrote about an order: on cards without anybody's phone or address, whole with them.

A note that names another address is said to the merchant, with the way to take it over.
"""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.screens.screen import Button, Row
from bot.screens.short import cut
from bot.screens.words import hidden_words
from bot.texts import Html, Translator
from core.entities import Order
from core.ids import key
from core.orders.notes import Whole, readdressing, shown
from core.text.free_text import HIDDEN
from core.text.free_text import heard as as_heard
from core.values import OrderNotes

NOTE = 300
WHOLE = 500  # characters of a text shown whole: what people type is no longer


def said(t: Translator, text: str, limit: int) -> str:
    """Return a text that is `as_shown`, cut, or that it is hidden."""
    return hidden_words(t) if text == HIDDEN else cut(text, limit)


def heard(t: Translator, text: str, limit: int) -> str:
    """Return what somebody typed as an answer repeats it: cut, and without a recipient."""
    return said(t, as_heard(text), limit)


def note_lines(t: Translator, written: OrderNotes) -> list[str]:
    """Return the notes as both cards show them."""
    notes = shown(written)
    lines: list[str] = []
    if notes.buyer:
        lines.append(t("Buyer's note: {note}", note=said(t, notes.buyer, NOTE)))
    if notes.seller:
        lines.append(t("Seller's note: {note}", note=said(t, notes.seller, NOTE)))
    return lines


def where_whole(t: Translator, written: OrderNotes) -> str:
    """Tell a factory where the notes stand whole, where they do not here."""
    if not shown(written).partly:
        return ""
    return t("Phones and addresses in notes are hidden here: press “Recipient” to read them.")


def readdress_line(t: Translator, order: Order, written: OrderNotes) -> str:
    """Warn the merchant of a note that names another recipient."""
    if not readdressing(order, written):
        return ""
    return t("📍 <b>A note names a recipient or another address.</b> The parcel still goes to the "
             "recipient of the order: if that is wrong, change it before it ships.")  # fmt: skip


def readdress_row(t: Translator, order: Order, written: OrderNotes) -> Row:
    """Return the way to take over the recipient that a note names."""
    if not readdressing(order, written):
        return ()
    pressed = d.AskEdit(shop=order.merchant_id, order=key(order), part="from_note")
    return (Button(t("📍 Change the recipient as the note says"), pressed.pack()),)


def readdress_button(t: Translator, shop_id: int, order_id: int) -> Button:
    """Return the way to a new recipient where a question or its answer names one."""
    pressed = d.AskEdit(shop=shop_id, order=order_id, part="recipient")
    return Button(t("📍 Change the recipient"), pressed.pack())


def whole_lines(t: Translator, texts: Sequence[Whole]) -> list[Html]:
    """Return the texts that are shown only in part elsewhere."""
    words = {
        "buyer_note": t.plain("Buyer's note"), "seller_note": t.plain("Seller's note"),
        "question": t.plain("Question"), "answer": t.plain("Answer"),
    }  # fmt: skip
    return [t("{what}, whole: {text}", what=words[one.kind], text=cut(one.text, WHOLE))
            for one in texts]  # fmt: skip
