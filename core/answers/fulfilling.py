"""The factory's answers to an assignment short of shipping: accept, decline, acknowledge."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from core.acting import acting
from core.answers.answer_errors import ReasonIsNumber
from core.assignments.batch_views import Answerable
from core.assignments.reassigning import keep_for_reassigning
from core.clock.watching import watch
from core.entities import BATCH_FROM, Assignment, AssignmentStatus
from core.entities.assignment import ASSIGNMENT_MOVES, OPEN_STATUSES
from core.errors import AlreadyShipped, AssignmentEnded, AssignmentNotFound, OrderStopped
from core.events import NUMBERS_NAMED, ChangeAcknowledged, OrderDeclined, OrdersDeclined
from core.ids import key
from core.moves import check_move
from core.orders.placing import place_order
from core.orders.shown import outdate_cards
from core.orders.standing import FACTORY_TAB, deadline, stop_reason
from core.people.shops import clean_name
from core.ports import Store
from core.text.free_text import as_shown
from core.text.plainly import plainly_numbers
from core.values import Actor

REASON_LIMIT = 60
DECLINE_REASONS = ("out_of_stock", "discontinued", "unreachable_address", "price")


def own_assignment(store: Store, actor: Actor, assignment_id: int) -> Assignment:
    """Return the factory's own assignment. Raises `AssignmentNotFound`, `WrongRole`."""
    acting(store, actor, "factory")
    assignment = store.assignments.get(assignment_id)
    if assignment is None or assignment.factory_id != actor.shop_id:
        raise AssignmentNotFound
    return assignment


def live_assignment(store: Store, actor: Actor, assignment_id: int) -> Assignment:
    """Return it while work on it is open. Raises `AlreadyShipped`, `AssignmentEnded`."""
    assignment = own_assignment(store, actor, assignment_id)
    refuse_ended(store, assignment)
    return assignment


def refuse_ended(store: Store, assignment: Assignment) -> None:
    """Raise `AlreadyShipped` or `AssignmentEnded` when no work on it is open any more."""
    if assignment.status == "shipped":
        parcels = store.shipments.of_assignment(key(assignment))
        raise AlreadyShipped(key(assignment), tuple(one.tracking_number for one in parcels))
    if assignment.ended_at is not None:
        raise AssignmentEnded(assignment.status)


def refuse_stopped(store: Store, assignment: Assignment) -> None:
    """Raise `OrderStopped` when the order was cancelled, or a refund is open."""
    order = store.orders.of(assignment.order_id)
    stopped = stop_reason(order, assignment.extra)
    if stopped is not None:
        raise OrderStopped(stopped)


