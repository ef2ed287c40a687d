"""What shipping does once nothing is in doubt: parcels kept, the order moved, the merchant told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from zlib import crc32

from core.answers.fulfilling import move_assignment
from core.answers.under_way import see_stop, tell_under_way
from core.changes.overlooked import overlooked
from core.entities import Assignment, Shipment
from core.entities.assignment import OVER_STATUSES, UNSHIPPED_STATUSES
from core.errors import NumberUsed, SameNumber
from core.events import OrderShipped, ShipmentCorrected
from core.ids import key
from core.orders.placing import place_order
from core.orders.standing import stop_reason
from core.ports import Store
from core.shipments.parcels import fill, without
from core.values import Actor

TOGETHER = 50  # orders of one recipient that one press ships together


class Sent(NamedTuple):
    """A number and its carrier, settled, with how many pieces are in the parcel."""

    number: str
    carrier: str
    pieces: int


class Together(NamedTuple):
    """Orders of one recipient that may go in one parcel, as (id, tag)."""

    orders: Sequence[tuple[int, str]] = ()

    @property
    def mark(self) -> int:
        """What a button remembers of them: it ships exactly these, and no order that came later."""
        return crc32(",".join(str(one) for one, _ in self.orders).encode())


NONE = Together()


@dataclass(frozen=True, slots=True)
class Shipped:
    """The parcels of one reply. `corrected` is the number they replaced, if any.

    `packed` is how many pieces each holds; `left` how many of the order's `total` are still to be
    shipped; `together` are the other open orders that go to the same recipient; `overlooked` is
    what nobody had seen of a change when they left.
    """

    assignment: Assignment
    tag: str
    order_no: str
    shipments: Sequence[Shipment]
    corrected: tuple[str, str] | None = None
    packed: Mapping[int, int] = field(default_factory=dict)
    left: int = 0
    total: int = 0
    together: Together = NONE
    overlooked: str = ""  # as `core.changes.overlooked`


def together(store: Store, assignment: Assignment) -> Together:
    """Return the factory's other open orders of that merchant to that recipient."""
    return Together(store.shipments.together(assignment, TOGETHER))


def pieces_left(store: Store, assignment: Assignment) -> dict[int, int]:
    """Return how many pieces of which line are not in parcels yet.

    Of an assignment that is over, what its factory says has left is as good as in parcels.
    """
    owed = store.assignments.pieces(key(assignment))
    if assignment.status in UNSHIPPED_STATUSES:
        return owed
    if assignment.status in OVER_STATUSES:
        parcels = store.shipments.of_assignment(key(assignment))
        owed = without(owed, sum(one.claimed or 0 for one in parcels))
    gone = store.shipments.shipped_pieces(key(assignment))
    return {line: n - gone.get(line, 0) for line, n in owed.items()}


def ship(store: Store, actor: Actor, assignment: Assignment, sent: Sequence[Sent]) -> Shipped:
    """Keep the parcels; the order has shipped when nothing is left, else in part.

    Of a stopped order they had left before: the merchant is asked about them. Raises `NumberUsed`
    for a number that one of its parcels has already.
    """
    order = store.orders.of(assignment.order_id)
    asked = stop_reason(order, assignment.extra) is not None
    if assignment.status not in UNSHIPPED_STATUSES:
        before = {one.tracking_number for one in store.shipments.of_assignment(key(assignment))}
        for one in sent:
            if one.number in before:
                raise NumberUsed(one.number)
    left = pieces_left(store, assignment)
    contents = fill(left, [one.pieces for one in sent])
    parcels = [
        store.shipments.add(
            Shipment(
                assignment_id=key(assignment), order_id=assignment.order_id,
                merchant_id=assignment.merchant_id, factory_id=actor.shop_id,
                carrier=one.carrier, tracking_number=one.number,
                shipped_by=actor.account_id, shipped_at=store.now,
                verdict="asked" if asked else "",
            ),
            pieces,
        )
        for one, pieces in zip(sent, contents, strict=True)
    ]  # fmt: skip
    rest = sum(left.values()) - sum(one.pieces for one in sent)
    if assignment.status == "cancelled":
        place_order(store, order)
    else:
        move_assignment(store, assignment, "part_shipped" if rest else "shipped")
    missed = "" if asked else overlooked(store, [key(assignment)]).get(key(assignment), "")
    store.record(
        actor, "had_left" if asked else "shipped", order_id=order.id, assignment=assignment.id,
        parcels=[[one.carrier, one.tracking_number] for one in parcels],
        **({"overlooked": missed} if missed else {}),
    )  # fmt: skip
    ids = tuple(key(one) for one in parcels)
    if asked:
        see_stop(store, actor, [key(assignment)])
        tell_under_way(store, parcels)
    else:
        store.emit(OrderShipped(key(assignment), ids, missed), to=assignment.merchant_id)
    alone = len(parcels) == 1 and not rest and not asked
    return Shipped(
        assignment, assignment.tag, order.order_no, parcels,
        packed={one: sent[place].pieces for place, one in enumerate(ids)},
        left=0 if asked else rest,
        total=sum(store.assignments.pieces(key(assignment)).values()) if rest else 0,
        together=together(store, assignment) if alone else NONE,
        overlooked=missed,
    )  # fmt: skip


def correct(store: Store, actor: Actor, shipment: Shipment, carrier: str, number: str) -> Shipped:
    """Replace the parcel's number; the old one stays in the audit, the merchant is told.

    Raises `SameNumber`, `NumberUsed`.
    """
    before, after = (shipment.carrier, shipment.tracking_number), (carrier, number)
    if before == after:
        raise SameNumber(shipment.tracking_number)
    siblings = store.shipments.of_assignment(shipment.assignment_id)
    if any(one.tracking_number == number and one.id != shipment.id for one in siblings):
        raise NumberUsed(number)
    shipment.carrier, shipment.tracking_number = after
    shipment.corrected_at = store.now
    store.record(
        actor, "corrected", order_id=shipment.order_id, shipment=shipment.id,
        before=list(before), after=list(after),
    )  # fmt: skip
    assignment = store.assignments.of(shipment.assignment_id)
    store.emit(ShipmentCorrected(key(shipment), *before), to=assignment.merchant_id)
    order_no = store.orders.of(assignment.order_id).order_no
    return Shipped(assignment, assignment.tag, order_no, [shipment], before)
