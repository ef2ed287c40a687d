"""What differs between an order as it was and as it is, in words: old → new; and what follows."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.screens.notes import said
from bot.screens.short import cut
from bot.screens.words import stop_words, when
from bot.texts import Html, Translator
from core.changes.judging import Diff
from core.imports.changed_orders import ChangedOrder

VALUE = 60  # characters of a note or product that a difference shows
_AFTER_SALE = {"open": "refund_open", "refunded": "refunded"}


# Where only some lines are shown: where it goes and whether it goes first, notes last.
_WEIGHT = ("recipient", "closed", "held", "after_sale", "let_go", "quantity", "line_added",
           "line_removed", "product", "ship_by", "seller_note", "buyer_note")  # fmt: skip


def diff_lines(t: Translator, diffs: Sequence[Diff]) -> list[str]:
    """Return one line per difference, the gravest first.

    Recipients stand in it masked, as the differences do.
    """
    gravest = sorted(diffs, key=lambda diff: _WEIGHT.index(diff["field"]))
    return [_WORDS[diff["field"]](t, diff) for diff in gravest]


def alarms(t: Translator, one: ChangedOrder) -> list[str]:
    """Return what a person must do by hand, as a parcel has left: nothing else will do it."""
    if not one.shipped:
        return []
    lines: list[str] = []
    if any(_stops(diff) for diff in one.diffs):
        lines.append(t("⚠️ <b>A parcel has left: have the carrier stop it, or ask the factory.</b>"))
    if any(diff["field"] == "recipient" for diff in one.diffs):
        lines.append(t("⚠️ A parcel has left with the old address: call the carrier."))
    if not one.at_factory and any(grows(diff) for diff in one.diffs):
        lines.append(
            t("⚠️ <b>Shipped already: the added pieces do not go out by themselves. Assign them "
              "under “Unassigned”.</b>")
        )  # fmt: skip
    return lines


def _stops(diff: Diff) -> bool:
    if diff["field"] == "closed":
        return bool(diff["new"] == "cancelled")
    if diff["field"] == "held":
        return bool(diff["new"])
    return diff["field"] == "after_sale" and diff["new"] in _AFTER_SALE


def may_ship_again(diff: Diff) -> bool:
    """Return whether it takes a stop away: 恢复发货, or a refund that was withdrawn."""
    if diff["field"] == "held":
        return not diff["new"]
    return bool(diff["field"] == "after_sale" and diff["new"] == "none")


def grows(diff: Diff) -> bool:
    """Return whether there is more of something than before."""
    return diff["field"] in ("quantity", "line_added") and diff["new"] > diff["old"]


def _buyer_note(t: Translator, diff: Diff) -> Html:
    if diff["old"] == diff["new"]:
        return t("Buyer's note changed: {new}", new=_text(t, diff["new"]))
    return t("Buyer's note: {old} → {new}", old=_text(t, diff["old"]), new=_text(t, diff["new"]))


def _seller_note(t: Translator, diff: Diff) -> Html:
    if diff["old"] == diff["new"]:
        return t("Seller's note changed: {new}", new=_text(t, diff["new"]))
    return t("Seller's note: {old} → {new}", old=_text(t, diff["old"]), new=_text(t, diff["new"]))


def _ship_by(t: Translator, diff: Diff) -> Html:
    return t("Ship by: {old} → {new}", old=_time(t, diff["old"]), new=_time(t, diff["new"]))


def _recipient(t: Translator, diff: Diff) -> Html:
    if diff["first"]:
        return t("Recipient now complete: {new}", new=diff["new"])
    if diff.get("parts"):
        parts = [_part(t, name, *said) for name, said in diff["parts"].items()]
        return t("Recipient changed: {parts}", parts=Html(t.plain("; ").join(parts)))
    if diff["old"] == diff["new"]:
        return t("Recipient changed (name, phone or street): {new}", new=diff["new"])
    return t("Recipient's address: {old} → {new}", old=_text(t, diff["old"]), new=diff["new"])


def _part(t: Translator, name: str, old: str, new: str) -> Html:
    """Return what of a recipient differs; where the masks are alike, that it does."""
    words = {"name": t("name"), "phone": t("phone"), "address": t("address")}[name]
    if old != new:
        return t("{part} {old} → {new}", part=words, old=old, new=new)
    if name == "address":
        return t("street address in {district}", district=new)
    return t("{part} {old} → another", part=words, old=old)


def changes_nothing(diff: Diff) -> bool:
    """Return whether it takes away only pieces that are in parcels: all stays as it was."""
    return "left" in diff and bool(diff["left"] >= diff["old"])


def _quantity(t: Translator, diff: Diff) -> Html:
    if "left" in diff:
        return t("Pieces of {product}: {old} → {new}, but {left} have left in parcels: they count",
                 product=cut(diff["product"], VALUE), old=diff["old"], new=diff["new"],
                 left=diff["left"])  # fmt: skip
    return t("Pieces of {product}: {old} → {new}",
             product=cut(diff["product"], VALUE), old=diff["old"], new=diff["new"])  # fmt: skip


def _product(t: Translator, diff: Diff) -> Html:
    return t("Product: {old} → {new}", old=_text(t, diff["old"]), new=_text(t, diff["new"]))


def _line_added(t: Translator, diff: Diff) -> Html:
    return t("Added: {product} × {n}", product=cut(diff["product"], VALUE), n=diff["new"])


def _line_removed(t: Translator, diff: Diff) -> Html:
    if "left" in diff:
        return t("Taken out: {product} × {n}, but {left} have left in parcels: they count",
                 product=cut(diff["product"], VALUE), n=diff["old"], left=diff["left"])  # fmt: skip
    return t("Taken out: {product} × {n}", product=cut(diff["product"], VALUE), n=diff["old"])


def _after_sale(t: Translator, diff: Diff) -> Html:
    return t("After-sale: {old} → {new}",
             old=_state(t, diff["old"]), new=_state(t, diff["new"]))  # fmt: skip


def _held(t: Translator, diff: Diff) -> Html:
    return t("⏸ Shipping on hold") if diff["new"] else t("▶️ Released: it may ship again")


def _closed(t: Translator, diff: Diff) -> Html:
    return t("Order: {state}", state=stop_words(t, diff["new"]))


_WORDS: dict[str, Callable[[Translator, Diff], Html]] = {
    "buyer_note": _buyer_note,
    "seller_note": _seller_note,
    "ship_by": _ship_by,
    "recipient": _recipient,
    "quantity": _quantity,
    "product": _product,
    "line_added": _line_added,
    "line_removed": _line_removed,
    "after_sale": _after_sale,
    "held": _held,
    "let_go": lambda t, _: t("The merchant refuses the refund: ship as usual"),
    "closed": _closed,
}


def _text(t: Translator, value: str) -> str:
    return said(t, value, VALUE) if value else t("(none)")


def _time(t: Translator, value: str | None) -> Html:
    return when(t, datetime.fromisoformat(value)) if value else t("not given")


def _state(t: Translator, value: str) -> Html:
    return stop_words(t, _AFTER_SALE[value]) if value in _AFTER_SALE else t("none")
