"""What fell due is told: one message per shop and tick, whatever it holds, each thing once.

A portion is found, marked and owed in one transaction: a kill in the middle doubles nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from core.clock.clock_events import MOST, FellDue
from core.clock.digests import Digests
from core.clock.hearing import too_early
from core.clock.waiting import tell_waiting
from core.clock.watching import next_reminder, reminders_of, told_until, unseen_after
from core.entities import ChangeNotice
from core.ids import key
from core.orders.standing import stop_reason
from core.ports import Store
from core.ports.clock import DueRow

FOUND = (
    "deadlines", "unseen", "late", "silent", "ignored", "unanswered", "waiting", "holds", "stops",
)  # fmt: skip


class _Telling:
    """What each shop is to be told, in the order in which it was found."""

    def __init__(self) -> None:
        self._found: dict[int, dict[str, dict[int, None]]] = defaultdict(lambda: defaultdict(dict))

    def add(self, shop_id: int, what: str, one: int) -> None:
        self._found[shop_id][what][one] = None

    def emit(self, store: Store, digests: Digests) -> None:
        """Owe it; a shop that is told has its late 日报 in the same message."""
        days = digests.overdue_of(store, list(self._found))
        for shop_id, found in self._found.items():
            told = {what: tuple(found.get(what, ()))[:MOST] for what in FOUND}
            store.emit(FellDue(**told, days=days.get(shop_id, ())), to=shop_id)


class Told(NamedTuple):
    """How much of a portion of `limit` was found due, and whether all that is due was."""

    n: int
    all: bool


class Timing:
    """Use cases of the clock. Nobody acts: the door is the tick's."""

    def __init__(self, digests: Digests) -> None:
        self._digests = digests

    def tell_due(self, store: Store, limit: int) -> Told:
        """Find up to `limit` of each kind that fell due, mark it, and owe the news of it."""
        telling = _Telling()
        found = [
            _reminders(store, limit, telling),
            _silent(store, limit, telling),
            _unseen(store, limit, telling),
            _holds(store, limit, telling),
        ]
        waiting = tell_waiting(store, telling.add)
        telling.emit(store, self._digests)
        return Told(sum(found) + waiting, max(found) < limit)


def _reminders(store: Store, limit: int, telling: _Telling) -> int:
    """Deadlines near or past; while its factory waits for goods only when past.

    A stopped order is told of to nobody; its next moment is set all the same, for it may go on.
    """
    due = store.clock.reminders_due(told_until(store.now), limit)
    moments = []
    for row in due:
        hours = reminders_of(store.shops.of(row.factory_id))
        held_until = row.held_until if row.status == "held" else None
        following = next_reminder(row.sort_at, hours, store.now, held_until)
        moments.append((row.id, following if row.ended_at is None else None))
    store.clock.set_reminders(moments)
    live = [row for row in due if row.ended_at is None and stop_reason(row, row.extra) is None]
    late = [row for row in live if (row.remind_at or store.now) <= row.sort_at <= store.now]
    for row in live:
        telling.add(row.factory_id, "deadlines", row.id)
    gone = {row.id for row in late}
    for row in late:
        telling.add(row.merchant_id, "late", row.id)
    store.record_each(None, "reminded", [row.id for row in live if row.id not in gone])
    store.record_each(None, "late", [row.id for row in late])
    return len(due)


def _silent(store: Store, limit: int, telling: _Telling) -> int:
    """What its factory neither accepted nor looked at nor shipped, nor gives back when asked."""
    due = store.clock.silent_due(limit)
    store.clock.end_silence([row.id for row in due], None)
    silent = [row for row in due if is_untouched(row)]
    unanswered = [row for row in due if is_unanswered(row)]
    for row in silent:
        telling.add(row.merchant_id, "silent", row.binding_id)
    for row in unanswered:
        telling.add(row.merchant_id, "unanswered", row.binding_id)
    store.record_each(None, "silent", [row.id for row in silent])
    store.record_each(None, "recall_silent", [row.id for row in unanswered])
    return len(due)


def _unseen(store: Store, limit: int, telling: _Telling) -> int:
    """Changes nobody has seen: told again, then told to the merchant.

    Time runs from when they arrived. What reaches nobody is not repeated: the merchant is told, for
    the factory cannot be reached.
    """
    due = store.notices.due(limit)
    heard = store.notices.heard([key(row) for row in due])
    later = too_early(store, due, heard)
    store.clock.put_off(sorted(later.items()))
    told = [row for row in due if key(row) not in later]
    lost = {one for one, hearing in heard.items() if hearing.at is None}
    again = [row for row in told if row.repeated_at is None and key(row) not in lost]
    over = [row for row in told if row.repeated_at is not None or key(row) in lost]
    for row in again:
        telling.add(row.factory_id, "unseen", row.assignment_id)
    for row in over:
        telling.add(row.merchant_id, "ignored", row.assignment_id)
    stops = _stopping(store, told)
    for shop_id, assignment_id in [
        *((row.factory_id, row.assignment_id) for row in again),
        *((row.merchant_id, row.assignment_id) for row in over),
    ]:
        if assignment_id in stops:
            telling.add(shop_id, "stops", assignment_id)
    store.clock.repeated(
        [(key(row), store.now + unseen_after(store.shops.of(row.merchant_id))) for row in again]
    )
    store.clock.escalated([key(row) for row in over])
    store.record_each(None, "change_repeated", [row.assignment_id for row in again])
    store.record_each(None, "change_escalated", [row.assignment_id for row in over])
    return len(due)


def _stopping(store: Store, notices: Sequence[ChangeNotice]) -> set[int]:
    """Return the assignments of these that must not ship, and have not."""
    rows = store.clock.rows([one.assignment_id for one in notices]) if notices else ()
    return {
        one.id
        for one in rows
        if one.status != "shipped" and stop_reason(one, one.extra) is not None
    }


def _holds(store: Store, limit: int, telling: _Telling) -> int:
    """What waits for goods until today: both sides hear, once.

    It stays held: only the factory knows whether the goods are there.
    """
    due = store.assignments.holds_due(limit)
    store.assignments.hold_told([one.id for one in due])
    waiting = [one for one in due if one.held]
    for one in waiting:
        telling.add(one.factory_id, "holds", one.id)
        telling.add(one.merchant_id, "holds", one.id)
    store.record_each(None, "hold_due", [one.id for one in waiting])
    return len(due)


def is_untouched(row: DueRow) -> bool:
    """Return whether its factory has done nothing with it, and could."""
    alone = row.status == "assigned" and row.looked_at is None
    return alone and stop_reason(row, row.extra) is None


def is_unanswered(row: DueRow) -> bool:
    """Return whether it is asked back, and its factory has not answered; a stop says more."""
    return row.status == "recall_asked" and stop_reason(row, row.extra) is None
