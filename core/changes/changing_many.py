"""Changing many orders at once, as a file does: set-based where only the order itself differs.

An order whose lines differ, or that stops at a factory, is changed by itself: pieces follow,
assignments end (`core.changes.applying`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from core.answers.under_way import ask_under_way
from core.changes.applying import (
    TIMED,
    Changed,
    Spans,
    apply_each,
    fields_of,
    put_notes,
    write_fields,
)
from core.changes.change_news import STOP_FIELDS, Heard, heard_of, moved, tell, told_of
from core.changes.line_changes import LINE_FIELDS
from core.clock.waiting import tell_waiting_late
from core.clock.watching import watch_order
from core.entities import Assignment
from core.ids import key
from core.orders.recipients import masked_of, recipient_of
from core.orders.standing import stop_reason
from core.ports import Store
from core.values import Actor


def apply_many(store: Store, actor: Actor, changes: Sequence[Changed], spans: Spans) -> None:
    """Apply them all, keep each with the revision it leads to, and tell whom they concern."""
    since = store.now - spans.under_way
    begun = {one.order_id for one in store.orders.at_factories([key(one.order) for one in changes])}
    singly: list[Changed] = []
    plain: list[Changed] = []
    for one in changes:
        (singly if is_involved(one, given=key(one.order) in begun) else plain).append(one)
    # One by one first: what goes set-based makes everything loaded be read anew.
    heard = apply_each(store, actor, singly, since)
    if plain:
        heard += _apply_plain(store, actor, plain, since)
    store.chats.outdate([key(one.order) for one in changes if _outdates(one)])
    tell(store, actor.shop_id, heard, spans.unseen)
    timed = [key(one.order) for one in changes if fields_of(one) & TIMED]
    tell_waiting_late(store, actor.shop_id, timed)
    caught = [one.order_id for one in heard if one.catches]
    ask_under_way(store, actor, actor.shop_id, caught, since)


def _outdates(change: Changed) -> bool:
    """Whether a recipient on a screen must not be shipped to any more: another, or a stop."""
    stopped = stop_reason(change.order) is not None and bool(fields_of(change) & STOP_FIELDS)
    return stopped or moved(change.diffs)


def is_involved(change: Changed, *, given: bool) -> bool:
    """Whether more follows than that it is kept and told; `given`: to a factory, ever so far."""
    fields = fields_of(change)
    return bool(fields & LINE_FIELDS) or (given and bool(fields & STOP_FIELDS))


def _apply_plain(
    store: Store, actor: Actor, changes: Sequence[Changed], since: datetime
) -> list[Heard]:
    ids = [key(one.order) for one in changes]
    revealed, kept, trail = [], [], []
    for order_id, one in zip(ids, changes, strict=True):
        order, fields, given = one.order, fields_of(one), one.news.recipient
        write_fields(one, store.now)
        if "recipient" in fields and given is not None:
            revealed.append((order, recipient_of(given), masked_of(given)))
        kept.append((order_id, order.revision, one.news.at, list(one.diffs)))
        trail.append({"order_id": order_id, "revision": order.revision, "fields": sorted(fields)})
    put_notes(store, changes)
    store.orders.put_recipients(revealed)
    if revealed:
        store.tickets.fall([key(order) for order, _, _ in revealed])
    made = store.orders.add_changes(actor, kept)
    store.record_all(actor, "changed", trail)
    heard = _heard(store, changes, made, since)
    for one in changes:
        if "ship_by" in fields_of(one):
            watch_order(store, one.order)
    store.orders.place_many(ids)
    return heard


def _heard(
    store: Store, changes: Sequence[Changed], made: Mapping[int, int], since: datetime
) -> list[Heard]:
    """Mark the changes for the factories they concern."""
    theirs: dict[int, list[Assignment]] = defaultdict(list)
    for one in store.orders.at_factories(list(made)):
        theirs[one.order_id].append(one)
    heard: list[Heard] = []
    for change in changes:
        order_id = key(change.order)
        given = theirs[order_id]
        told = told_of(given, change.diffs, since)
        heard.append(heard_of(change.order, made[order_id], change.diffs, given, told))
    store.assignments.mark_all_changed([each.given for one in heard for each in one.news])
    return heard
