"""Alerts about many orders at once: one message, whatever their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.alerts_answers import reassign_row
from bot.screens.assignments import seen_all_button
from bot.screens.batches import digest_screen
from bot.screens.packing import packing_list
from bot.screens.screen import Button, Lines, Screen
from bot.screens.short import cut, listed, tail
from bot.screens.words import decline_words
from core import events as ev
from core.orders.shown import CardsOutdated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.screens.alerts import Telling
    from bot.texts import Translator

REASON = 100


def _assigned(about: Telling, event: ev.OrdersAssigned) -> Screen:
    digest = about.services.batches.digest(about.store, about.actor, event.draft_id)
    screen = digest_screen(about.t, digest, about.store.now, new=True)
    if not digest.pieces:  # all of it taken back before it could be told
        return screen
    packed = about.services.batches.packing(about.store, about.actor, "batch", event.draft_id)
    return screen.attaching(packing_list(about.t, packed))


def _recalled(about: Telling, event: ev.OrdersRecalled) -> Screen:
    view, t = about.binding(event.binding_id), about.t
    text = Lines([
        t.n("⛔ <b>{name} took {n} order back. Do not ship it.</b>",
            "⛔ <b>{name} took {n} orders back. Do not ship them.</b>",
            event.count, name=view.other_name)
    ])  # fmt: skip
    text.add(*_tags(t, event.tags, event.count))
    shop_id = about.actor.shop_id
    batches = Button(t("🗂 Batches"), d.ListBatches(shop=shop_id).pack())
    to_ship = Button(t("📋 To ship"), d.ListOrders(shop=shop_id, tab="to_ship").pack())
    return Screen(text.text(), ((batches, to_ship), menu_button(t, shop_id)))


def _declined(about: Telling, event: ev.OrdersDeclined) -> Screen:
    view, t = about.binding(event.binding_id), about.t
    reason = cut(decline_words(t, event.reason), REASON)
    text = Lines([
        t.n("❌ <b>{factory} declined {n} order</b>: {reason}",
            "❌ <b>{factory} declined {n} orders</b>: {reason}",
            event.count, factory=view.other_name, reason=reason)
    ])  # fmt: skip
    numbers = [tail(one) for one in event.order_nos]
    left = event.count - len(numbers)
    shown = listed(t, numbers, len(numbers))
    text.add(t("{texts} and {n} more", texts=shown, n=left) if left > 0 else shown)
    text.add(t("They wait to be assigned again, to another factory perhaps."))
    shop_id = about.actor.shop_id
    return Screen(text.text(), (reassign_row(t, shop_id, event.draft_id), menu_button(t, shop_id)))


def _changed(about: Telling, event: ev.OrdersChanged) -> Screen:
    view, t = about.binding(event.binding_id), about.t
    changed, stops = event.stops + event.others, event.stops
    text = Lines([
        t.n("⚠️ <b>{name} changed {n} order</b>", "⚠️ <b>{name} changed {n} orders</b>", changed,
            name=view.other_name)
    ])  # fmt: skip
    if stops:
        text.gap().add(t.n("⛔ <b>STOP: do not ship this {n} order</b>",
                           "⛔ <b>STOP: do not ship these {n} orders</b>", stops))  # fmt: skip
        text.add(*_tags(t, event.stop_tags, stops))
    if event.outdated_tags:
        n = len(event.outdated_tags)
        text.gap().add(t.n("⚠️⚠️ <b>{n} address changed after it was looked at or printed.</b> "
                           "Throw the old slip away and print again",
                           "⚠️⚠️ <b>{n} addresses changed after they were looked at or printed.</b>"
                           " Throw the old slips away and print again",
                           n))  # fmt: skip
        text.add(*_tags(t, event.outdated_tags, n))
    others = event.others - len(event.outdated_tags)
    if others > 0:
        text.gap().add(t.n("{n} order differs: look before you pack it",
                           "{n} orders differ: look before you pack them",
                           others))  # fmt: skip
        text.add(*_tags(t, event.tags, others))
    shop_id = about.actor.shop_id
    see = Button(t("⚠️ What changed"), d.ListOrders(shop=shop_id, tab="changed").pack())
    seen = seen_all_button(t, shop_id, about.store.now, event.binding_id)
    return Screen(text.text(), ((see, seen), menu_button(t, shop_id)))


def _silent(about: Telling, event: CardsOutdated) -> None:
    """Nothing is sent: `bot.following` redraws."""


def _tags(t: Translator, tags: Sequence[str], n: int) -> list[str]:
    left = n - len(tags)
    more = t.n("… and {n} more", "… and {n} more", left) if left > 0 else ""
    return [t("{tags}", tags=" ".join(tags)), more]


BATCH_TELLINGS: dict[type[ev.Event], Callable[[Telling, Any], Screen | None]] = {
    ev.OrdersAssigned: _assigned,
    ev.OrdersRecalled: _recalled,
    ev.OrdersDeclined: _declined,
    ev.OrdersChanged: _changed,
    CardsOutdated: _silent,
}
