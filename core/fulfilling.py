"""The factory's answers to an assignment short of shipping: accept, decline, acknowledge."""

from core.acting import acting
from core.entities import Assignment, AssignmentStatus
from core.entities.assignment import ASSIGNMENT_MOVES
from core.errors import AlreadyShipped, AssignmentEnded, AssignmentNotFound, OrderStopped
from core.events import ChangeAcknowledged, OrderDeclined
from core.ids import key
from core.moves import check_move
from core.placing import place_order
from core.ports import Store
from core.shops import clean_name
from core.standing import FACTORY_TAB, deadline, stop_reason
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
    place_order(store, order)


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
        `NameMissing`, `TextTooLong`.
        """
        assignment = live_assignment(store, actor, assignment_id)
        assignment.decline_reason = clean_name(reason, REASON_LIMIT)
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
        assignment.acknowledged_at = store.now
        store.record(actor, "acknowledged", order_id=assignment.order_id, assignment=assignment_id)
        store.emit(ChangeAcknowledged(key(assignment)), to=assignment.merchant_id)
        return assignment
