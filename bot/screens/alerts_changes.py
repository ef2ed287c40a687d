"""Alerts about changes of orders: what differs, who has seen it, what left before it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.changes import change_lines
from bot.screens.diffs import diff_lines, may_ship_again
from bot.screens.orders import order_card
from bot.screens.screen import Button, CardRef, Lines, Screen
from bot.screens.short import bounded, listed, tail
from bot.screens.stops import stop_lines
from bot.screens.words import stop_words
from core import events as ev
from core.assignments.piecing import seen_by
from core.ids import key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.screens.alerts import Telling
    from bot.texts import Html, Translator
    from core.changes.judging import Diff
    from core.orders.views import AssignmentCard


def _changed(about: Telling, event: ev.OrderChanged) -> Screen:
    card, t = about.assignment(event.assignment_id), about.t
    change = about.store.orders.change(event.change_id)
    if change is not None and card.stopped is not None and not event.stops:
        return _beside_a_stop(t, card, seen_by(change.diffs, event.assignment_id))
    text = Lines([_heading(t, card, change.diffs if change is not None else ())])
    if change is not None and not change_lines(t, card):
        # Somebody of the shop has pressed “Seen” already: the others are still told what it was.
        diffs = seen_by(change.diffs, event.assignment_id)
        text.add(*bounded(t, diff_lines(t, diffs), most=8, room=900))
    screen = about.card(card)
    # What must not be missed stands first: the card of a stopped order begins with that.
    return screen if stop_lines(t, card) and not text.lines[1:] else screen.under(text.text())


def _beside_a_stop(t: Translator, card: AssignmentCard, diffs: Sequence[Diff]) -> Screen:
    """Tell what differs of an order whose stop was told before: nobody is to do anything new."""
    given = card.assignment
    text = Lines([t("⚠️ <b>{tag} was changed by the merchant</b>", tag=given.tag)])
    text.add(*bounded(t, diff_lines(t, diffs), most=8, room=900))
    text.gap().add(
        t("It is stopped as before: {reason}.", reason=stop_words(t, card.stopped or ""))
    )
    place = {"shop": given.factory_id, "assignment": key(given)}
    row = [Button(t("📋 Order"), d.ShowAssignment(**place).pack())]
    if given.changed_at is not None:
        row.insert(0, Button(t("👌 Seen"), d.Acknowledge(**place).pack()))
    return Screen(text.text(), (tuple(row),), CardRef("assignment", key(given), given.factory_id))


def _heading(t: Translator, card: AssignmentCard, diffs: Sequence[Diff]) -> Html:
    """Return what has happened, best news first: an order that may ship again says so."""
    tag = card.assignment.tag
    again = all(may_ship_again(diff) for diff in diffs) and bool(diffs)
    if again and card.stopped is None and card.assignment.ended_at is None:
        return t("▶️ <b>{tag}: you may ship it again</b>", tag=tag)
    return t("⚠️ <b>{tag} was changed by the merchant</b>", tag=tag)


def _acknowledged(about: Telling, event: ev.ChangeAcknowledged) -> Screen:
    screen, factory = about.order(event.assignment_id)
    return screen.under(about.t("👌 <b>{factory} has seen the change</b>", factory=factory))


def _too_late(about: Telling, event: ev.LeftWithOldAddress) -> Screen:
    t, store, shop_id = about.t, about.store, about.actor.shop_id
    text = Lines([
        t.n("📮 <b>The address changed after a parcel had left with the old one</b>",
            "📮 <b>{n} addresses changed after parcels had left with the old ones</b>",
            event.orders)
    ])  # fmt: skip
    text.add(t("Have the carrier redirect it, or ask the factory to. The factory has been told."))
    if event.orders == 1:
        card = about.services.listing.order(store, about.actor, event.order_ids[0])
        return order_card(t, card, store.now).under(text.text())
    numbers = [tail(store.orders.of(one).order_no) for one in event.order_ids]
    left = event.orders - len(numbers)
    text.gap().add(listed(t, numbers, len(numbers)))
    text.add(t.n("… and {n} more", "… and {n} more", left) if left else "")
    see = Button(t("See shipped orders"), d.ListOrders(shop=shop_id, tab="shipped").pack())
    return Screen(text.text(), ((see,), menu_button(t, shop_id)))


CHANGE_TELLINGS: dict[type[ev.Event], Callable[[Telling, Any], Screen | None]] = {
    ev.OrderChanged: _changed,
    ev.ChangeAcknowledged: _acknowledged,
    ev.LeftWithOldAddress: _too_late,
}
