"""A parcel that had left before its order was stopped: kept, told to both sides, decided once.

A number for a stopped order is refused. Whoever has sent the parcel already says so: then it is
kept with the verdict `asked`, and the merchant decides to call it back (拦截) or to let it go on
(放行). An assignment cancelled meanwhile stays cancelled and keeps the parcel (decision 0014).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, get_args

from core.acting import acting
from core.answers.fulfilling import own_assignment, refuse_ended
from core.answers.stop_events import NAMED, ParcelJudged, ParcelsUnderWay, Say
from core.entities import Assignment, AssignmentStatus, Extra, Order, Shipment
from core.entities.assignment import OPEN_STATUSES
from core.errors import AssignmentNotFound, Conflict, Invalid, ShipmentNotFound
from core.ids import key
from core.orders.standing import Stoppable, stop_reason
from core.ports import Store
from core.values import Actor


@dataclass(eq=False)
class VerdictGiven(Conflict):
    """Somebody has decided about the parcel already: `say`."""

    say: str


class VerdictUnknown(Invalid):
    """Neither 拦截 nor 放行."""


class Sending(Protocol):
    """An assignment that sends, or sent, a parcel."""

    @property
    def assignment_id(self) -> int: ...
    @property
    def merchant_id(self) -> int: ...
    @property
    def factory_id(self) -> int: ...


def under_way_reason(order: Stoppable, status: AssignmentStatus, extra: Extra) -> str | None:
    """Return why the order is stopped where its factory may still have sent it, else None.

    That is while the factory holds it, or when it lost it by the order's closing: what was taken
    back or declined is another factory's by now.
    """
    reason = stop_reason(order, extra)
    if reason == "undone":
        return None
    closed = status == "cancelled" and order.closed_reason is not None
    return reason if status in OPEN_STATUSES or closed else None


def stopped_under_way(store: Store, actor: Actor, assignment_id: int) -> str | None:
    """Return why the factory's own order is stopped; None where it may ship.

    Raises `AssignmentNotFound`, and `AlreadyShipped`, `AssignmentEnded` where no number may come.
    """
    assignment = own_assignment(store, actor, assignment_id)
    order = store.orders.of(assignment.order_id)
    reason = under_way_reason(order, assignment.status, assignment.extra)
    if reason is None:
        refuse_ended(store, assignment)
    return reason


def tell_under_way(store: Store, sent: Iterable[Sending]) -> None:
    """Alarm both sides of these, each once."""
    shops: dict[int, list[int]] = defaultdict(list)
    for one in sent:
        shops[one.merchant_id].append(one.assignment_id)
        shops[one.factory_id].append(one.assignment_id)
    for shop_id, ids in shops.items():
        store.emit(ParcelsUnderWay(tuple(ids[:NAMED]), len(ids)), to=shop_id)


def let_waiting_go(store: Store, actor: Actor, order: Order) -> None:
    """Let the parcels go on that wait for a verdict when nothing stops their order any more.

    There is nothing to decide then; the factory, which waits for the word, is told.
    """
    if stop_reason(order) is not None:
        return
    waiting = [one for one in store.shipments.of_order(key(order)) if one.verdict == "asked"]
    for one in waiting:
        one.verdict = "let_go"
    for assignment_id, factory_id in {one.assignment_id: one.factory_id for one in waiting}.items():
        store.record(actor, "judged", order_id=order.id, assignment=assignment_id, say="let_go")
        store.emit(ParcelJudged(assignment_id, "let_go"), to=factory_id)


class UnderWay:
    """拦截 and 放行."""

    def judge(self, store: Store, actor: Actor, assignment_id: int, say: Say) -> Assignment:
        """Decide about the parcels of a stopped order that wait for it; the factory is told.

        Raises `AssignmentNotFound`, `ShipmentNotFound`, `VerdictGiven` for whoever comes second.
        """
        acting(store, actor, "merchant")
        if say not in get_args(Say):
            raise VerdictUnknown
        assignment = store.assignments.get(assignment_id)
        if assignment is None or assignment.merchant_id != actor.shop_id:
            raise AssignmentNotFound
        parcels = store.shipments.of_assignment(assignment_id)
        for one in _waiting(parcels):
            one.verdict = say
        store.record(
            actor, "judged", order_id=assignment.order_id, assignment=assignment_id, say=say
        )
        store.emit(ParcelJudged(key(assignment), say), to=assignment.factory_id)
        return assignment


def _waiting(parcels: Sequence[Shipment]) -> list[Shipment]:
    judged = [one for one in parcels if one.verdict]
    waiting = [one for one in judged if one.verdict == "asked"]
    if not judged:
        raise ShipmentNotFound
    if not waiting:
        raise VerdictGiven(judged[-1].verdict)
    return waiting