def move_assignment(store: Store, assignment: Assignment, status: AssignmentStatus) -> None:
    """Move an assignment, and with it its tab and its order. Raises `IllegalMove`.

    The one place where an assignment's status changes singly (batches: `AssignmentPort`).
    """
    if assignment.status == status:
        return
    check_move("assignment", ASSIGNMENT_MOVES, assignment.status, status)
    assignment.status = status
    order = store.orders.of(assignment.order_id)
    tab = FACTORY_TAB[status]
    if tab != "to_ship":
        assignment.ended_at = store.now
    due = assignment.sort_at if assignment.extra else deadline(order)
    sort_at = due if tab == "to_ship" else store.now
    store.assignments.place(assignment, tab=tab, sort_at=sort_at)
    watch(store, assignment)
    place_order(store, order)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a bulk answer did: how many now, how many stood so, and the tags of the rest by why.

    Why is a status (`shipped`, `recalled` …) or a reason to stop
    (`core.orders.standing.stop_reason`).
    """

    done: int
    already: int
    skipped: Mapping[str, Sequence[str]]


def shops_of(actor: Actor, answered: Iterable[Answerable]) -> set[int]:
    """Return the factory and the merchants of these."""
    return {actor.shop_id, *(one.merchant_id for one in answered)}


class Some(NamedTuple):
    """What was answered of some orders: those it was done to; the rest as `Answered` has it."""

    fit: Sequence[Answerable]
    already: int
    skipped: Mapping[str, Sequence[str]]


class Answering(NamedTuple):
    """An answer to many orders: done to some at a time, told of all that it was done to."""

    some: Callable[[Store, Actor, Sequence[int]], Some]
    tell: Callable[[Store, Sequence[Answerable]], None]


def answer_many(
    store: Store, actor: Actor, assignment_ids: Sequence[int], act: Answering
) -> Answered:
    """Answer these in one go; each merchant is told once."""
    some = act.some(store, actor, assignment_ids)
    tell_answered(store, actor, some.fit, act)
    return Answered(len(some.fit), some.already, dict(some.skipped))


def tell_answered(store: Store, actor: Actor, fit: Sequence[Answerable], act: Answering) -> None:
    """Tell the merchants of all that was answered; older cards follow."""
    act.tell(store, fit)
    outdate_cards(store, len(fit), shops_of(actor, fit))


def accepting() -> Answering:
    """Accept those that are new and not stopped. The merchant is not told, as of one."""
    return Answering(_accept_some, _tell_nobody)


def _tell_nobody(_: Store, __: Sequence[Answerable]) -> None:
    """Say nothing: the merchants see it on their cards."""


def _accept_some(store: Store, actor: Actor, assignment_ids: Sequence[int]) -> Some:
    fit: list[Answerable] = []
    skipped: dict[str, list[str]] = defaultdict(list)
    already = 0
    for one in store.assignments.answerable(actor.shop_id, assignment_ids):
        stopped = stop_reason(one, one.extra)
        if one.status in OPEN_STATUSES - {"assigned"}:
            already += 1
        elif one.status != "assigned":
            skipped[one.status].append(one.tag)
        elif stopped is not None:
            skipped[stopped].append(one.tag)
        else:
            fit.append(one)
    ids = [one.id for one in fit]
    store.assignments.accept_many(ids)
    store.record_each(actor, "accepted", ids)
    return Some(fit, already, skipped)


def declining(reason: str) -> Answering:
    """Give back those of which nothing is in a parcel; each merchant is told once.

    What came back of many is kept as a selection, so that one press assigns it anew.

    Raises `ReasonIsNumber`, `NameMissing`, `TextTooLong`.
    """
    said = clean_reason(reason)
    return Answering(partial(_decline_some, said=said), partial(_tell_declined, reason=said))


def _decline_some(store: Store, actor: Actor, assignment_ids: Sequence[int], said: str) -> Some:
    fit: list[Answerable] = []
    skipped: dict[str, list[str]] = defaultdict(list)
    already = 0
    for one in store.assignments.answerable(actor.shop_id, assignment_ids):
        if one.status == "declined":
            already += 1
        elif "declined" in ASSIGNMENT_MOVES[one.status]:
            fit.append(one)
        else:
            skipped[one.status].append(one.tag)
    ids = [one.id for one in fit]
    store.assignments.take_back(ids, "declined", said)
    store.record_each(actor, "declined", ids, reasons=True)
    return Some(fit, already, skipped)


def _tell_declined(store: Store, declined: Sequence[Answerable], reason: str) -> None:
    by_binding: dict[tuple[int, int], list[Answerable]] = defaultdict(list)
    for one in declined:
        by_binding[one.merchant_id, one.binding_id].append(one)
    for (merchant_id, binding_id), given in by_binding.items():
        if len(given) < BATCH_FROM:
            store.emit_all([OrderDeclined(one.id) for one in given], to=merchant_id)
        else:
            numbers = tuple(one.order_no for one in given[:NUMBERS_NAMED])
            back = [one.order_id for one in given if not one.extra]
            draft_id = keep_for_reassigning(store, merchant_id, back)
            event = OrdersDeclined(binding_id, len(given), reason, numbers, draft_id)
            store.emit(event, to=merchant_id)


def clean_reason(text: str) -> str:
    """Return why an order is declined or waits, as it is kept and as everybody may read it.

    Raises `ReasonIsNumber`, `NameMissing`, `TextTooLong`.
    """
    if plainly_numbers(text):
        raise ReasonIsNumber(text)
    return as_shown(clean_name(text, REASON_LIMIT))


class Fulfilling:
    """接单, 拒单, 已知晓."""

    def accept(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """Say that the order will be shipped; the merchant can no longer simply recall it.

        Accepting again is fine. Raises `AlreadyShipped`, `AssignmentEnded`, `OrderStopped`.
        """
        assignment = live_assignment(store, actor, assignment_id)
        if assignment.status != "assigned":
            return assignment
        refuse_stopped(store, assignment)
        move_assignment(store, assignment, "accepted")
        assignment.accepted_at = store.now
        store.record(actor, "accepted", order_id=assignment.order_id, assignment=assignment_id)
        return assignment

    def decline(self, store: Store, actor: Actor, assignment_id: int, reason: str) -> Assignment:
        """Give the order back with a reason (one of `DECLINE_REASONS`, or words).

        Raises `AlreadyShipped`, `AssignmentEnded`, `IllegalMove` when a parcel is out,
        `ReasonIsNumber`, `NameMissing`, `TextTooLong`.
        """
        assignment = live_assignment(store, actor, assignment_id)
        assignment.decline_reason = clean_reason(reason)
        move_assignment(store, assignment, "declined")
        store.assignments.mark_changed(assignment, None)
        store.record(
            actor, "declined", order_id=assignment.order_id,
            assignment=assignment_id, reason=assignment.decline_reason,
        )  # fmt: skip
        store.emit(OrderDeclined(assignment_id), to=assignment.merchant_id)
        return assignment

    def acknowledge(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """The factory has seen what changed; the merchant is told, once."""
        assignment = own_assignment(store, actor, assignment_id)
        if assignment.changed_at is None:
            return assignment
        store.assignments.mark_changed(assignment, None)
        store.notices.see(assignment_id, actor.account_id)
        assignment.acknowledged_at = store.now
        store.record(actor, "acknowledged", order_id=assignment.order_id, assignment=assignment_id)
        store.emit(ChangeAcknowledged(key(assignment)), to=assignment.merchant_id)
        return assignment
