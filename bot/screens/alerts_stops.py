"""Alerts about stopped orders: parcels under way, what becomes of them, orders let go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Button, Lines, Screen
from bot.screens.short import bounded, listed, tail
from bot.screens.words import carrier_name
from core.answers import stop_events as ev
from core.ids import key

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.screens.alerts import Telling
    from core.entities import Assignment
    from core.events import Event

NUMBERS = 3


def _under_way(about: Telling, event: ev.ParcelsUnderWay) -> Screen:
    first = about.store.assignments.of(event.assignment_ids[0])
    merchant = first.merchant_id == about.actor.shop_id
    if event.orders > 1:
        return _many(about, event, merchant)
    if merchant:
        screen, factory = about.order(key(first))
        return screen.under(about.t("🚨 <b>{factory} had sent a stopped order already</b>",
                                    factory=factory))  # fmt: skip
    return about.card(about.assignment(key(first))).under(
        about.t("🚨 <b>Told the merchant: {tag} had left already</b>", tag=first.tag)
    )


def _many(about: Telling, event: ev.ParcelsUnderWay, merchant: bool) -> Screen:
    t, shop_id = about.t, about.actor.shop_id
    given = [about.store.assignments.of(one) for one in event.assignment_ids]
    lines = [_line(about, one, merchant) for one in given]
    if merchant:
        factory = about.binding(given[0].binding_id).other_name
        text = Lines([t("🚨 <b>{factory} had sent {n} stopped orders already</b>", factory=factory,
                        n=event.orders)])  # fmt: skip
    else:
        text = Lines([t("🚨 <b>Told the merchant: {n} stopped orders had left already</b>",
                        n=event.orders)])  # fmt: skip
    text.add(*bounded(t, lines, most=len(lines), room=3000))
    if event.orders > len(lines):
        text.add(t.n("… and {n} more", "… and {n} more", event.orders - len(lines)))
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
    name = tail(about.store.orders.of(one.order_id).order_no) if merchant else one.tag
    return t("{order} · {numbers}", order=name, numbers=listed(t, numbers, NUMBERS))


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
