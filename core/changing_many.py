"""Changing many orders at once, as a file does: set-based where no factory has to do with it.

An order that is or was at a factory, or whose lines differ, is changed by itself: pieces follow,
and its factory is told (`core.changing`).
"""

from collections.abc import Sequence

from core.changing import LINE_FIELDS, Changed, apply_changes, apply_fields
from core.ids import key
from core.ports import Store
from core.recipients import masked_of, recipient_of
from core.values import Actor


def apply_many(store: Store, actor: Actor, changes: Sequence[Changed]) -> None:
    """Apply them all, keep each with the revision it leads to, and tell the factories at work."""
    begun = {one.order_id for one in store.orders.at_factories([key(one.order) for one in changes])}
    plain: list[Changed] = []
    singly: list[Changed] = []
    for one in changes:
        alone = key(one.order) in begun or _fields(one) & LINE_FIELDS
        (singly if alone else plain).append(one)
    # One by one first: what goes set-based makes everything loaded be read anew.
    apply_changes(store, actor, singly)
    if plain:
        _apply_plain(store, actor, plain)


def _fields(change: Changed) -> set[str]:
    return {diff["field"] for diff in change.diffs}


def _apply_plain(store: Store, actor: Actor, changes: Sequence[Changed]) -> None:
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
    store.orders.add_changes(actor.door, kept)
    store.record_all(actor, "changed", trail)
    store.orders.place_many(ids)
