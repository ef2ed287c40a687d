"""待分配 near its deadline: orders no factory has yet are their merchant's to be reminded of.

An order needs no due time for that: it stands in the list by its deadline, and the clock keeps when
it last looked. What passed 24, 6 or 1 hours before, or the deadline itself, since then is told.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from core.clock.clock_events import MOST, FellDue
from core.clock.watching import REMINDER_CHOICES, WAITING, reminders_of, told_until
from core.ports import Store


def tell_waiting(store: Store, add: Callable[[int, str, int], None]) -> int:
    """Find whose unassigned orders came nearer to their deadline since the last look.

    Each merchant by their own hours. Returns how many are told; what is told is what stands then.
    """
    now = told_until(store.now)
    since = store.clock.look(WAITING, now)
    if since is None or since >= now:
        return 0
    told = 0
    for hours in (*REMINDER_CHOICES, 0):
        left = timedelta(hours=hours)
        near = store.clock.waiting(since + left, now + left)
        those = {
            merchant_id: order_id
            for merchant_id, order_id in near
            if not hours or hours in reminders_of(store.shops.of(merchant_id))
        }
        for merchant_id, order_id in those.items():
            add(merchant_id, "waiting", order_id)
        store.clock.record_waiting(since + left, now + left, list(those))
        told += len(those)
    return told


def tell_waiting_late(store: Store, merchant_id: int, order_ids: Sequence[int]) -> None:
    """Tell of those that went on, or whose deadline moved, when that has passed already."""
    late = store.clock.waiting_late(order_ids)
    if late:
        store.clock.record_these_waiting(late)
        store.emit(FellDue(waiting=tuple(late[:MOST])), to=merchant_id)
