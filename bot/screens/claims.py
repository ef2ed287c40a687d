"""Parcels that left with an order no longer their factory's, in words (`core.answers.claimed`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.screens.short import cut, listed
from core.answers.claimed import is_claim
from core.entities.assignment import OPEN_STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.texts import Html, Translator
    from core.answers.claim_views import ClaimView
    from core.entities import Shipment
    from core.orders.views import AssignmentCard, OrderCard

NAMED = 3  # of each: factories that report parcels, factories that have the order now
NAME = 20


def claimed_words(t: Translator, verdict: str) -> Html:
    """Return what a merchant says of such a parcel, behind its number."""
    return {
        "asked": t("⛔ left already, undecided"),
        "intercept": t("⛔ to be called back"),
        "let_go": t("✅ let go on, counted nowhere"),
    }[verdict]


def is_claimed(parcels: Sequence[Shipment]) -> bool:
    """Return whether one of these left with an order that was no longer its factory's."""
    return any(one.claimed is not None for one in parcels)


def claim_lines(t: Translator, card: OrderCard) -> list[str]:
    """Return what the merchant must decide, and what follows from it, above everything else."""
    asked = [one for one in card.claims if one.asked]
    lines: list[str] = []
    for one in asked[:NAMED]:
        lines += [_why(t, one), _outcome(t, one)]
    if len(asked) > NAMED:
        lines.append(t.n("… and {n} more", "… and {n} more", len(asked) - NAMED))
    return [*lines, ""] if lines else []


def _why(t: Translator, one: ClaimView) -> Html:
    factory = cut(one.factory_name, NAME)
    return {
        "declined": t("🚨 <b>{factory} declined it, but says its parcel has left!</b> Have it "
                      "called back, or let it go on?", factory=factory),
        "recalled": t("🚨 <b>Taken back from {factory}, but it says its parcel has left!</b> Have "
                      "it called back, or let it go on?", factory=factory),
    }.get(one.status) or t(
        "🚨 <b>No piece of it is with {factory} any more, but it says a parcel has left!</b> Have "
        "it called back, or let it go on?", factory=factory,
    )  # fmt: skip


def _outcome(t: Translator, one: ClaimView) -> Html:
    """Say what letting it go on does: whether the customer gets it twice."""
    if not one.missing:
        factory = cut(one.factory_name, NAME)
        return t("Let go on, it counts as shipped by {factory}.", factory=factory)
    if not one.holders:
        return t.n("⚠️ {n} piece of it is not in this order any more: let go on, it counts for "
                   "nothing.",
                   "⚠️ {n} pieces of it are not in this order any more: let go on, they count for "
                   "nothing.", one.missing)  # fmt: skip
    at_work = [name for name, status in one.holders if status in OPEN_STATUSES]
    if not at_work:
        others = _names(t, [name for name, _ in one.holders])
        return t("⚠️ <b>{others} has shipped it too:</b> let go on, the customer gets it twice.",
                 others=others)  # fmt: skip
    return t("⚠️ <b>{others} is shipping it now:</b> let go on, the customer gets it twice. To "
             "avoid that, first take it back from there, then let this one go on.",
             others=_names(t, at_work))  # fmt: skip


def _names(t: Translator, names: Sequence[str]) -> str:
    return listed(t, list(dict.fromkeys(cut(name, NAME) for name in names)), NAMED)


def over_lines(t: Translator, card: AssignmentCard) -> list[str]:
    """Return what a factory must know of parcels of an order that is no longer its own."""
    given = card.assignment
    verdicts = {one.verdict for one in card.shipments if one.claimed is not None}
    say = next((one for one in ("asked", "intercept", "let_go") if one in verdicts), "")
    if not say or not is_claim(given, card.order):
        return []
    return [
        {
            "asked": t("⛔ <b>No longer with you, but the parcel has left.</b> The merchant "
                       "decides whether it is called back."),
            "intercept": t("⛔⛔ <b>No longer with you: call the parcel back!</b> Have the carrier "
                           "stop it and bring it back, now."),
            "let_go": t("✅ <b>The merchant lets the parcel go on.</b> There is nothing to call "
                        "back."),
        }[say], "",
    ]  # fmt: skip


def over_hint(t: Translator, card: AssignmentCard) -> str:
    """Say how to tell of a parcel that had left; nothing where there is one, or it cannot be."""
    undone = card.order.closed_reason == "undone"
    if card.shipments or undone or not is_claim(card.assignment, card.order):
        return ""
    return t("Has it left already? Reply with its number: the merchant decides.")
