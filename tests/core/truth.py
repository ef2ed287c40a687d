"""What must be true of the database after whatever happened: counted anew from the rows."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from core.entities import (
    Assignment,
    AssignmentPiece,
    Binding,
    ChangeNotice,
    Counter,
    CounterDelta,
    Order,
    OrderLine,
    Shipment,
    ShipmentPiece,
)
from core.entities.assignment import OPEN_STATUSES
from core.ids import key
from core.orders.standing import FACTORY_TAB, merchant_tab, order_status
from storage.store import SqlStore


def faults(store: SqlStore) -> list[str]:
    """Return every promise the rows break, in words; empty when all is well."""
    rows = _Rows(store)
    return [
        *_counters(rows),
        *_bindings(rows),
        *_orders(store, rows),
        *_assignments(rows),
        *_notices(rows),
        *_parcels(store, rows),
    ]


class _Rows(dict[Any, Sequence[Any]]):
    """All rows of each table that is asked for, read once."""

    def __init__(self, store: SqlStore) -> None:
        super().__init__()
        self._store = store

    def __missing__(self, entity: Any) -> Sequence[Any]:
        self[entity] = self._store.session.scalars(select(entity)).all()
        return self[entity]


def _counters(rows: _Rows) -> list[str]:
    """The counter table equals the counted rows."""
    counted: Tally[tuple[int, str]] = Tally()
    counted.update((one.merchant_id, one.tab) for one in rows[Order])
    for one in rows[Assignment]:
        counted[one.factory_id, one.tab] += 1
        counted[one.factory_id, "changed"] += one.changed_at is not None
    kept: Tally[tuple[int, str]] = Tally()
    for one in (*rows[Counter], *rows[CounterDelta]):
        if one.shop_id is not None:
            kept[one.shop_id, one.name] += one.n
    places = {*kept, *counted}
    return [
        f"counter {place}: kept {kept.get(place, 0)}, counted {counted[place]}"
        for place in sorted(places)
        if kept.get(place, 0) != counted[place]
    ]


def _bindings(rows: _Rows) -> list[str]:
    """A binding's open count is that of its open assignments."""
    counted = Tally(one.binding_id for one in rows[Assignment] if one.status in OPEN_STATUSES)
    kept = Tally({one.id: one.open_count for one in rows[Binding]})
    for one in rows[CounterDelta]:
        if one.binding_id is not None:
            kept[one.binding_id] += one.n
    return [
        f"binding {one.id}: kept {kept[one.id]} open, counted {counted[one.id]}"
        for one in rows[Binding]
        if kept[one.id] != counted[one.id]
    ]


def _orders(store: SqlStore, rows: _Rows) -> list[str]:
    """A piece has one holder at most; status, tab and pieces are what the pieces say."""
    broken = []
    lines = _lines(rows)
    pieces = {
        order_id: sum(one.quantity for one in some if not one.extra)
        for order_id, some in lines.items()
    }
    live = defaultdict[int, set[int]](set)
    for one in rows[Assignment]:
        if one.ended_at is None and not one.extra:
            live[one.order_id].add(key(one))
    for order in rows[Order]:
        broken += _held_twice(store, order, lines[key(order)], live[key(order)])
        if order.pieces != pieces.get(order.id, 0):
            broken.append(f"order {order.order_no}: {order.pieces} pieces, lines {pieces}")
        standing = store.orders.pieces(key(order))
        status = order_status(order, standing)
        if order.status != status:
            broken.append(f"order {order.order_no} is {order.status}, its pieces say {status}")
        if order.tab != merchant_tab(order, order.status, standing):
            broken.append(f"order {order.order_no} ({order.status}) stands in {order.tab}")
    return broken


def _lines(rows: _Rows) -> dict[int, list[OrderLine]]:
    """Return each order's lines, extras too."""
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    for one in rows[OrderLine]:
        lines[one.order_id].append(one)
    return lines


