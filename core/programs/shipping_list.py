"""A list of assignments and parcels that a program ships, settled as the lines of a paste are."""

from collections import defaultdict
from collections.abc import Sequence

from core.answers.claimed import refuse_kept
from core.answers.under_way import refusal_of, stopped_under_way
from core.entities.assignment import OPEN_STATUSES, OVER_STATUSES
from core.errors import AlreadyShipped, AssignmentNotFound, CoreError, NumberUsed
from core.orders.standing import stop_reason
from core.ports import Store
from core.programs.parcels import LeavingGiven, read_or_refused, refusal_of_lines
from core.shipments.pasted import Entry
from core.shipments.settling import settle
from core.shipments.shipping import HABIT
from core.values import Actor


class ShippingList:
    """One list in one visit: the orders and numbers that were there before are read once."""

    def __init__(self, store: Store, actor: Actor, given: Sequence[LeavingGiven]) -> None:
        self._store, self._actor, self._given = store, actor, given
        ids = list(dict.fromkeys(one.assignment_id for one in given))
        found = store.assignments.by_ids(actor.shop_id, ids)
        self._orders = {one.assignment_id: one for one in found}
        self._had = defaultdict[int, list[str]](list)
        for parcel in store.shipments.numbers_of(list(self._orders)):
            self._had[parcel.assignment_id].append(parcel.number)
        self._lines = defaultdict[int, list[Entry]](list)

    def ship(self) -> list[CoreError | None]:
        """Ship what is certain; returns why each of the others did not."""
        habit = self._store.shipments.habit(self._actor.shop_id, HABIT)
        read = [read_or_refused(one, habit) for one in self._given]
        for one, lines in zip(self._given, read, strict=True):
            if one.assignment_id in self._orders and not isinstance(lines, CoreError):
                self._lines[one.assignment_id] += lines
        every = [line for lines in self._lines.values() for line in lines]
        settle(self._store, self._actor, every, self._orders)
        return [self._refusal(one, lines) for one, lines in zip(self._given, read, strict=True)]

    def refuse_again(self, assignment_id: int) -> None:
        """Refuse a number that was there before. Raises `AlreadyShipped`, `ParcelKept`,
        `NumberUsed`.
        """
        lines = self._lines[assignment_id]
        again = [each.number for one in lines if one.state == "again" for each in one.numbers]
        if not again:
            return
        status = self._orders[assignment_id].status
        if status == "shipped":
            raise AlreadyShipped(assignment_id, tuple(self._had[assignment_id]))
        if status in OVER_STATUSES:
            refuse_kept(self._store, self._store.assignments.of(assignment_id), again)
        raise NumberUsed(again[0])

    def _refusal(self, given: LeavingGiven, lines: list[Entry] | CoreError) -> CoreError | None:
        one = given.assignment_id
        if one not in self._orders:
            return AssignmentNotFound()
        if isinstance(lines, CoreError):  # what comes first is said first: nobody mends for nothing
            return self._over(given) or lines
        had = self._had[one]
        found = refusal_of_lines(lines, self._lines[one], self._orders[one], had)
        if found == "over":
            return self._over(given) or AlreadyShipped(one, tuple(had))
        return found

    def _over(self, given: LeavingGiven) -> CoreError | None:
        """Return what speaks against any number of the order, as in chat."""
        order = self._orders[given.assignment_id]
        if order.status in OPEN_STATUSES and stop_reason(order, order.extra) is None:
            return None  # it may ship: nothing more to ask
        try:
            reason = stopped_under_way(self._store, self._actor, given.assignment_id)
        except CoreError as refused:
            return refused
        if reason is None or given.left_before:
            return None
        return refusal_of(self._store.assignments.of(given.assignment_id), reason)
