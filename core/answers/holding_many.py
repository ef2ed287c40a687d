"""缺货等待 of many at once, and its end 已到货，继续: each merchant is told once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from core.answers.answer_events import HoldOver, HoldsOver, OrderHeld, OrdersHeld
from core.answers.fulfilling import Answering, Some, clean_reason
from core.answers.holding import hold_terms
from core.assignments.batch_views import Answerable
from core.clock.watching import next_reminder, reminders_of
from core.entities import BATCH_FROM
from core.entities.assignment import ASSIGNMENT_MOVES, OPEN_STATUSES
from core.events import NUMBERS_NAMED
from core.orders.standing import stop_reason
from core.ports import Store
from core.values import Actor


def can_wait(one: Answerable) -> bool:
    """Return whether an order can wait for goods, or wait for another day."""
    waits = one.status == "held" or "held" in ASSIGNMENT_MOVES[one.status]
    return waits and stop_reason(one, one.extra) is None


def waiting(day: date, why: str) -> Answering:
    """Hold those of which nothing is in a parcel, not stopped and not asked back, until `day`.

    Those that wait until that day for that reason already stay as they are; nobody is told of them.
    Doing it raises `DayNotAhead`, `DayTooFar`; this, `TextTooLong`.
    """
    said = clean_reason(why) if why else ""
    return Answering(partial(_hold_some, day=day, why=said), partial(_tell, day=day, reason=said))


def _hold_some(
    store: Store, actor: Actor, assignment_ids: Sequence[int], day: date, why: str
) -> Some:
    until, due, reason = hold_terms(store, day, why)
    fit: list[Answerable] = []
    skipped: dict[str, list[str]] = defaultdict(list)
    already = 0
    for one in store.assignments.answerable(actor.shop_id, assignment_ids):
        if not can_wait(one):
            skipped[_why_not(one)].append(one.tag)
        elif one.status == "held" and (one.held_until, one.held_reason) == (until, reason):
            already += 1
        else:
            fit.append(one)
    hours = reminders_of(store.shops.of(actor.shop_id))
    store.assignments.hold_many([one.id for one in fit], until, due, reason)
    _remind(store, fit, hours, until)
    said = {"until": day.isoformat(), "reason": reason}
    rows = [{"order_id": one.order_id, "assignment": one.id, **said} for one in fit]
    store.record_all(actor, "goods_awaited", rows)
    return Some(fit, already, skipped)


def going_on() -> Answering:
    """Go on with those that wait for goods and are not stopped: accepted, as one by one.

    What does not wait is no matter of this press: what goes on already is counted, the rest named.
    """
    return Answering(_resume_some, _tell_over)


def _resume_some(store: Store, actor: Actor, assignment_ids: Sequence[int]) -> Some:
    fit: list[Answerable] = []
    skipped: dict[str, list[str]] = defaultdict(list)
    already = 0
    for one in store.assignments.answerable(actor.shop_id, assignment_ids):
        stopped = stop_reason(one, one.extra)
        if one.status == "held" and stopped is None:
            fit.append(one)
        elif one.status == "held":
            skipped[str(stopped)].append(one.tag)
        elif one.status in OPEN_STATUSES:
            already += 1
        else:
            skipped[one.status].append(one.tag)
    hours = reminders_of(store.shops.of(actor.shop_id))
    store.assignments.resume_many([one.id for one in fit])
    _remind(store, fit, hours)
    rows = [{"order_id": one.order_id, "assignment": one.id} for one in fit]
    store.record_all(actor, "hold_over", rows)
    return Some(fit, already, skipped)


def _remind(
    store: Store, fit: Sequence[Answerable], hours: Sequence[int], until: datetime | None = None
) -> None:
    """Set when they are next reminded of; what is past its deadline is, or was, told as it is."""
    coming = [one for one in fit if one.sort_at > store.now]
    moments = {
        at: next_reminder(at, hours, store.now, until) for at in {one.sort_at for one in coming}
    }
    store.clock.set_reminders([(one.id, moments[one.sort_at]) for one in coming])


def _why_not(one: Answerable) -> str:
    moves = "held" in ASSIGNMENT_MOVES[one.status] or one.status == "held"
    return str(stop_reason(one, one.extra)) if moves else one.status


def _by_binding(answered: Sequence[Answerable]) -> dict[tuple[int, int], list[Answerable]]:
    by_binding: dict[tuple[int, int], list[Answerable]] = defaultdict(list)
    for one in answered:
        by_binding[one.merchant_id, one.binding_id].append(one)
    return by_binding


def _tell_over(store: Store, going: Sequence[Answerable]) -> None:
    for (merchant_id, binding_id), told in _by_binding(going).items():
        if len(told) < BATCH_FROM:
            store.emit_all([HoldOver(one.id) for one in told], to=merchant_id)
            continue
        numbers = tuple(one.order_no for one in told[:NUMBERS_NAMED])
        store.emit(HoldsOver(binding_id, len(told), numbers), to=merchant_id)


def _tell(store: Store, held: Sequence[Answerable], day: date, reason: str) -> None:
    for (merchant_id, binding_id), told in _by_binding(held).items():
        if len(told) < BATCH_FROM:
            store.emit_all([OrderHeld(one.id) for one in told], to=merchant_id)
            continue
        numbers = tuple(one.order_no for one in told[:NUMBERS_NAMED])
        event = OrdersHeld(binding_id, len(told), day.isoformat(), reason, numbers)
        store.emit(event, to=merchant_id)
