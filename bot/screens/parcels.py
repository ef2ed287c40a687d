"""Parcels on the factory's screens: their lines and buttons, old numbers, what may go together."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.screens.claims import claimed_words
from bot.screens.screen import Button, Row
from bot.screens.short import cut
from bot.screens.stops import verdict_words
from bot.screens.words import carrier_name, when
from bot.texts import Html, Translator
from core.entities import Shipment
from core.ids import key
from core.orders.views import AssignmentCard, OldNumber

NAME = 20  # characters of the name of who corrected a number
OLD = 3  # old numbers shown of a parcel, the last ones


def parcel_line(t: Translator, one: Shipment, pieces: int = 0) -> Html:
    """Return a parcel in one line, with how many pieces it holds where that says something.

    Of one that had left before its order was stopped, what the merchant says of it.
    """
    line = _parcel_line(t, one, pieces)
    if not one.verdict:
        return line
    words = verdict_words if one.claimed is None else claimed_words
    return t("{line} · {verdict}", line=line, verdict=words(t, one.verdict))


def _parcel_line(t: Translator, one: Shipment, pieces: int) -> Html:
    carrier, number, time = (
        carrier_name(t, one.carrier),
        one.tracking_number,
        when(t, one.shipped_at),
    )
    if pieces:
        return t.n("📦 {carrier} <code>{number}</code> · {n} pc · {time}",
                   "📦 {carrier} <code>{number}</code> · {n} pcs · {time}", pieces,
                   carrier=carrier, number=number, time=time)  # fmt: skip
    return t("📦 {carrier} <code>{number}</code> · {time}", carrier=carrier, number=number,
             time=time)  # fmt: skip


def parcel_lines(
    t: Translator, card: AssignmentCard, parcels: Sequence[Shipment] | None = None
) -> list[str]:
    """Return each parcel with the numbers it had before, who put them right, and when."""
    several = len(card.shipments) > 1 or card.assignment.status == "part_shipped"
    lines: list[str] = []
    for one in card.shipments if parcels is None else parcels:
        shipment_id = key(one)
        lines.append(parcel_line(t, one, card.packed.get(shipment_id, 0) if several else 0))
        before = [old for old in card.old_numbers if old.shipment_id == shipment_id]
        lines += [old_line(t, old) for old in before[-OLD:]]
    return lines


def old_line(t: Translator, old: OldNumber) -> Html:
    """Return a number a parcel had before, who put it right, and when."""
    return t("   ✏️ was {carrier} {number} · {name} {time}", carrier=carrier_name(t, old.carrier),
             number=old.number, name=cut(old.by, NAME), time=when(t, old.at))  # fmt: skip


def packed_line(t: Translator, card: AssignmentCard) -> Html:
    """Return how much of an order has left."""
    total = sum(one.quantity for one in card.lines)
    return t("Shipped: <b>{n} of {total}</b> pieces", n=sum(card.packed.values()), total=total)


def together_line(t: Translator, tags: Sequence[str]) -> Html:
    """Return which other orders go to the same recipient."""
    return t("🔗 Same recipient, may go in one parcel: {tags}", tags=" ".join(tags))


def parcel_row(t: Translator, shop_id: int, one: Shipment) -> Row:
    """Return the buttons of a parcel: copy its number, correct it."""
    number = one.tracking_number
    return (
        Button(f"📋 {number}", copy=number),
        Button(t("✏️ Correct"), d.Correct(shop=shop_id, shipment=key(one)).pack()),
    )
