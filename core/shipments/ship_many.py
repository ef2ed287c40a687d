"""Shipping many orders at once, with nothing in doubt any more: set-based, one alert a merchant."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from core.acting import acting
from core.answers.claimed import over_reason
from core.answers.under_way import see_stop, tell_under_way
from core.changes.overlooked import Overlooked, overlooked
from core.entities import AssignmentStatus, Shipment
from core.entities.assignment import ASSIGNMENT_MOVES
from core.errors import Conflict, ShipmentNotFound
from core.events import Event, OrderShipped, OrdersShipped
from core.moves import check_move
from core.orders.shown import outdate_cards
from core.orders.standing import stop_reason
from core.orders.views import FoundOrder
from core.ports import Store
from core.shipments.parcels import fill
from core.shipments.sending import Sent, Together, together
from core.values import Actor

APART = 5  # a merchant is told of so many shipped orders one by one, of more in one message
NAMED = 20  # orders that message names
_WEIGHT = {"recipient": 2, "contents": 1}

Left = Mapping[int, Mapping[int, int]]
Missed = Mapping[int, Overlooked]


class NothingTogether(Conflict):
    """No other order of this recipient waits here any more."""


class Leaving(NamedTuple):
    """An order and the parcels it leaves in, every number and count settled.

    `claimed`: it is no longer its factory's (`core.answers.claimed`), the parcels are only kept.
    """

    order: FoundOrder
    sent: Sequence[Sent]
    claimed: bool = False


def ship_many(store: Store, actor: Actor, leaving: Sequence[Leaving], left: Left) -> Missed:
    """Ship these orders of the actor's factory; `left` is what `ShipmentPort.left_of` says.

    Each is there once, open, or over with a parcel under way. An order of which nothing is left has
    shipped, any other has in part; of one that must not ship the merchant is asked. Returns what
    nobody had seen of the others, by assignment.
    """
    if not leaving:
        return {}
    shipments = store.shipments.add_many(actor, leaving)
    counted = [one for one in leaving if not one.claimed]
    contents = [
        (shipments[one.order.assignment_id, sent.number], pieces)
        for one in counted
        for sent, pieces in zip(
            one.sent,
            fill(left[one.order.assignment_id], [sent.pieces for sent in one.sent]),
            strict=True,
        )
    ]
    store.shipments.add_contents(contents)
    _move(store, counted, left)
    store.orders.place_many([one.order.order_id for one in counted])
    stopped = [
        one for one in leaving if one.claimed or stop_reason(one.order, one.order.extra) is not None
    ]
    others = [one for one in leaving if one not in stopped] if stopped else leaving
    missed = overlooked(store, [one.order.assignment_id for one in others])
    for act, those in (("had_left", stopped), ("shipped", others)):
        if those:
            store.record_all(actor, act, [_detail(store, one, missed) for one in those])
    _tell(store, others, shipments, missed)
    outdate_cards(store, len(leaving), {actor.shop_id, *(one.order.merchant_id for one in leaving)})
    see_stop(store, actor, [one.order.assignment_id for one in stopped])
    tell_under_way(store, [one.order for one in stopped])
    return missed


def _detail(store: Store, one: Leaving, missed: Missed) -> dict[str, Any]:
    parcels, order = [[sent.carrier, sent.number] for sent in one.sent], one.order
    over = {"over": over_reason(store, order.status, order.binding_id)} if one.claimed else {}
    kind = missed.get(order.assignment_id)
    return {
        "order_id": order.order_id, "assignment": order.assignment_id, "parcels": parcels, **over,
        **({"overlooked": kind} if kind else {}),
    }  # fmt: skip


def _move(store: Store, leaving: Sequence[Leaving], left: Left) -> None:
    moved: dict[AssignmentStatus, list[FoundOrder]] = defaultdict(list)
    for one in leaving:
        there = sum(left[one.order.assignment_id].values())
        rest = there - sum(sent.pieces for sent in one.sent)
        status: AssignmentStatus = "part_shipped" if rest > 0 else "shipped"
        if one.order.status not in (status, "cancelled"):
            check_move("assignment", ASSIGNMENT_MOVES, one.order.status, status)
            moved[status].append(one.order)
    for status, orders in moved.items():
        store.assignments.send_off(orders, status)


def _tell(
    store: Store, leaving: Sequence[Leaving], shipments: Mapping[tuple[int, str], int],
    missed: Missed,
) -> None:  # fmt: skip
    merchants: dict[int, list[Leaving]] = defaultdict(list)
    for one in leaving:
        merchants[one.order.merchant_id].append(one)
    for merchant_id, theirs in merchants.items():
        store.emit_all(_events(theirs, shipments, missed), to=merchant_id)


def _events(
    theirs: Sequence[Leaving], shipments: Mapping[tuple[int, str], int], missed: Missed
) -> list[Event]:
    if len(theirs) > APART:
        given = [one.order.assignment_id for one in theirs]
        kinds = [missed[one] for one in given if one in missed]
        named = sorted(given, key=lambda one: -_WEIGHT.get(missed.get(one, ""), 0))[:NAMED]
        return [OrdersShipped(tuple(named), len(theirs), len(kinds), kinds.count("recipient"))]
    return [
        OrderShipped(
            one.order.assignment_id,
            tuple(shipments[one.order.assignment_id, sent.number] for sent in one.sent),
            missed.get(one.order.assignment_id, ""),
        )
        for one in theirs
    ]


class Combined(NamedTuple):
    """Orders that went along, and what nobody had seen of them, by assignment."""

    leaving: Sequence[Leaving] = ()
    missed: Missed = MappingProxyType({})


class Combining:
    """合并发货: other orders of the same recipient go in a parcel that has its number already."""

    def waiting(self, store: Store, actor: Actor, shipment_id: int) -> Together:
        """Return what waits for that recipient now, of this merchant. Raises `ShipmentNotFound`."""
        shipment = _own(store, actor, shipment_id)
        return together(store, store.assignments.of(shipment.assignment_id))

    def combine(self, store: Store, actor: Actor, shipment_id: int, mark: int) -> Combined:
        """Ship what waits for that recipient with the parcel's number, when it is what was seen.

        `mark` is `Together.mark` of what was offered. One of these may have been stopped since, or
        another have come that nobody packed: then nothing ships, and nothing is returned.
        Raises `ShipmentNotFound`, `NothingTogether`.
        """
        shipment = _own(store, actor, shipment_id)
        waiting = self.waiting(store, actor, shipment_id)
        others = [one for one, _ in waiting.orders]
        orders = store.assignments.by_ids(actor.shop_id, others)
        left = store.shipments.left_of(orders)
        used = {
            one.assignment_id
            for one in store.shipments.numbers_of(others)
            if one.number == shipment.tracking_number
        }
        leaving = [
            Leaving(
                one,
                [
                    Sent(
                        shipment.tracking_number,
                        shipment.carrier,
                        sum(left[one.assignment_id].values()),
                    )
                ],
            )
            for one in orders
            if one.assignment_id not in used
        ]
        if not leaving:
            raise NothingTogether
        if mark != waiting.mark:
            return Combined()
        return Combined(leaving, ship_many(store, actor, leaving, left))


def _own(store: Store, actor: Actor, shipment_id: int) -> Shipment:
    acting(store, actor, "factory")
    shipment = store.shipments.get(shipment_id)
    if shipment is None or shipment.factory_id != actor.shop_id:
        raise ShipmentNotFound
    return shipment
