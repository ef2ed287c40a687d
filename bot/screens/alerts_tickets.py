"""What a factory is told of its e-waybills: numbers the platform would not take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.keyboards.parts import menu_button
from bot.screens.screen import Lines, Screen
from bot.screens.short import bounded
from bot.screens.ticket_words import ticket_why
from bot.screens.words import carrier_name
from core.acting import acting
from core.tickets import ticket_events as told

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.screens.alerts import Telling
    from core import events as ev

NAMED, ROOM = 10, 1500


def _kept(about: Telling, event: told.TicketsKept) -> Screen | None:
    shop_id, t, store = acting(about.store, about.actor).shop_id, about.t, about.store
    tickets = [one for one in store.tickets.by_ids(event.ticket_ids) if one.state == "kept"]
    if not tickets:
        return None  # given back by now
    text = Lines([t.n("⚠️ <b>The platform did not take {n} e-waybill back</b>",
                      "⚠️ <b>The platform did not take {n} e-waybills back</b>",
                      len(tickets))])  # fmt: skip
    lines = [
        t("{tag} {carrier} <code>{number}</code>: {why}",
          tag=store.assignments.of(one.assignment_id).tag, carrier=carrier_name(t, one.carrier),
          number=one.number, why=ticket_why(t, one.why))
        for one in tickets
    ]  # fmt: skip
    text.add(*bounded(t, lines, most=NAMED, room=ROOM))
    text.gap().add(t("The numbers are still open there: destroy their labels, and void "
                     "them on the platform's own page."))  # fmt: skip
    return Screen(text.text(), (menu_button(t, shop_id),))


TICKET_TELLINGS: dict[type[ev.Event], Callable[[Telling, Any], Screen | None]] = {
    told.TicketsKept: _kept,
}
