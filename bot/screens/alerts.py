"""The text of every alert: rendered when it is sent, from what then stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.keyboards.data import ListOrders
from bot.keyboards.parts import menu_button
from bot.screens.alerts_answers import ANSWER_TELLINGS
from bot.screens.alerts_batches import BATCH_TELLINGS
from bot.screens.alerts_changes import CHANGE_TELLINGS
from bot.screens.alerts_clock import CLOCK_TELLINGS
from bot.screens.alerts_people import PEOPLE_TELLINGS
from bot.screens.alerts_platforms import PLATFORM_TELLINGS
from bot.screens.alerts_programs import PROGRAM_TELLINGS
from bot.screens.alerts_stops import STOP_TELLINGS
from bot.screens.alerts_tickets import TICKET_TELLINGS
from bot.screens.assignments import assignment_card
from bot.screens.bindings import binding_card
from bot.screens.changes import overlooked_told
from bot.screens.days import digest_screen
from bot.screens.orders import order_card
from bot.screens.screen import Button, Lines, Screen
from bot.screens.short import bounded, cut, listed, tail
from bot.screens.words import carrier_name, decline_words, extra_name
from bot.texts import Translator, translator
from core import events as ev
from core.entities import Alert
from core.errors import NotFound
from core.ids import key
from core.orders.views import AssignmentCard, BindingView
from core.ports import Store
from core.services import Services
from core.values import Actor

NUMBERS = 3  # parcels named in a headline; the card below has them all
REASON = 100


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything one alert's text is made from: in whose language, for which shop, what stands."""

    services: Services
    store: Store
    actor: Actor
    t: Translator

    def binding(self, binding_id: int) -> BindingView:
        """Return the binding as this side sees it. Raises `NotFound`."""
        return self.services.bindings.view(self.store, self.actor, binding_id)

    def assignment(self, assignment_id: int) -> AssignmentCard:
        """Return the factory's card. Raises `NotFound`."""
        return self.services.listing.assignment(self.store, self.actor, assignment_id)

    def card(self, card: AssignmentCard) -> Screen:
        """Show the factory's card."""
        return assignment_card(self.t, card, self.store.now)

    def order(self, assignment_id: int) -> tuple[Screen, str]:
        """Return the merchant's card of an assigned order, and what I call the factory."""
        given = self.store.assignments.of(assignment_id)
        card = self.services.listing.order(self.store, self.actor, given.order_id)
        factory = self.binding(given.binding_id).other_name
        return order_card(self.t, card, self.store.now), factory


def alert_screen(services: Services, default_lang: str) -> Callable[[Store, Alert], Screen | None]:
    """Return the courier's `render`. It gives None when there is nothing to say any more.

    That is so when the account has left the shop, or the thing is gone. Raises `KeyError` for an
    event this version does not know.
    """

    def render(store: Store, alert: Alert) -> Screen | None:
        account = store.accounts.get(alert.account_id)
        t = translator(account.lang if account and account.lang else default_lang)
        event = ev.revive(alert.event, alert.payload)
        telling = Telling(services, store, Actor(alert.account_id, alert.shop_id), t)
        try:
            return TELLINGS[type(event)](telling, event)
        except NotFound:
            return None

    return render


def _requested(about: Telling, event: ev.BindingRequested) -> Screen:
    return binding_card(about.t, about.binding(event.binding_id))


def _confirmed(about: Telling, event: ev.BindingConfirmed) -> Screen:
    view, t = about.binding(event.binding_id), about.t
    line = t("🎉 {name} has confirmed the binding. /assign hands orders to it.",
             name=view.other_name)  # fmt: skip
    return binding_card(t, view).under(line)


def _refused(about: Telling, event: ev.BindingRefused) -> Screen:
    view, t = about.binding(event.binding_id), about.t
    line = t("{name} has refused the binding. Talk to them before you ask again.",
             name=view.other_name)  # fmt: skip
    return binding_card(t, view).under(line)


def _withdrawn(about: Telling, event: ev.BindingWithdrawn) -> Screen:
    view, t = about.binding(event.binding_id), about.t
    line = t("{name} has withdrawn the request. There is nothing to do.", name=view.other_name)
    return binding_card(t, view).under(line)


