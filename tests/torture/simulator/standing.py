"""What stands at the end of a play, in words that no order of events changes: no ids, no times.

Of each order everything the business knows; of each shop its counters and bindings; of what was
told and recorded how often, to whom. Left out: ids and moments, tags (drawn at random), sealed
texts (sealed with chance), and what only screens need (cards, drafts, marks, open questions).
"""

import hashlib
import json
from collections import Counter as Tally
from collections.abc import Iterator

from sqlmodel import col, select

from core.entities import (
    Alert,
    Assignment,
    AssignmentPiece,
    AuditRow,
    Binding,
    ChangeNotice,
    Counter,
    Job,
    Look,
    Member,
    Order,
    OrderChange,
    OrderLine,
    OrderQuestion,
    Shipment,
    ShipmentPiece,
    Shop,
)
from core.ids import key
from storage.store import SqlStore


def stands(store: SqlStore) -> list[str]:
    """Return everything that stands, a line for each thing."""
    return sorted([*_orders(store), *_shops(store), *_told(store)])


def hash_of(lines: list[str]) -> str:
    """Return the lines in short."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _orders(store: SqlStore) -> Iterator[str]:
    session = store.session
    subs = {key(one): one.sub_order_no for one in session.scalars(select(OrderLine))}
    for order in session.scalars(select(Order)):
        mine = order.order_no
        yield (f"order {mine}: {order.status} {order.tab} {order.after_sale} {order.pieces} "
               f"{order.closed_reason} held {order.held_at is not None} "
               f"let go {order.let_go_at is not None}")  # fmt: skip
        for line in session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)):
            yield f"line {mine} {line.sub_order_no}: {line.quantity} {line.extra}"
        for one in session.scalars(select(OrderChange).where(OrderChange.order_id == order.id)):
            yield f"change {mine}: {one.revision} {json.dumps(one.diffs, sort_keys=True)}"
        for given in session.scalars(select(Assignment).where(Assignment.order_id == order.id)):
            pieces = session.scalars(
                select(AssignmentPiece).where(AssignmentPiece.assignment_id == given.id)
            )
            owned = sorted((subs[piece.line_id], piece.quantity) for piece in pieces)
            yield f"given {mine} to {given.factory_id}: {given.status} {given.tab} {owned}"
            yield from _parcels(store, mine, given, subs)
            for notice in session.scalars(
                select(ChangeNotice).where(ChangeNotice.assignment_id == given.id)
            ):
                yield f"notice {mine}: seen {notice.seen_at is not None}"
        for asked in session.scalars(
            select(OrderQuestion).where(OrderQuestion.order_id == order.id)
        ):
            yield f"question {mine}: answered {asked.answered_at is not None}"


def _parcels(store: SqlStore, order: str, given: Assignment, subs: dict[int, str]) -> Iterator[str]:
    for one in store.session.scalars(select(Shipment).where(Shipment.assignment_id == given.id)):
        pieces = store.session.scalars(
            select(ShipmentPiece).where(ShipmentPiece.shipment_id == one.id)
        )
        packed = sorted((subs[piece.line_id], piece.quantity) for piece in pieces)
        yield f"parcel {order}: {one.carrier} {one.tracking_number} {packed} {one.verdict}"


def _shops(store: SqlStore) -> Iterator[str]:
    session = store.session
    for shop in session.scalars(select(Shop)):
        yield f"shop {shop.id}: {shop.name} alerts to {shop.alert_chat_id}"
    for member in session.scalars(select(Member)):
        yield f"member {member.shop_id} {member.account_id}: {member.rank} {member.left_at is None}"
    for one in session.scalars(select(Counter).where(col(Counter.n) > 0)):
        yield f"counter {one.shop_id} {one.name}: {one.n}"
    for bound in session.scalars(select(Binding)):
        sides = f"{bound.merchant_id}-{bound.factory_id}"
        yield f"binding {sides}: {bound.status} {bound.open_count} {bound.merchant_alias}"


def _told(store: SqlStore) -> Iterator[str]:
    session = store.session
    numbers = {key(one): one.order_no for one in session.scalars(select(Order))}
    alerts = Tally((a.chat_id, a.event, a.state) for a in session.scalars(select(Alert)))
    yield from (f"told {what}: {n}" for what, n in alerts.items())
    audit = Tally(
        (row.shop_id, row.account_id, row.door, row.act, numbers.get(row.order_id or 0))
        for row in session.scalars(select(AuditRow))
    )
    yield from (f"recorded {json.dumps(what)}: {n}" for what, n in audit.items())
    jobs = Tally((one.kind, one.state) for one in session.scalars(select(Job)))
    yield from (f"work {what}: {n}" for what, n in jobs.items())
    yield f"looks: {len(session.scalars(select(Look)).all())}"