def _held_twice(
    store: SqlStore, order: Order, every: Sequence[OrderLine], live: set[int]
) -> list[str]:
    """No more pieces of a line are held than there are, and each holder holds some."""
    held = store.assignments.held_of(key(order))
    lines = [one for one in every if not one.extra]
    kept = Tally[int]()
    for one in held:
        kept[one.line_id] += one.kept
    broken = [
        f"order {order.order_no}: {kept[key(one)]} pieces of {one.product_name} held"
        for one in lines
        if kept[key(one)] > one.quantity
    ]
    empty = live - {one.assignment_id for one in held if one.owned}
    return [*broken, *(f"assignment {one} owns nothing" for one in empty)]


def _assignments(rows: _Rows) -> list[str]:
    """Tab and end follow the status; an extra owns its own lines and nothing else.

    What has ended is no business of the clock.
    """
    broken = []
    every, pieces = _lines(rows), defaultdict[int, dict[int, int]](dict)
    for piece in rows[AssignmentPiece]:
        if piece.quantity:
            pieces[piece.assignment_id][piece.line_id] = piece.quantity
    for one in rows[Assignment]:
        if one.ended_at is not None and (one.remind_at or one.silent_at):
            broken.append(f"assignment {one.id} has ended: {one.remind_at}, {one.silent_at}")
        if one.tab != FACTORY_TAB[one.status] or (one.ended_at is None) != (one.tab == "to_ship"):
            broken.append(f"assignment {one.id} is {one.status} in {one.tab}, end {one.ended_at}")
        owned = pieces[key(one)]
        ordered = {ln.id: ln.quantity for ln in every[one.order_id] if ln.extra == one.extra}
        if one.ended_at is None and not owned.keys() <= ordered.keys():
            broken.append(f"assignment {one.id} owns {owned} of {ordered}")
        if one.extra and (not owned or any(owned[line] != ordered[line] for line in owned)):
            broken.append(f"extra {one.id} owns {owned} of {ordered}")
    return broken


def _notices(rows: _Rows) -> list[str]:
    """At an open assignment a change is marked while a notice of it is unseen, and only then."""
    unseen = {one.assignment_id for one in rows[ChangeNotice] if one.seen_at is None}
    return [
        f"assignment {one.id}: changed {one.changed_at}, unseen {one.id in unseen}"
        for one in rows[Assignment]
        if one.ended_at is None and (one.changed_at is not None) != (one.id in unseen)
    ]


def _parcels(store: SqlStore, rows: _Rows) -> list[str]:
    """No piece is in two parcels, none in a parcel that was not assigned, none too many."""
    broken = []
    quantity = {one.id: one.quantity for one in rows[OrderLine]}
    sent = Tally[int]()
    packs = store.session.execute(
        select(
            col(Shipment.assignment_id),
            col(ShipmentPiece.line_id),
            func.sum(ShipmentPiece.quantity),
        )
        .join(Shipment, col(Shipment.id) == col(ShipmentPiece.shipment_id))
        .group_by(col(Shipment.assignment_id), col(ShipmentPiece.line_id))
    )
    for assignment_id, line_id, packed in packs:
        sent[line_id] += packed
        owned = store.session.get(AssignmentPiece, (assignment_id, line_id))
        if owned is None or packed > owned.quantity:
            broken.append(f"assignment {assignment_id}: {packed} packed of {owned}")
    for line_id, n in sent.items():
        if n > quantity[line_id]:
            broken.append(f"line {line_id}: {n} pieces shipped of {quantity[line_id]}")
    broken += [
        f"parcel {one.id} is in no count, with pieces in it"
        for one in rows[Shipment]
        if one.claimed is not None and key(one) in store.shipments.packed(one.assignment_id)
    ]
    # What a factory says has left of an order no longer its own is in no count.
    packed_by = Tally(one.assignment_id for one in rows[Shipment] if one.claimed is None)
    for one in rows[Assignment]:
        parcels = packed_by[key(one)]
        if (one.status == "shipped") != bool(parcels) and one.status not in (
            "part_shipped",
            "cancelled",
        ):
            broken.append(f"assignment {one.id} is {one.status} with {parcels} parcels")
    return broken
