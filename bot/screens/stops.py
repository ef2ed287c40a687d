"""Stop-ship in words: how loud a card begins, what the merchant may decide, whom it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.keyboards import data as d
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import tail
from bot.screens.words import stop_words
from core.ids import key
from core.orders.standing import stop_reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.texts import Html, Translator
    from core.entities import Shipment
    from core.orders.views import AssignmentCard, OrderCard


def stop_lines(t: Translator, card: AssignmentCard) -> list[str]:
    """Return the loud beginning of a card whose order must not be shipped any more."""
    given = card.assignment
    if card.stopped is None or given.status in ("declined", "recalled"):
        return []
    reason = stop_words(t, card.stopped)
    verdict = verdict_of(card.shipments)
    if verdict and all_gone(card):
        return [_verdict_line(t, verdict, reason), ""]
    if given.status == "shipped":
        return [t("⛔ <b>{reason} after it shipped</b>: there is nothing to do unless the merchant "
                  "asks for it.", reason=reason), ""]  # fmt: skip
    lines = [
        str(t("⛔⛔ <b>{tag}: STOP, do not ship</b> ⛔⛔", tag=given.tag)),
        str(t("Reason: <b>{reason}</b>", reason=reason)),
    ]
    if given.looked_at is not None:
        lines.append(t("🖨 <b>Printed or copied already: do not send it.</b> Find the parcel and "
                       "take the label off."))  # fmt: skip
    if verdict:
        lines.append(_part_line(t, verdict))
    else:
        lines.append(t("Has it left already? Reply with its number: the merchant decides."))
    return [*lines, ""]


def all_gone(card: AssignmentCard) -> bool:
    """Return whether every piece is in a parcel."""
    return sum(card.packed.values()) >= sum(one.quantity for one in card.lines)


def _part_line(t: Translator, verdict: str) -> str:
    return {
        "asked": t("Part of it had left before: the merchant decides whether that is called back."),
        "intercept": t("⛔ <b>Part of it had left before: call that parcel back!</b> Have the "
                       "carrier stop it and bring it back, now."),
        "let_go": t("Part of it had left before: the merchant lets that go on."),
    }[verdict]  # fmt: skip


def verdict_of(parcels: Sequence[Shipment]) -> str:
    """Return what stands about parcels that had left before the stop; empty when there are none."""
    verdicts = {one.verdict for one in parcels if one.verdict}
    return next((one for one in ("asked", "intercept", "let_go") if one in verdicts), "")


def _verdict_line(t: Translator, verdict: str, reason: Html) -> str:
    return {
        "asked": t("⛔ <b>{reason}, but the parcel has left.</b> The merchant decides whether it "
                   "is called back.", reason=reason),
        "intercept": t("⛔⛔ <b>{reason}: call the parcel back!</b> Have the carrier stop it and "
                       "bring it back, now.", reason=reason),
        "let_go": t("✅ <b>{reason}, but the merchant lets the parcel go on.</b> There is nothing "
                    "to call back.", reason=reason),
    }[verdict]  # fmt: skip


def left_words(t: Translator, orders: int, over: int = 0) -> str:
    """Offer to say that the parcels of so many orders had left, `over` of them lost before."""
    if over:
        return t.n("📦 {n} of these parcels has left already",
                   "📦 {n} of these parcels have left already", orders)  # fmt: skip
    return t.n("📦 {n} stopped parcel has left already",
               "📦 {n} stopped parcels have left already", orders)  # fmt: skip


def verdict_words(t: Translator, verdict: str) -> Html:
    """Return a verdict behind a parcel's number."""
    return {
        "asked": t("⛔ left before the stop, undecided"),
        "intercept": t("⛔ to be called back"),
        "let_go": t("✅ let go on"),
    }[verdict]


def asked_parcels(card: OrderCard) -> dict[int, Shipment]:
    """Return by assignment the first parcel about which the merchant must decide, extras' too."""
    parcels = [*card.shipments, *(one for extra in card.extras for one in extra.shipments)]
    asked = [one for one in parcels if one.verdict == "asked"]
    return {one.assignment_id: one for one in reversed(asked)}


def under_way_lines(t: Translator, card: OrderCard) -> list[str]:
    """Return what the merchant must decide, above everything else on the card."""
    if all(one.claimed is not None for one in asked_parcels(card).values()):
        return []  # `bot.screens.claims` says what those are
    reason = stop_words(t, stop_reason(card.order) or "cancelled")
    return [t("⛔ <b>{reason}, but the parcel has left!</b> Have it called back, or let it go on?",
              reason=reason), ""]  # fmt: skip


def stop_rows(t: Translator, card: OrderCard) -> list[Row]:
    """Return what the merchant may decide about a stopped order."""
    shop_id, rows = card.order.merchant_id, list[Row]()
    asked = asked_parcels(card)
    missing = {one.assignment_id for one in card.claims if one.missing}
    for one, parcel in sorted(asked.items()):
        which = f" {tail(parcel.tracking_number)}" if len(asked) > 1 else ""
        go_on, twice = t.plain("✅ Let it go on"), int(one in missing)
        if twice:
            go_on = t.plain("⚠️ Let it go on all the same")
        rows.append(
            (
                Button(t.plain("⛔ Call it back") + which,
                       d.JudgeParcel(shop=shop_id, assignment=one, say="intercept").pack()),
                Button(go_on + which,
                       d.JudgeParcel(shop=shop_id, assignment=one, say="let_go",
                                     twice=twice).pack()),
            )
        )  # fmt: skip
    if stop_reason(card.order) == "refund_open" and card.order.status != "shipped":
        let_go = d.LetGo(shop=shop_id, order=key(card.order))
        rows.append((Button(t("▶️ Refuse the refund and ship"), let_go.pack()),))
    if stop_reason(card.order) == "on_hold" and card.order.status != "shipped":
        release = d.SetOrder(
            shop=shop_id, order=key(card.order), rev=card.order.revision, act="release"
        )
        rows.append((Button(t("▶️ Go on shipping"), release.pack()),))
    return rows


def ask_let_go(t: Translator, card: OrderCard) -> Screen:
    """Ask once more before an order with an open refund is let ship."""
    order = card.order
    text = Lines([t("<b>Refuse the refund and ship</b> <code>{number}</code>?",
                    number=order.order_no)])  # fmt: skip
    text.add(t("The factory is told to go on. On the platform the refund stays open: refuse it "
               "there yourself. A new refund stops the order again."))  # fmt: skip
    place = {"shop": order.merchant_id, "order": key(order)}
    rows = (
        (Button(t("Yes, ship it"), d.LetGo(**place, sure=1).pack()),),
        (Button(t("⬅️ Back"), d.ShowOrder(**place).pack()),),
    )
    return Screen(text.text(), rows, CardRef("order", key(order), order.merchant_id))


def let_go_words(t: Translator, on_hold: bool) -> Html:
    """Say that the order may ship in spite of the refund, unless it is on hold besides."""
    if on_hold:
        return t("The refund stops it no more, but it is still on hold.")
    return t("▶️ It ships in spite of the refund. The factory is being told.")


def judged_words(t: Translator, say: str) -> Html:
    """Confirm a verdict to the merchant."""
    if say == "intercept":
        return t("⛔ The factory is being told to call the parcel back.")
    return t("✅ The parcel goes on. The factory is being told.")