def _expired(about: Telling, event: ev.BindingExpired) -> Screen:
    view, t = about.binding(event.binding_id), about.t
    if view.mine.role == "merchant":
        line = t("{name} has not answered in time. Ask again with /bind.", name=view.other_name)
    else:
        line = t("You have not answered {name} in time. They may ask again.", name=view.other_name)
    return binding_card(t, view).under(line)


def _ended(about: Telling, event: ev.BindingEnded) -> Screen:
    view, t = about.binding(event.binding_id), about.t
    text = Lines([t("🔓 <b>{name} has ended the binding</b>", name=view.other_name)])
    if event.taken_back and view.mine.role == "merchant":
        text.add(t.n("{n} unshipped order came back: it waits to be assigned again.",
                     "{n} unshipped orders came back: they wait to be assigned again.",
                     event.taken_back))  # fmt: skip
    elif event.taken_back:
        text.add(t.n("⛔ {n} unshipped order was taken back. <b>Do not ship it.</b>",
                     "⛔ {n} unshipped orders were taken back. <b>Do not ship them.</b>",
                     event.taken_back))  # fmt: skip
        text.add(t("{tags}", tags=" ".join(event.tags)))
    if event.left:
        text.add(t.n("{n} order goes on until it is shipped.",
                     "{n} orders go on until they are shipped.", event.left))  # fmt: skip
    return binding_card(t, view).under(text.text())


def _assigned(about: Telling, event: ev.OrderAssigned) -> Screen | None:
    card = about.assignment(event.assignment_id)
    if card.assignment.status in ("cancelled", "recalled"):
        return None  # a stop overtook it, in quiet hours say, and says all
    screen = about.card(card)
    return screen if card.assignment.ended_at else screen.under(about.t("🆕 <b>New order</b>"))


def _recalled(about: Telling, event: ev.OrderRecalled) -> Screen:
    card, t = about.assignment(event.assignment_id), about.t
    tag = card.assignment.tag
    line = t("⛔ <b>{tag} was taken back by the merchant. Do not ship it.</b>", tag=tag)
    return about.card(card).under(line)


def _some_taken_back(about: Telling, event: ev.PiecesTakenBack) -> Screen:
    card, t = about.assignment(event.assignment_id), about.t
    line = t("✂️ <b>{tag}: some pieces go elsewhere.</b> Ship only what this card says.",
             tag=card.assignment.tag)  # fmt: skip
    return about.card(card).under(line)


def _declined(about: Telling, event: ev.OrderDeclined) -> Screen:
    screen, factory = about.order(event.assignment_id)
    given, t = about.store.assignments.of(event.assignment_id), about.t
    reason = cut(decline_words(t, given.decline_reason), REASON)
    if given.extra:
        kind = extra_name(t, given.extra)
        line = t("❌ <b>{factory} declined: {kind}</b>: {reason}", factory=factory, kind=kind,
                 reason=reason)  # fmt: skip
    else:
        line = t("❌ <b>{factory} declined an order</b>: {reason}", factory=factory,
                 reason=reason)  # fmt: skip
    return screen.under(line)


def _shipped(about: Telling, event: ev.OrderShipped) -> Screen:
    screen, factory = about.order(event.assignment_id)
    parcels = [about.store.shipments.get(one) for one in event.shipment_ids]
    numbers = [
        f"{carrier_name(about.t, one.carrier)} {one.tracking_number}" for one in parcels if one
    ]
    given, t = about.store.assignments.of(event.assignment_id), about.t
    shown = listed(t, numbers, NUMBERS)
    if given.extra:
        line = t("🚚 <b>{factory} has shipped: {kind}</b>: {numbers}", factory=factory,
                 kind=extra_name(t, given.extra), numbers=shown)  # fmt: skip
    else:
        line = t("🚚 <b>{factory} has shipped</b>: {numbers}", factory=factory, numbers=shown)
    told = Lines([line])
    if event.overlooked:
        told.add(overlooked_told(t, event.overlooked))
    return screen.under(told.text())


