"""A parcel that had left before its order was stopped: kept, told to both sides, decided once.

A number for a stopped order is refused. Whoever has sent the parcel already says so: then it is
kept with the verdict `asked`, and the merchant decides to call it back (拦截) or to let it go on
(放行). The same is asked of parcels that are under way when their order is cancelled or a refund
opens. What was decided ends with the stop: then there is nothing to catch any more. An assignment
cancelled meanwhile stays cancelled and keeps the parcel (decision 0014). Of an order that is no
longer its factory's, `core.answers.claimed` says what becomes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, get_args

from core.acting import acting
from core.answers.claimed import (
    OVER_REASONS,
    is_claim,
    let_claimed_go,
    over_reason,
    refuse_claimed,
)
from core.answers.fulfilling import own_assignment, refuse_ended
from core.answers.stop_events import ParcelJudged, ParcelsUnderWay, Say
from core.changes.overlooked import overlooked
from core.entities import Assignment, AssignmentStatus, Extra, Order, Shipment
from core.entities.assignment import OPEN_STATUSES
from core.errors import (
    AlreadyShipped,
    AssignmentEnded,
    AssignmentNotFound,
    Conflict,
    CoreError,
    Invalid,
    OrderStopped,
    ShipmentNotFound,
)
from core.ids import key
from core.orders.standing import Stoppable, stop_reason
from core.ports import Store
from core.values import Actor

# A hold stops what has not left; these are about what has, too.
CATCHING = ("cancelled", "refunded", "refund_open")


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
    """Return why a number is refused unless its parcel had left; None where the order may ship.

    The factory's own order is stopped (`stop_reason`), or is its own no more (`over_reason`).
    Raises `AssignmentNotFound`, and `AlreadyShipped`, `AssignedAnew`, `ParcelKept`,
    `AssignmentEnded` where no number may come.
    """
    assignment = own_assignment(store, actor, assignment_id)
    order = store.orders.of(assignment.order_id)
    reason = under_way_reason(order, assignment.status, assignment.extra)
    if reason is not None:
        if assignment.status == "cancelled":
            _refuse_nothing_left(store, assignment)
        return reason
    if not is_claim(assignment, order) or order.closed_reason == "undone":
        refuse_ended(store, assignment)
        return None
    refuse_claimed(store, assignment, order)
    return over_reason(store, assignment.status, assignment.binding_id)


def refusal_of(assignment: Assignment, reason: str) -> CoreError:
    """Return the refusal for what `stopped_under_way` says."""
    over = reason in OVER_REASONS
    return AssignmentEnded(assignment.status) if over else OrderStopped(reason)


def _refuse_nothing_left(store: Store, assignment: Assignment) -> None:
    """Raise `AlreadyShipped` when every piece has left: another number is a correction then."""
    assignment_id = key(assignment)
    parcels = store.shipments.of_assignment(assignment_id)
    gone = sum(store.shipments.shipped_pieces(assignment_id).values())
    if parcels and gone >= sum(store.assignments.pieces(assignment_id).values()):
        raise AlreadyShipped(assignment_id, tuple(one.tracking_number for one in parcels))


def tell_under_way(store: Store, sent: Iterable[Sending]) -> None:
    """Alarm both sides of these, each once."""
    shops: dict[int, list[int]] = defaultdict(list)
    for one in sent:
        shops[one.merchant_id].append(one.assignment_id)
        shops[one.factory_id].append(one.assignment_id)
    for shop_id, ids in shops.items():
        store.emit(ParcelsUnderWay(tuple(dict.fromkeys(ids))), to=shop_id)


def is_catching(before: str | None, after: str | None) -> bool:
    """Return whether parcels under way must be asked about: the order stops, and did not before."""
    return after in CATCHING and before not in CATCHING


def see_stop(store: Store, actor: Actor, assignment_ids: Sequence[int]) -> None:
    """Wait no more for 已知晓 of these: who says that the parcel had left has read the stop.

    Of what else changed that does not say that anybody has seen it.
    """
    missed = overlooked(store, assignment_ids)
    unseen = [one for one in store.notices.unseen_among(assignment_ids) if one not in missed]
    if unseen:
        store.notices.see_many(actor, unseen)


def ask_under_way(
    store: Store, actor: Actor, merchant_id: int, order_ids: Sequence[int], since: datetime
) -> None:
    """Ask the merchant about the parcels of these orders, stopped now, that left after `since`.

    All in one message. Their factories are told of the stop, and of the parcels once that is
    decided.
    """
    asked = store.shipments.ask_about(order_ids, since)
    parcels: dict[tuple[int, int], list[Sequence[str]]] = defaultdict(list)
    for one in asked:
        parcels[one.order_id, one.assignment_id].append((one.carrier, one.number))
    told = [
        {"order_id": order_id, "assignment": assignment_id, "parcels": some}
        for (order_id, assignment_id), some in parcels.items()
    ]
    store.record_all(actor, "under_way", told)
    if told:
        store.emit(ParcelsUnderWay(tuple(one for _, one in parcels)), to=merchant_id)


def let_waiting_go(store: Store, actor: Actor, order: Order) -> None:
    """Let the parcels go on when nothing stops their order any more, whatever was said of them.

    There is nothing to decide or to catch then; the factory, which waits for the word or is to
    call them back, is told. What a stop was not the reason for (`core.answers.claimed`) stays.
    """
    if stop_reason(order) is not None:
        return
    parcels = store.shipments.of_order(key(order))
    waiting = [
        one for one in parcels if one.verdict in ("asked", "intercept") and one.claimed is None
    ]
    called = {one.assignment_id for one in waiting if one.verdict == "intercept"}
    for one in waiting:
        one.verdict = "let_go"
    for assignment_id, factory_id in {one.assignment_id: one.factory_id for one in waiting}.items():
        instead = assignment_id in called
        store.record(
            actor, "judged", order_id=order.id, assignment=assignment_id, say="let_go",
            instead=instead,
        )  # fmt: skip
        store.emit(ParcelJudged(assignment_id, "let_go", instead), to=factory_id)


class UnderWay:
    """拦截 and 放行."""

    def judge(
        self, store: Store, actor: Actor, assignment_id: int, say: Say, *, twice: bool = False
    ) -> Assignment:
        """Decide about the parcels of an assignment that wait for it; the factory is told.

        `twice`: it is known that others have, or have shipped, what is let go on. Raises
        `AssignmentNotFound`, `ShipmentNotFound`, `VerdictGiven` for whoever comes second,
        `SentTwice`.
        """
        acting(store, actor, "merchant")
        if say not in get_args(Say):
            raise VerdictUnknown
        assignment = store.assignments.get(assignment_id)
        if assignment is None or assignment.merchant_id != actor.shop_id:
            raise AssignmentNotFound
        waiting = _waiting(store.shipments.of_assignment(assignment_id))
        claimed = [one for one in waiting if one.claimed is not None]
        missing = 0
        if say == "let_go" and claimed:
            missing = let_claimed_go(store, assignment, claimed, twice=twice)
        for one in waiting:
            one.verdict = say
        store.record(
            actor, "judged", order_id=assignment.order_id, assignment=assignment_id, say=say,
            **({"beside": missing} if missing else {}),
        )  # fmt: skip
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
