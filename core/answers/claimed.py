"""A parcel that left with an order which was no longer its factory's (decision 0019).

Taken back, declined, or its binding ended: a number for such an order is refused, as for one that
is stopped. Whoever has sent the parcel already says so; then it is kept with what its factory says
is in it, in no count, and the merchant decides. Called back it never counts. Let go on, its pieces
are its factory's again as far as nobody else has them; what others have or have shipped, the
customer gets twice, and the merchant says that this is meant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from core.answers.fulfilling import move_assignment
from core.assignments.piecing import free_of
from core.entities import Assignment, AssignmentStatus, Extra, Order, Shipment
from core.entities.assignment import OVER_STATUSES
from core.errors import Conflict
from core.ids import key
from core.orders.standing import Stoppable, stop_reason
from core.ports import Store
from core.shipments.parcels import fill

OVER_REASONS = ("declined", "recalled", "unbound", "lost")


@dataclass(eq=False)
class ParcelKept(Conflict):
    """The factory has reported these parcels already; `say` is what the merchant says of them."""

    numbers: tuple[str, ...]
    say: str


@dataclass(eq=False)
class AssignedAnew(Conflict):
    """The order is the factory's again, as another assignment: its number belongs there."""

    assignment_id: int
    tag: str


@dataclass(eq=False)
class SentTwice(Conflict):
    """Others have `pieces` of what is in the parcel: let go on, the customer gets them twice."""

    pieces: int


class Claim(NamedTuple):
    """Parcels of an order that was no longer its factory's; `missing` pieces are not free.

    `holders` are who has the order now, or has shipped it.
    """

    given: Assignment
    parcels: Sequence[Shipment]
    missing: int
    holders: Sequence[Assignment]

    @property
    def asked(self) -> bool:
        """Whether the merchant is to decide."""
        return any(one.verdict == "asked" for one in self.parcels)


def over_reason(store: Store, status: AssignmentStatus, binding_id: int) -> str:
    """Return why an assignment that has ended unshipped is its factory's no more.

    One of `OVER_REASONS`: declined by itself, taken back, taken back with the binding ended, or
    every piece of it lost.
    """
    if status != "recalled":
        return "lost" if status == "cancelled" else status
    binding = store.bindings.get(binding_id)
    return "unbound" if binding is not None and binding.status == "unbound" else status


def refuse_claimed(store: Store, given: Assignment, order: Order) -> None:
    """Refuse a number that cannot be of a parcel which is to be kept.

    Raises `AssignedAnew`, and `ParcelKept` when every piece it had is in such a parcel already:
    another number is a correction then.
    """
    for one in store.assignments.live_of(key(order)):
        if one.factory_id == given.factory_id and one.extra == given.extra:
            raise AssignedAnew(key(one), one.tag)
    parcels = store.shipments.of_assignment(key(given))
    pieces = sum(store.assignments.pieces(key(given)).values())
    if parcels and sum(one.claimed or 0 for one in parcels) >= pieces:
        raise ParcelKept(tuple(one.tracking_number for one in parcels), parcels[-1].verdict)


def refuse_kept(store: Store, given: Assignment, numbers: Iterable[str]) -> None:
    """Raise `ParcelKept` for a number that its factory has reported already."""
    there = {one.tracking_number: one for one in store.shipments.of_assignment(key(given))}
    for number in numbers:
        if number in there:
            raise ParcelKept((number,), there[number].verdict)


def claims_of(store: Store, parcels: Sequence[Shipment]) -> list[Claim]:
    """Return what factories say has left of an order that was no longer theirs."""
    found: dict[int, list[Shipment]] = {}
    for one in parcels:
        if one.claimed is not None:
            found.setdefault(one.assignment_id, []).append(one)
    return [_claim(store, store.assignments.of(one), some) for one, some in found.items()]


def _claim(store: Store, given: Assignment, parcels: Sequence[Shipment]) -> Claim:
    waiting = [one for one in parcels if one.verdict == "asked"]
    free = sum(_free(store, given).values())
    missing = max(sum(one.claimed or 0 for one in waiting) - free, 0)
    held = () if given.extra else store.assignments.held_of(given.order_id)
    ids = dict.fromkeys(one.assignment_id for one in held if one.kept)
    return Claim(given, parcels, missing, [store.assignments.of(one) for one in ids])


def _free(store: Store, given: Assignment) -> dict[int, int]:
    """Return which pieces the assignment had that nobody has now. An extra's are its own."""
    owned = store.assignments.pieces(key(given))
    if given.status not in ("declined", "recalled"):
        return {}  # cancelled with its order still there: it had lost every piece
    if given.extra:
        return owned
    lines = store.orders.lines([given.order_id])[given.order_id]
    ordered = {key(one): one.quantity for one in lines if not one.extra}
    free = free_of(ordered, store.assignments.held_of(given.order_id))
    return {line: min(n, free[line]) for line, n in owned.items() if line in free}


def let_claimed_go(
    store: Store, given: Assignment, parcels: Sequence[Shipment], *, twice: bool
) -> int:
    """Count what is free of the pieces in these parcels as shipped; returns how many are not.

    A parcel without any stays beside the order. Raises `SentTwice` unless `twice` says that this is
    known.
    """
    free = _free(store, given)
    missing = max(sum(one.claimed or 0 for one in parcels) - sum(free.values()), 0)
    if missing and not twice:
        raise SentTwice(missing)
    contents = fill(free, [one.claimed or 0 for one in parcels])
    packed = [(one, pieces) for one, pieces in zip(parcels, contents, strict=True) if pieces]
    if packed:
        _count(store, given, packed)
    return missing


def _count(
    store: Store, given: Assignment, packed: Sequence[tuple[Shipment, dict[int, int]]]
) -> None:
    """The assignment owns what left, and has shipped it."""
    store.shipments.add_contents([(key(one), pieces) for one, pieces in packed])
    for line_id in store.assignments.pieces(key(given)):
        n = sum(pieces.get(line_id, 0) for _, pieces in packed)
        store.assignments.put_piece(key(given), line_id, n)
    for one, _ in packed:
        one.claimed = None
    order = store.orders.of(given.order_id)
    if order.factory_id is None and not given.extra:
        order.factory_id = given.factory_id
    move_assignment(store, given, "shipped")
    given.ended_at = packed[0][0].shipped_at  # on time or late by when it left


class Given(Protocol):
    """An assignment, or a row of one."""

    @property
    def status(self) -> AssignmentStatus: ...
    @property
    def extra(self) -> Extra: ...


def is_claim(given: Given, order: Stoppable) -> bool:
    """Return whether a parcel of it would be one of an order that is no longer its factory's.

    Not where the order's closing ended it: that is `core.answers.under_way`'s.
    """
    closed = given.status == "cancelled" and order.closed_reason is not None
    stopped = closed and stop_reason(order, given.extra) is not None
    return given.status in OVER_STATUSES and not stopped
