"""Alerts of the clock: what fell due, and 催一下."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.screens.due import due_screen, nudged_screen
from bot.screens.due_asked import asked_again
from core.clock import clock_events as ev

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.screens.alerts import Telling
    from bot.screens.screen import Screen


def _fell_due(about: Telling, event: ev.FellDue) -> Screen | None:
    due = about.services.due.standing(about.store, about.actor, event)
    if not due:
        return None
    held = [row for group in due.holds for row in group.rows]
    if len(held) == 1 and not due.beside_holds:
        return _goods_hoped_for(about, held[0].id, mine=due.mine)
    return due_screen(about.t, about.actor.shop_id, due)


def _goods_hoped_for(about: Telling, assignment_id: int, *, mine: bool) -> Screen:
    """Tell of a single order whose day has come, on its card."""
    t = about.t
    if mine:
        card = about.assignment(assignment_id)
        line = t("⏰ <b>{tag}: today you hoped to have the goods.</b> Here? Go on, or ship it at "
                 "once; if not, name another day.", tag=card.assignment.tag)  # fmt: skip
        return about.card(card).under(line)
    screen, factory = about.order(assignment_id)
    return screen.under(t("⏰ <b>{factory} hoped to have the goods today</b>", factory=factory))


def _nudged(about: Telling, event: ev.FactoryNudged) -> Screen | None:
    rows = about.services.due.nudged(about.store, about.actor, event)
    if not rows:
        return None
    merchant = about.binding(event.binding_id).other_name
    return nudged_screen(about.t, about.actor.shop_id, merchant, rows)


def _asked_again(about: Telling, event: ev.RecallNudged) -> Screen | None:
    rows = about.services.asked_back.still_asked(about.store, about.actor, event)
    if not rows:
        return None
    merchant = about.binding(event.binding_id).other_name
    return asked_again(about.t, about.actor.shop_id, merchant, rows)


CLOCK_TELLINGS: dict[Any, Callable[[Telling, Any], Screen | None]] = {
    ev.FellDue: _fell_due,
    ev.FactoryNudged: _nudged,
    ev.RecallNudged: _asked_again,
}
