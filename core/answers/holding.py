"""缺货等待: a factory holds an order until the day it hopes to have the goods; both are reminded.

The merchant may agree to wait, or take the order back: nothing of it was shipped.
"""

from datetime import date, datetime, time, timedelta

from core.acting import acting
from core.answers.answer_errors import DayNotAhead, DayTooFar
from core.answers.answer_events import HoldAgreed, HoldOver, OrderHeld
from core.answers.fulfilling import (
    clean_reason,
    live_assignment,
    move_assignment,
    refuse_stopped,
)
from core.clock.watching import watch
from core.entities import Assignment
from core.errors import AssignmentNotFound
from core.ids import key
from core.ports import Store
from core.text.days_ahead import read_day
from core.text.periods import CHINA, china_day
from core.values import Actor

DAYS_LIMIT = 60
REMIND_AT = time(9)  # of the day, China time: nobody is reminded at midnight


class Holding:
    """缺货等待 of the factory, 同意等待 of the merchant; `core.clock.timing` reminds of the day."""

    def hold_days(self, store: Store, actor: Actor, assignment_id: int, days: int) -> Assignment:
        """Hold the order for so many days. Raises as `hold`."""
        return self._hold(store, actor, assignment_id, day_in(store, days), "")

    def hold(self, store: Store, actor: Actor, assignment_id: int, text: str) -> Assignment:
        """Hold the order until the day `text` begins with, for the reason that may follow it.

        Holding again moves the day; the same day again changes nothing and tells nobody.

        Raises `DayUnclear`, `DayNotAhead`, `DayTooFar`, `TextTooLong`, `AlreadyShipped`,
        `AssignmentEnded`, `OrderStopped`, `IllegalMove` when a parcel is out or it is asked back.
        """
        day, why = read_day(text, today(store))
        return self._hold(store, actor, assignment_id, day, why)

    def resume(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """已到货,继续: the order is accepted; the merchant is told, once. Raises as `hold`."""
        assignment = live_assignment(store, actor, assignment_id)
        if assignment.status != "held":
            return assignment
        refuse_stopped(store, assignment)
        move_assignment(store, assignment, "accepted")
        assignment.accepted_at = assignment.accepted_at or store.now
        assignment.hold_due_at = None
        store.record(actor, "hold_over", order_id=assignment.order_id, assignment=assignment_id)
        store.emit(HoldOver(assignment_id), to=assignment.merchant_id)
        return assignment

    def agree(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """同意等待; the factory is told, once. Nothing happens when it waits no longer.

        Raises `AssignmentNotFound`.
        """
        acting(store, actor, "merchant")
        assignment = store.assignments.get(assignment_id)
        if assignment is None or assignment.merchant_id != actor.shop_id:
            raise AssignmentNotFound
        if assignment.status != "held" or assignment.held_agreed_at is not None:
            return assignment
        assignment.held_agreed_at = store.now
        store.record(actor, "hold_agreed", order_id=assignment.order_id, assignment=assignment_id)
        store.emit(HoldAgreed(assignment_id), to=assignment.factory_id)
        return assignment

    def _hold(
        self, store: Store, actor: Actor, assignment_id: int, day: date, why: str
    ) -> Assignment:
        assignment = live_assignment(store, actor, assignment_id)
        until, due, reason = hold_terms(store, day, why)
        known = assignment.held_until, assignment.held_reason
        if assignment.status == "held" and known == (until, reason):
            return assignment
        refuse_stopped(store, assignment)
        move_assignment(store, assignment, "held")
        assignment.held_until, assignment.held_reason = until, reason
        assignment.hold_due_at = due
        assignment.held_agreed_at = None
        watch(store, assignment)
        store.record(
            actor, "goods_awaited", order_id=assignment.order_id, assignment=assignment_id,
            until=day.isoformat(), reason=reason,
        )  # fmt: skip
        store.emit(OrderHeld(key(assignment)), to=assignment.merchant_id)
        return assignment


def today(store: Store) -> date:
    """Return the day it is, in China."""
    return china_day(store.now)


def day_in(store: Store, days: int) -> date:
    """Return the day so many days from now. Raises `DayTooFar`."""
    if not 0 <= days <= DAYS_LIMIT:
        raise DayTooFar(DAYS_LIMIT)
    return today(store) + timedelta(days=days)


def hold_terms(store: Store, day: date, why: str) -> tuple[datetime, datetime, str]:
    """Return the start of that day, when both sides are reminded of it, and the reason as kept.

    Raises `DayNotAhead`, `DayTooFar`, `TextTooLong`.
    """
    reason = clean_reason(why) if why else ""
    ahead = (day - today(store)).days
    if ahead < 1:
        raise DayNotAhead
    if ahead > DAYS_LIMIT:
        raise DayTooFar(DAYS_LIMIT)
    until, due = (datetime.combine(day, at, CHINA) for at in (time.min, REMIND_AT))
    return until, due, reason
