"""Whether the platform has an assignment as it stands here: on the order's card, in the history."""

from collections.abc import Sequence

from bot.screens.platform_words import platform_why
from bot.screens.short import cut
from bot.texts import Html, Translator
from core.entities import PlatformCall
from core.ids import key
from core.orders.past import Act
from core.orders.views import OrderCard

NAME = 20


def given_lines(t: Translator, card: OrderCard) -> list[Html]:
    """Say of each factory of an order whether it has it on the platform too."""
    if not card.parts:
        return [] if card.assignment is None else _lines(t, card.calls, key(card.assignment), "")
    return [
        line for part in card.parts
        for line in _lines(t, card.calls, key(part.assignment), cut(part.factory_name, NAME))
    ]  # fmt: skip


def _lines(
    t: Translator, calls: Sequence[PlatformCall], assignment_id: int, factory: str
) -> list[Html]:
    ours = {one.kind: one for one in calls if one.assignment_id == assignment_id}
    line = _state(t, ours.get("assign"), ours.get("unassign"))
    if line is None:
        return []
    return [t("{state} · {factory}", state=line, factory=factory) if factory else line]


def _state(t: Translator, given: PlatformCall | None, back: PlatformCall | None) -> Html | None:
    if back is not None and back.state != "done":
        if back.state == "given_up":
            return t("❌ not taken back on the platform: {why}", why=platform_why(t, back.why))
        return t("⏳ being taken back on the platform")
    if given is None or given.why == "taken_back":
        return None
    if given.state in ("owed", "waits"):
        return t("⏳ being assigned on the platform")
    if given.state == "done":
        return t("✅ assigned on the platform") if given.handle else None
    return t("❌ not assigned on the platform: {why}", why=platform_why(t, given.why))


def told_platform(t: Translator, row: Act) -> Html:
    """Say that a parcel was told, in whose name, and why in the merchant's."""
    number = row.detail["number"]
    if row.detail.get("by") == "factory":
        return t("told the platform in the factory's name: {number}", number=number)
    instead = row.detail.get("instead", "")
    if instead:
        return t("told the platform in the merchant's name: {number} ({why})", number=number,
                 why=platform_why(t, instead))  # fmt: skip
    return t("told the platform: {number}", number=number)


def not_given(t: Translator, row: Act) -> Html:
    """Say that the platform does not have it as it stands here."""
    why = platform_why(t, row.detail["why"])
    if row.detail.get("kind") == "unassign":
        return t("the platform did not take it back: {why}", why=why)
    return t("not assigned on the platform: {why}", why=why)
