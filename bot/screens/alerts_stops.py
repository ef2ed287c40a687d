"""Alerts about stopped orders: parcels under way, what becomes of them, orders let go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.claims import is_claimed
from bot.screens.screen import Button, Lines, Screen
from bot.screens.short import bounded, cut, listed, tail
from bot.screens.words import carrier_name
from core.answers import stop_events as ev
from core.ids import key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.screens.alerts import Telling
    from core.entities import Assignment
    from core.events import Event

NUMBERS = 3
NAME = 12


def _under_way(about: Telling, event: ev.ParcelsUnderWay) -> Screen | None:
    asked = about.store.shipments.asked_of(event.assignment_ids)
    undecided = [one for one in event.assignment_ids if one in asked]
    if not undecided:
        return None  # decided, or no longer stopped, before it could be told
    first = about.store.assignments.of(undecided[0])
    merchant = first.merchant_id == about.actor.shop_id
    if len(undecided) > 1:
        return _many(about, undecided, merchant)
    if _over(about, [first]):
        return _had_left(about, first, merchant=merchant)
    if merchant:
        screen, factory = about.order(key(first))
        return screen.under(about.t("🚨 <b>{factory} had sent a stopped order already</b>",
                                    factory=factory))  # fmt: skip
    return about.card(about.assignment(key(first))).under(
        about.t("🚨 <b>Told the merchant: {tag} had left already</b>", tag=first.tag)
    )


def _over(about: Telling, given: Sequence[Assignment]) -> bool:
    """Return whether some left when it was no longer its factory's."""
    parcels = about.store.shipments.of_assignment
    return any(is_claimed(parcels(key(one))) for one in given)


def _had_left(about: Telling, given: Assignment, *, merchant: bool) -> Screen:
    if merchant:
        screen, factory = about.order(key(given))
        return screen.under(about.t("🚨 <b>{factory}: not its order any more, but the parcel has "
                                    "left</b>", factory=factory))  # fmt: skip
    return about.card(about.assignment(key(given))).under(
        about.t("🚨 <b>Told the merchant: the parcel of {tag} has left</b>", tag=given.tag)
    )


def _many(about: Telling, undecided: Sequence[int], merchant: bool) -> Screen:
    t, shop_id, n = about.t, about.actor.shop_id, len(undecided)
    given = [about.store.assignments.of(one) for one in undecided[: ev.NAMED]]
    lines = [_line(about, one, merchant) for one in given]
    over = _over(about, given)
    if merchant and over:
        text = Lines([t("🚨 <b>{n} orders that must not ship have left already</b>", n=n)])
    elif over:
        text = Lines([t("🚨 <b>Told the merchant: the parcels of {n} orders have left</b>", n=n)])
    elif merchant:
        text = Lines([t("🚨 <b>{n} stopped orders had been sent already</b>", n=n)])
    else:
        text = Lines([t("🚨 <b>Told the merchant: {n} stopped orders had left already</b>", n=n)])
    text.add(*bounded(t, lines, most=len(lines), room=3000))
    if n > len(lines):
        text.add(t.n("… and {n} more", "… and {n} more", n - len(lines)))
    if not merchant:
        text.gap().add(t("You are told of each whether it is called back."))
        return Screen(text.text(), (menu_button(t, shop_id),))
    text.gap().add(t("Open each order to have it called back, or let it go on."))
    opening = [
        Button(
            tail(about.store.orders.of(one.order_id).order_no),
            d.ShowOrder(shop=shop_id, order=one.order_id).pack(),
        )
        for one in given
    ]
    rows = tuple(tuple(opening[i : i + 2]) for i in range(0, len(opening), 2))
    return Screen(text.text(), (*rows, menu_button(t, shop_id)))


def _line(about: Telling, one: Assignment, merchant: bool) -> str:
    t = about.t
    numbers = [
        f"{carrier_name(t, parcel.carrier)} {parcel.tracking_number}"
        for parcel in about.store.shipments.of_assignment(key(one))
        if parcel.verdict
    ]
    shown = listed(t, numbers, NUMBERS)
    if not merchant:
        return t("{order} · {numbers}", order=one.tag, numbers=shown)
    factory = cut(about.binding(one.binding_id).other_name, NAME)
    order = tail(about.store.orders.of(one.order_id).order_no)
    return t("{order} · {factory} · {numbers}", order=order, factory=factory, numbers=shown)


def _judged(about: Telling, event: ev.ParcelJudged) -> Screen:
    card, t = about.assignment(event.assignment_id), about.t
    numbers = [
        f"{carrier_name(t, one.carrier)} {one.tracking_number}"
        for one in card.shipments
        if one.verdict == event.say
    ]
    shown, tag = listed(t, numbers, NUMBERS), card.assignment.tag
    if event.say == "intercept":
        line = t("🚨 <b>{tag}: call the parcel back</b>, have the carrier stop {numbers}", tag=tag,
                 numbers=shown)  # fmt: skip
    elif event.instead:
        line = t("✅ <b>{tag}: no need to call the parcel back any more</b> ({numbers}). If it was "
                 "stopped already, ask the merchant.", tag=tag, numbers=shown)  # fmt: skip
    else:
        line = t("✅ <b>{tag}: the parcel may go on</b> ({numbers})", tag=tag, numbers=shown)
    return about.card(card).under(line)


def _let_go(about: Telling, event: ev.OrderLetGo) -> Screen:
    card, t = about.assignment(event.assignment_id), about.t
    screen = about.card(card)
    if card.stopped is not None or card.assignment.ended_at is not None:
        return screen  # stopped anew, or over, before it could be told
    return screen.under(
        t("▶️ <b>{tag}: ship it after all</b>, the merchant refuses the refund",
          tag=card.assignment.tag)
    )  # fmt: skip


STOP_TELLINGS: dict[type[Event], Callable[[Telling, Any], Screen | None]] = {
    ev.ParcelsUnderWay: _under_way,
    ev.ParcelJudged: _judged,
    ev.OrderLetGo: _let_go,
}
