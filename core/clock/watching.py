"""When the clock speaks: reminders before a deadline, silence, changes that nobody has seen.

What is due stands on the assignment (`remind_at`, `silent_at`); `core.clock.timing` tells it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from core.entities import Assignment, Order, Shop
from core.ids import key
from core.orders.standing import deadline, stop_reason
from core.ports import Store

REMINDERS: Final = (24, 6, 1)  # hours before the deadline, unless the shop says otherwise
REMINDER_CHOICES: Final = (48, 24, 12, 6, 3, 1)
SILENT_HOURS: Final = 12
UNSEEN_MINUTES: Final = 30
WAITING: Final = "waiting"  # the clock's look at what no factory has
TOGETHER: Final = 15  # minutes: deadlines are told of at each quarter of an hour


def reminders_of(shop: Shop) -> tuple[int, ...]:
    """Return the hours before a deadline at which a shop is reminded, the longest first.

    A factory of what it has to ship, a merchant of what no factory has yet.
    """
    return REMINDERS if shop.reminders is None else tuple(sorted(shop.reminders, reverse=True))


def told_until(now: datetime) -> datetime:
    """Return up to when deadlines are told of at `now`: the last quarter of an hour.

    Orders are paid for at any second: told of each minute, a hundred would be a hundred messages.
    """
    return now.replace(minute=now.minute - now.minute % TOGETHER, second=0, microsecond=0)


def silent_after(shop: Shop) -> timedelta | None:
    """Return how long a merchant's factory may do nothing with an order; None: they don't ask."""
    hours = SILENT_HOURS if shop.silent_hours is None else shop.silent_hours
    return timedelta(hours=hours) if hours else None


def unseen_after(shop: Shop) -> timedelta:
    """Return how long a merchant's change may go unseen before it is told again."""
    minutes = UNSEEN_MINUTES if shop.unseen_minutes is None else shop.unseen_minutes
    return timedelta(minutes=minutes)


def next_reminder(
    due: datetime, hours: Sequence[int], now: datetime, held_until: datetime | None = None
) -> datetime | None:
    """Return when the factory of an order due at `due` is next told of it; None once that is over.

    At each of `hours` before, and when it is late. While it waits for goods (`held_until`) only
    when it is late: the day itself is told by `core.answers.holding`.
    """
    moments = [due - timedelta(hours=one) for one in (*hours, 0)]
    if held_until is not None:
        moments = [one for one in moments if one > held_until] + [due]
    return min((one for one in moments if one > now), default=None)


def first_reminder(store: Store, due: datetime, hours: Sequence[int]) -> datetime | None:
    """Return when the factory of an order assigned now is first told of its deadline.

    One that passed since the clock last looked at what waits was told to nobody: it is due now.
    """
    moment = next_reminder(due, hours, store.now)
    if moment is None:
        looked = store.clock.looked(WAITING)
        return due if looked is not None and looked < due else None
    return moment


def silent_from(store: Store, merchant_id: int) -> datetime | None:
    """Return when an order assigned now has been left alone for too long."""
    longest = silent_after(store.shops.of(merchant_id))
    return store.now + longest if longest is not None else None


def watch(store: Store, assignment: Assignment) -> None:
    """Set what the clock will say of it, after its status, deadline or `held_until` changed.

    What is due already, and not told yet, stays due.
    """
    if assignment.status not in ("assigned", "recall_asked"):
        assignment.silent_at = None
    if assignment.ended_at is not None:
        assignment.remind_at = None
        return
    waits = assignment.status == "held"
    untold = assignment.remind_at is not None and assignment.remind_at <= store.now
    if untold and (not waits or assignment.sort_at <= store.now):
        return
    hours = reminders_of(store.shops.of(assignment.factory_id))
    held_until = assignment.held_until if waits else None
    assignment.remind_at = next_reminder(assignment.sort_at, hours, store.now, held_until)


def watch_order(store: Store, order: Order) -> None:
    """The order's deadline has changed, or nothing stops it any more: its factories' reminders and
    lists follow.

    What passed while it was stopped was told to nobody: it is due now.
    """
    due = deadline(order)
    live = [one for one in store.assignments.live_of(key(order)) if not one.extra]
    for assignment in live:
        store.assignments.place(assignment, tab="to_ship", sort_at=due)
        assignment.remind_at = None
        watch(store, assignment)
    if live and due <= store.now and stop_reason(order) is None:
        told = store.clock.told_late(key(order))
        if told is None or told < due:
            for assignment in live:
                assignment.remind_at = due
