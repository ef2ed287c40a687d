"""Changing many orders at once, as a file does: set-based where only the order itself differs.

An order whose lines differ, or that stops at a factory, is changed by itself: pieces follow,
assignments end (`core.changing`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from core.changing import (
    LINE_FIELDS,
    STOP_FIELDS,
    Changed,
    News,
    apply_each,
    apply_fields,
    concerns,
    tell,
)
from core.entities import Assignment
from core.ids import key
from core.ports import Store
from core.recipients import masked_of, recipient_of
from core.values import Actor


def apply_many(store: Store, actor: Actor, changes: Sequence[Changed]) -> None:
    """Apply them all, keep each with the revision it leads to, and tell the factories at work."""
    begun = {one.order_id for one in store.orders.at_factories([key(one.order) for one in changes])}
    singly: list[Changed] = []
    plain: list[Changed] = []
    for one in changes:
        (singly if is_involved(one, given=key(one.order) in begun) else plain).append(one)
    # One by one first: what goes set-based makes everything loaded be read anew.
    news = apply_each(store, actor, singly)
    if plain:
        news += _apply_plain(store, actor, plain)
    tell(store, news)


def is_involved(change: Changed, *, given: bool) -> bool:
    """Whether more follows than that it is kept and told; `given`: to a factory, ever so far."""
    fields = _fields(change)
    return bool(fields & LINE_FIELDS) or (given and bool(fields & STOP_FIELDS))


def _fields(change: Changed) -> set[str]:
    return {diff["field"] for diff in change.diffs}


def _apply_plain(store: Store, actor: Actor, changes: Sequence[Changed]) -> list[News]:
    ids = [key(one.order) for one in changes]
    revealed, kept, trail = [], [], []
    for order_id, one in zip(ids, changes, strict=True):
        order, fields = one.order, _fields(one)
        order.revision += 1
        order.updated_at = store.now
        apply_fields(order, one.incoming, fields)
        if "recipient" in fields:
            revealed.append((order, recipient_of(one.incoming), masked_of(one.incoming)))
        kept.append((order_id, order.revision, list(one.diffs)))
        trail.append({"order_id": order_id, "revision": order.revision, "fields": sorted(fields)})
    store.orders.put_recipients(revealed)
    made = store.orders.add_changes(actor.door, kept)
    store.record_all(actor, "changed", trail)
    news = _news(store, {key(one.order): _fields(one) for one in changes}, made)
    store.orders.place_many(ids)
    return news


def _news(store: Store, fields: Mapping[int, set[str]], made: Mapping[int, int]) -> list[News]:
    """Mark the changes for the factories at work."""
    live: dict[int, list[Assignment]] = defaultdict(list)
    for one in store.orders.at_factories(list(fields)):
        if one.ended_at is None and concerns(fields[one.order_id], one.extra):
            live[one.order_id].append(one)
    given = [one for order_id in fields for one in live[order_id]]
    store.assignments.mark_all_changed(given)
    return [News(one, made[one.order_id], stops=False) for one in given]
