"""Changes on the cards of both sides: what differs and what it asks for; seen by whom."""

from collections.abc import Sequence

from bot.screens.diffs import diff_lines
from bot.screens.short import bounded, cut
from bot.screens.words import when
from bot.texts import Html, Translator
from core.assignments.piecing import seen_by
from core.changes.change_news import moved
from core.changes.change_views import NoticeView
from core.changes.overlooked import matters
from core.entities import OrderChange
from core.ids import key
from core.orders.views import AssignmentCard

CHANGES = 8


def change_lines(t: Translator, card: AssignmentCard) -> list[str]:
    """Return what has changed since the order was assigned, while it waits to be seen."""
    if card.assignment.changed_at is None:
        return []
    given = key(card.assignment)
    lines = [line for change in card.changes for line in _change(t, change, given)]
    changed = [t("⚠️ <b>Changed</b>"), *bounded(t, lines, most=CHANGES, room=900)]
    return [*changed, *_consequences(t, card)]


def address_lines(t: Translator, card: AssignmentCard) -> list[str]:
    """Return the loud warning that an address seen or printed, or shipped to, no longer holds."""
    given = card.assignment
    changes = [one for one in card.changes if moved(one.diffs)]
    if given.changed_at is None or not changes:
        return []
    if given.status in ("part_shipped", "shipped"):
        return _shipped_lines(t, card, changes)
    looked = given.looked_at
    if card.stopped is not None or given.ended_at is not None or looked is None:
        return []
    if all(one.changed_at <= looked for one in changes):
        return []  # what was looked at is the new one
    return [t("⚠️⚠️ <b>You have looked at or printed the old address.</b> Throw the old slip away "
              "and look, or print, again.")]  # fmt: skip


def _shipped_lines(
    t: Translator, card: AssignmentCard, changes: Sequence[OrderChange]
) -> list[str]:
    """Tell parcels that left before the address changed from those that left in spite of it."""
    left = [one.shipped_at for one in card.shipments]
    lines: list[str] = []
    if any(at < one.changed_at for at in left for one in changes):
        lines.append(t("📮 <b>The address changed after your parcel had left</b>: ask the carrier "
                       "to redirect or stop it, and talk to the merchant."))  # fmt: skip
    if any(at >= one.changed_at for at in left for one in changes):
        lines.append(overlooked_words(t, "recipient"))
    return lines


def overlooked_words(t: Translator, kind: str) -> Html:
    """Tell who packed that a parcel left though nobody had seen a change."""
    if kind == "recipient":
        return t("⚠️⚠️ <b>The recipient changed before you shipped, and nobody pressed “Seen”.</b> "
                 "Check the label: if it has the old address, have the carrier redirect the parcel "
                 "and tell the merchant.")  # fmt: skip
    return t("⚠️ <b>The order changed before you shipped, and nobody pressed “Seen”.</b> Check what "
             "is in the parcel: if it is wrong, tell the merchant.")  # fmt: skip


def overlooked_told(t: Translator, kind: str) -> Html:
    """Tell the merchant that a parcel left though the factory had not seen a change."""
    if kind == "recipient":
        return t("⚠️⚠️ <b>The factory shipped without confirming the new recipient.</b> The parcel "
                 "may go to the old address: ask the factory, and have the carrier redirect it if "
                 "so.")  # fmt: skip
    return t("⚠️ <b>The factory shipped without confirming the change below.</b> Ask it what is in "
             "the parcel.")  # fmt: skip


def _consequences(t: Translator, card: AssignmentCard) -> list[str]:
    """Return what the changes ask of who is packing, while the order may be shipped."""
    if card.stopped is not None or card.assignment.ended_at is not None:
        return []
    diffs = [diff for change in card.changes for diff in change.diffs]
    lines: list[str] = []
    if moved(diffs):
        lines.append(t("Press “Recipient” again: the old address no longer holds."))
    if any(diff["field"] == "after_sale" and diff["new"] == "none" for diff in diffs):
        lines.append(t("The refund was withdrawn: go on and ship."))
    return lines


def _change(t: Translator, change: OrderChange, assignment_id: int) -> list[str]:
    return [
        t("{time} {difference}", time=when(t, change.changed_at), difference=Html(line))
        for line in diff_lines(t, seen_by(change.diffs, assignment_id))
    ]


def notice_lines(t: Translator, notices: Sequence[NoticeView]) -> list[str]:
    """Return of the latest changes which factory has seen each, by whom and when, or not yet."""
    return bounded(t, [_notice(t, one) for one in notices], most=len(notices), room=800)


def _notice(t: Translator, one: NoticeView) -> Html:
    every = diff_lines(t, seen_by(one.diffs, one.assignment_id))
    what = Html(every[0] if every else "")
    if len(every) > 1:
        what = t("{difference} and {n} more", difference=what, n=len(every) - 1)
    shown = t("{time} {difference}", time=when(t, one.changed_at), difference=what)
    factory = cut(one.factory_name, 20)
    if one.seen_at is not None:
        return t("👌 {change} · seen by {factory} ({who}) {time}", change=shown, factory=factory,
                 who=cut(one.seen_by, 20), time=when(t, one.seen_at))  # fmt: skip
    if one.ended and one.shipped and matters(one.diffs):
        return t("⚠️ {change} · {factory} shipped without confirming it", change=shown,
                 factory=factory)  # fmt: skip
    if one.ended and one.shipped:
        return t("▫️ {change} · {factory} shipped without confirming it", change=shown,
                 factory=factory)  # fmt: skip
    if one.ended:
        return t("▫️ {change} · {factory} did not confirm it", change=shown, factory=factory)
    return t("⏳ {change} · {factory} has not seen it yet", change=shown, factory=factory)