def _shipped_many(about: Telling, event: ev.OrdersShipped) -> Screen:
    given = [about.store.assignments.of(one) for one in event.assignment_ids]
    t, factory = about.t, about.binding(given[0].binding_id).other_name
    lines = []
    for place, one in enumerate(given):
        parcels = about.store.shipments.of_assignment(key(one))
        numbers = [f"{carrier_name(t, p.carrier)} {p.tracking_number}" for p in parcels]
        order_no = about.store.orders.of(one.order_id).order_no
        line = t("{order} · {numbers}", order=tail(order_no),
                 numbers=listed(t, numbers, NUMBERS))  # fmt: skip
        line = t("{line} · part of it", line=line) if one.status == "part_shipped" else line
        if place < event.overlooked:
            old = place < event.old
            line = (t("⚠️⚠️ {line} · new recipient not confirmed", line=line) if old
                    else t("⚠️ {line} · change not confirmed", line=line))  # fmt: skip
        lines.append(line)
    text = Lines([t("🚚 <b>{factory} has shipped {n} orders</b>", factory=factory, n=event.orders)])
    if event.overlooked:
        text.add(t.n("⚠️ {n} of them without confirming its change: ask the factory whether the "
                     "parcel is right.",
                     "⚠️ {n} of them without confirming their changes: ask the factory whether the "
                     "parcels are right.", event.overlooked))  # fmt: skip
    text.add(*bounded(t, lines, most=len(lines), room=3000))
    if event.orders > len(lines):
        text.add(t.n("… and {n} more", "… and {n} more", event.orders - len(lines)))
    shop_id = about.actor.shop_id
    see = Button(t("See shipped orders"), ListOrders(shop=shop_id, tab="shipped").pack())
    return Screen(text.text(), ((see,), menu_button(t, shop_id)))


def _corrected(about: Telling, event: ev.ShipmentCorrected) -> Screen | None:
    parcel, t = about.store.shipments.get(event.shipment_id), about.t
    if parcel is None:
        return None
    screen, factory = about.order(parcel.assignment_id)
    text = Lines([t("✏️ <b>{factory} has corrected a tracking number</b>", factory=factory)])
    text.add(
        t("{old_carrier} {old} → {carrier} {number}",
          old_carrier=carrier_name(t, event.old_carrier), old=event.old_number,
          carrier=carrier_name(t, parcel.carrier), number=parcel.tracking_number)
    )  # fmt: skip
    return screen.under(text.text())


def _unreachable(about: Telling, event: ev.ShopUnreachable) -> Screen | None:
    if about.store.alerts.any_reachable(event.shop_id):
        return None  # back already
    mine, bindings = about.actor.shop_id, about.store.bindings
    found = bindings.live(mine, event.shop_id) or bindings.live(event.shop_id, mine)
    me = about.services.shops.profile(about.store, about.actor).shop
    view, t = about.binding(key(found)) if found else None, about.t
    name = view.other_name if view else about.store.shops.of(event.shop_id).name
    text = Lines([t("📵 <b>{name} gets no messages from me any more</b>", name=name)])
    text.add(t("They have not opened me yet, or have blocked me. Call them, and ask them to open "
               "the bot and press Start: everything they missed then goes out."))  # fmt: skip
    if view is None:  # unbound since, with orders still going on
        return Screen(text.text(), (menu_button(t, key(me)),))
    return binding_card(t, view).under(text.text())


def _day_told(about: Telling, event: ev.DayTold) -> Screen | None:
    day = date.fromisoformat(event.day)
    told = about.services.digests.told(about.store, about.actor, day, event.missed)
    return digest_screen(about.t, about.actor.shop_id, told) if told else None


Tell = Callable[[Telling, Any], Screen | None]

# One entry per event of `core.events`; a test demands that none is missing.
TELLINGS: dict[type[ev.Event], Tell] = {
    ev.BindingRequested: _requested,
    ev.BindingConfirmed: _confirmed,
    ev.BindingRefused: _refused,
    ev.BindingWithdrawn: _withdrawn,
    ev.BindingExpired: _expired,
    ev.BindingEnded: _ended,
    ev.OrderAssigned: _assigned,
    ev.OrderRecalled: _recalled,
    ev.PiecesTakenBack: _some_taken_back,
    ev.OrderDeclined: _declined,
    ev.OrderShipped: _shipped,
    ev.OrdersShipped: _shipped_many,
    ev.ShipmentCorrected: _corrected,
    ev.DayTold: _day_told,
    ev.ShopUnreachable: _unreachable,
    **CHANGE_TELLINGS,
    **PEOPLE_TELLINGS,
    **BATCH_TELLINGS,
    **STOP_TELLINGS,
    **CLOCK_TELLINGS,
    **ANSWER_TELLINGS,
    **PLATFORM_TELLINGS,
    **TICKET_TELLINGS,
    **PROGRAM_TELLINGS,
}
