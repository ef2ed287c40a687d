"""合并发货: what may go in a parcel that has its number already, and what went."""

from dataclasses import replace

from bot.keyboards import data as d
from bot.screens.changes import overlooked_words
from bot.screens.screen import Button, Lines, Screen
from bot.texts import Translator
from core.shipments.sending import Together
from core.shipments.ship_many import Combined


def combined(t: Translator, parcel: Screen, gone: Combined) -> Screen:
    """Say which orders went along, and what nobody had seen of them, above the parcel."""
    tags = {one.order.assignment_id: one.order.tag for one in gone.leaving}
    text = Lines([t("🔗 Shipped with it: <b>{tags}</b>", tags=" ".join(tags.values()))])
    for kind in dict.fromkeys(gone.missed.values()):
        those = " ".join(tag for one, tag in tags.items() if gone.missed.get(one) == kind)
        text.add(t("{what} <b>{tags}</b>", what=overlooked_words(t, kind), tags=those))
    return parcel.under(text.text())


def not_combined(t: Translator, parcel: Screen, waiting: Together) -> Screen:
    """Say that others wait now than were offered, and offer these: some are stopped, or new."""
    assert parcel.card is not None  # noqa: S101 - a parcel's message says which it is
    tags = " ".join(tag for _, tag in waiting.orders)
    words = t("⚠️ <b>Not shipped: this recipient's orders have changed.</b> Only these may go with "
              "it now, check the parcel: <b>{tags}</b>", tags=tags)  # fmt: skip
    button = combine_button(t, parcel.card.shop_id, parcel.card.ref_id, waiting)
    return replace(parcel, rows=(*parcel.rows, (button,))).under(words)


def combine_button(t: Translator, shop_id: int, shipment_id: int, waiting: Together) -> Button:
    """Offer to ship the other orders of the recipient with the same number."""
    orders = len(waiting.orders)
    text = t.n("🔗 Ship {n} more order of this recipient with it",
               "🔗 Ship {n} more orders of this recipient with it", orders)  # fmt: skip
    pressed = d.Combine(shop=shop_id, shipment=shipment_id, mark=waiting.mark)
    return Button(text, pressed.pack())
