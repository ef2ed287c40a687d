"""Alerts of what the two sides of an order answer each other."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.batches import recall_answers
from bot.screens.holding import held_words
from bot.screens.kept import present_question
from bot.screens.notes import said
from bot.screens.screen import Button, Lines, Screen
from bot.screens.short import listed, tail
from core.answers import answer_events as ev
from core.answers.fulfilling import REASON_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.screens.alerts import Telling
    from bot.texts import Translator
    from core.events import Event


def _held(about: Telling, event: ev.OrderHeld) -> Screen:
    screen, factory = about.order(event.assignment_id)
    given, t = about.store.assignments.of(event.assignment_id), about.t
    if given.status != "held":
        return screen
    text = Lines([t("⏳ <b>{factory} is out of stock</b>", factory=factory)])
    return screen.under(text.add(held_words(t, given)).text())


def _many_held(about: Telling, event: ev.OrdersHeld) -> Screen:
    view, t, shop_id = about.binding(event.binding_id), about.t, about.actor.shop_id
    day = date.fromisoformat(event.until).strftime("%m-%d")
    text = Lines([
        t.n("⏳ <b>{factory}: {n} order waits for goods until {day}</b>",
            "⏳ <b>{factory}: {n} orders wait for goods until {day}</b>",
            event.count, factory=view.other_name, day=day)
    ])  # fmt: skip
    text.add(t("Why: {reason}", reason=said(t, event.reason, REASON_LIMIT)) if event.reason else "")
    text.add(_named(t, [tail(one) for one in event.order_nos], event.count))
    text.add(t("Nothing to do if you wait; to give one to another factory, open it."))
    return Screen(text.text(), _to_ship(t, shop_id))


def _hold_agreed(about: Telling, event: ev.HoldAgreed) -> Screen:
    card, t = about.assignment(event.assignment_id), about.t
    tag = card.assignment.tag
    line = t("👌 <b>{tag}: the merchant agrees to wait.</b>", tag=tag)
    return about.card(card).under(line)


def _hold_over(about: Telling, event: ev.HoldOver) -> Screen:
    screen, factory = about.order(event.assignment_id)
    return screen.under(about.t("✅ <b>{factory} has the goods and goes on</b>", factory=factory))


def _holds_over(about: Telling, event: ev.HoldsOver) -> Screen:
    view, t = about.binding(event.binding_id), about.t
    text = Lines([
        t.n("✅ <b>{factory} has the goods for {n} order and goes on</b>",
            "✅ <b>{factory} has the goods for {n} orders and goes on</b>",
            event.count, factory=view.other_name)
    ])  # fmt: skip
    text.add(_named(t, [tail(one) for one in event.order_nos], event.count))
    return Screen(text.text(), _to_ship(t, about.actor.shop_id))


def _recall_asked(about: Telling, event: ev.RecallAsked) -> Screen:
    card, t = about.assignment(event.assignment_id), about.t
    if card.assignment.status != "recall_asked":
        return about.card(card)
    line = t("↩️ <b>{tag}: the merchant asks for it back</b>", tag=card.assignment.tag)
    return about.card(card).under(line)


def _recalls_asked(about: Telling, event: ev.RecallsAsked) -> Screen:
    view, t, shop_id = about.binding(event.binding_id), about.t, about.actor.shop_id
    text = Lines([
        t.n("↩️ <b>{name} asks for {n} order back</b>", "↩️ <b>{name} asks for {n} orders back</b>",
            event.count, name=view.other_name)
    ])  # fmt: skip
    text.add(_named(t, event.tags, event.count))
    text.add(t("Do not pack them yet. What is packed may still be shipped from its card."))
    place = {"shop": shop_id, "draft": event.draft_id}
    answers = recall_answers(t, shop_id, event.draft_id, event.count)
    batch = Button(t("📋 Its orders"), d.ListGiven(**place).pack())
    return Screen(text.text(), (answers, (batch,), menu_button(t, shop_id)))


def _recall_unasked(about: Telling, event: ev.RecallUnasked) -> Screen:
    card, t = about.assignment(event.assignment_id), about.t
    line = t("▶️ <b>{tag}: the merchant does not ask for it back any more. Go on.</b>",
             tag=card.assignment.tag)  # fmt: skip
    return about.card(card) if card.assignment.ended_at else about.card(card).under(line)


def _recalls_unasked(about: Telling, event: ev.RecallsUnasked) -> Screen:
    view, t, shop_id = about.binding(event.binding_id), about.t, about.actor.shop_id
    text = Lines([
        t.n("▶️ <b>{name} does not ask for {n} order back any more. Go on with it.</b>",
            "▶️ <b>{name} does not ask for {n} orders back any more. Go on with them.</b>",
            event.count, name=view.other_name)
    ])  # fmt: skip
    text.add(_named(t, event.tags, event.count))
    batch = d.ShowBatch(shop=shop_id, draft=event.draft_id).pack()
    return Screen(text.text(), ((Button(t("🗂 Its batch"), batch),), menu_button(t, shop_id)))


def _recall_answered(about: Telling, event: ev.RecallAnswered) -> Screen:
    (screen, factory), t = about.order(event.assignment_id), about.t
    if event.agreed:
        return screen.under(t("↩️ <b>{factory} has given the order back</b>", factory=factory))
    line = t("📦 <b>{factory} has packed it and keeps it</b>: it will be shipped.",
             factory=factory)  # fmt: skip
    return screen.under(line)


def _recalls_answered(about: Telling, event: ev.RecallsAnswered) -> Screen:
    view, t, shop_id = about.binding(event.binding_id), about.t, about.actor.shop_id
    name, numbers = view.other_name, [tail(one) for one in event.order_nos]
    if event.agreed:
        text = Lines([
            t.n("↩️ <b>{factory} has given {n} order back</b>",
                "↩️ <b>{factory} has given {n} orders back</b>", event.count, factory=name)
        ])  # fmt: skip
    else:
        text = Lines([
            t.n("📦 <b>{factory} has packed {n} order and keeps it</b>",
                "📦 <b>{factory} has packed {n} orders and keeps them</b>",
                event.count, factory=name)
        ])  # fmt: skip
    text.add(_named(t, numbers, event.count))
    rows = _to_ship(t, shop_id)
    if event.agreed:
        rows = (reassign_row(t, shop_id, event.draft_id), menu_button(t, shop_id))
    return Screen(text.text(), rows)


def _changes_seen(about: Telling, event: ev.ChangesAcknowledged) -> Screen:
    view, t = about.binding(event.binding_id), about.t
    text = Lines([
        t.n("👌 <b>{factory} has seen the change of {n} order</b>",
            "👌 <b>{factory} has seen the changes of {n} orders</b>",
            event.count, factory=view.other_name)
    ])  # fmt: skip
    text.add(_named(t, [tail(one) for one in event.order_nos], event.count))
    return Screen(text.text(), _to_ship(t, about.actor.shop_id))


def _asked(about: Telling, event: ev.QuestionAsked) -> Screen:
    return present_question(about.t, about.services, about.store, about.actor, event.question_id)


def _answered(about: Telling, event: ev.QuestionAnswered) -> Screen:
    screen = present_question(about.t, about.services, about.store, about.actor, event.question_id)
    return screen.under(about.t("💬 <b>Your question was answered</b>"))


def reassign_row(t: Translator, shop_id: int, draft_id: int) -> tuple[Button, ...]:
    """Return the ways on with what came back of many: another factory at once, or the list."""
    rest = Button(t("Still to assign"), d.ListOrders(shop=shop_id, tab="unassigned").pack())
    if not draft_id:
        return (rest,)
    return (Button(t("🔁 Reassign"), d.Reassign(shop=shop_id, draft=draft_id).pack()), rest)


def _named(t: Translator, names: Sequence[str], n: int) -> str:
    shown, left = listed(t, names, len(names)), n - len(names)
    return t("{texts} and {n} more", texts=shown, n=left) if left > 0 else shown


def _to_ship(t: Translator, shop_id: int) -> tuple[tuple[Button, ...], ...]:
    to_ship = Button(t("📋 To ship"), d.ListOrders(shop=shop_id, tab="to_ship").pack())
    return ((to_ship,), menu_button(t, shop_id))


ANSWER_TELLINGS: dict[type[Event], Callable[[Telling, Any], Screen | None]] = {
    ev.OrderHeld: _held,
    ev.OrdersHeld: _many_held,
    ev.HoldAgreed: _hold_agreed,
    ev.HoldOver: _hold_over,
    ev.HoldsOver: _holds_over,
    ev.RecallAsked: _recall_asked,
    ev.RecallsAsked: _recalls_asked,
    ev.RecallUnasked: _recall_unasked,
    ev.RecallsUnasked: _recalls_unasked,
    ev.RecallAnswered: _recall_answered,
    ev.RecallsAnswered: _recalls_answered,
    ev.ChangesAcknowledged: _changes_seen,
    ev.QuestionAsked: _asked,
    ev.QuestionAnswered: _answered,
}
