"""Shipping for a program: as a paste in chat ships, one or many, but a doubt is a refusal."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from core.acting import acting
from core.answers.claimed import refuse_kept
from core.answers.under_way import refusal_of, stopped_under_way
from core.errors import (
    AlreadyShipped,
    AssignmentNotFound,
    CoreError,
    NumberUsed,
    RecipientGone,
)
from core.entities.assignment import OPEN_STATUSES, OVER_STATUSES
from core.orders.looking import Looking
from core.orders.standing import stop_reason
from core.orders.views import FoundOrder
from core.ports import Store
from core.programs.parcels import (
    LeavingGiven,
    ParcelDoubtful,
    ParcelGiven,
    carrier_code,
    read_or_refused,
    refusal_of_lines,
)
from core.shipments.pasted import Entry
from core.shipments.sending import Shipped
from core.shipments.settling import settle
from core.shipments.shipping import HABIT, Question, Shipping
from core.values import Actor, Recipient

MOST: Final = 500  # assignments in one request

Orders = Mapping[int, FoundOrder]
Numbers = Mapping[int, Sequence[str]]


class ProgramShipping:
    """回传单号 and 更正 by a program."""

    def __init__(self, shipping: Shipping, looking: Looking) -> None:
        self._shipping, self._looking = shipping, looking

    def recipient(self, store: Store, actor: Actor, assignment_id: int) -> Recipient:
        """Return a recipient in full: a look, recorded and counted as any other.

        Raises as `Looking.may_look`, and `RecipientGone`.
        """
        self._looking.may_look(store, actor, assignment_id)
        looked = self._looking.look_many(store, actor, [assignment_id], act="looked")
        if not looked.seen:
            raise RecipientGone
        return looked.seen[0][1]

    def ship(self, store: Store, actor: Actor, given: LeavingGiven) -> None:
        """Ship one assignment. Raises what `ship_many` returns, `NumberUsed`, `ParcelKept`.

        The same numbers again are refused: they came with another request.
        """
        acting(store, actor, "factory")
        orders, numbers = _there(store, actor, [given])
        had = numbers.get(given.assignment_id, ())
        [(lines, refused)] = _ship(store, actor, [given], orders, numbers)
        if refused is not None:
            raise refused
        again = [each.number for one in lines if one.state == "again" for each in one.numbers]
        order = orders[given.assignment_id]
        if again and order.status == "shipped":
            raise AlreadyShipped(given.assignment_id, tuple(had))
        if again and order.status in OVER_STATUSES:
            refuse_kept(store, store.assignments.of(given.assignment_id), again)
        if again:
            raise NumberUsed(again[0])

    def ship_many(
        self, store: Store, actor: Actor, given: Sequence[LeavingGiven]
    ) -> list[CoreError | None]:
        """Ship these, set-based; each merchant is told once. Returns why each did not ship.

        An order ships when nothing of it is in doubt; parcels that are there already are done, so
        the same list again finishes what was interrupted. None is done. Refusals are
        `AssignmentNotFound`, `OrderStopped`, `AssignmentEnded`, `AlreadyShipped`,
        `PiecesBeyondLeft`, `ParcelDoubtful`, `CarrierUnknown`, `TooMany`, a `TrackingError`.
        """
        acting(store, actor, "factory")
        orders, numbers = _there(store, actor, given)
        return [refused for _, refused in _ship(store, actor, given, orders, numbers)]

    def correct(self, store: Store, actor: Actor, shipment_id: int, given: ParcelGiven) -> Shipped:
        """Replace a parcel's number. Raises `ParcelDoubtful`, and as `Shipping.correct`."""
        done = self._shipping.correct(store, actor, shipment_id, given.number)
        carrier = carrier_code(given.carrier)
        if isinstance(done, Question) and done.kind == "carrier" and carrier:
            done = self._shipping.choose(store, actor, done.draft_id, 0, carrier)
        while isinstance(done, Question):
            if done.kind == "carrier" or not given.sure:
                candidates = ",".join(done.candidates) if done.kind == "carrier" else ""
                raise ParcelDoubtful(done.kind, done.number, candidates)
            done = self._shipping.insist(store, actor, done.draft_id, done.index)
        return done


def _there(store: Store, actor: Actor, given: Sequence[LeavingGiven]) -> tuple[Orders, Numbers]:
    """Return the factory's orders among these, and the numbers of those that have begun to ship."""
    ids = list(dict.fromkeys(one.assignment_id for one in given))
    orders = {one.assignment_id: one for one in store.assignments.by_ids(actor.shop_id, ids)}
    numbers = defaultdict[int, list[str]](list)
    for parcel in store.shipments.numbers_of(list(orders)):
        numbers[parcel.assignment_id].append(parcel.number)
    return orders, numbers


def _ship(
    store: Store, actor: Actor, given: Sequence[LeavingGiven], orders: Orders, numbers: Numbers
) -> list[tuple[Sequence[Entry], CoreError | None]]:
    habit = store.shipments.habit(actor.shop_id, HABIT)
    read = [read_or_refused(one, habit) for one in given]
    by_order = defaultdict[int, list[Entry]](list)
    for one, lines in zip(given, read, strict=True):
        if one.assignment_id in orders and isinstance(lines, list):
            by_order[one.assignment_id] += lines
    settle(store, actor, [each for lines in by_order.values() for each in lines], orders)
    return [
        (lines, _refusal(store, actor, one, lines, orders, by_order, numbers))
        if isinstance(lines, list) else ((), _over(store, actor, one, orders) or lines)
        for one, lines in zip(given, read, strict=True)
    ]  # fmt: skip


def _refusal(
    store: Store, actor: Actor, given: LeavingGiven, lines: Sequence[Entry], orders: Orders,
    groups: Mapping[int, Sequence[Entry]], numbers: Numbers,
) -> CoreError | None:  # fmt: skip
    one = given.assignment_id
    if one not in orders:
        return AssignmentNotFound()
    found = refusal_of_lines(lines, groups[one], orders[one], numbers[one])
    if found == "over":
        over = _over(store, actor, given, orders)
        return over or AlreadyShipped(one, tuple(numbers[one]))
    return found


def _over(store: Store, actor: Actor, given: LeavingGiven, orders: Orders) -> CoreError | None:
    """Return what speaks against any number of an order, as in chat: before it is read at all."""
    order = orders.get(given.assignment_id)
    if order is None:
        return AssignmentNotFound()
    if order.status in OPEN_STATUSES and stop_reason(order, order.extra) is None:
        return None  # as usual: nothing more to ask
    try:
        reason = stopped_under_way(store, actor, given.assignment_id)
    except CoreError as refused:
        return refused
    if reason is None or given.left_before:
        return None
    return refusal_of(store.assignments.of(given.assignment_id), reason)
