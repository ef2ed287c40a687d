"""Applying the change of one order: fields, recipient, lines, with factory and audit in step."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from core.answers.fulfilling import move_assignment
from core.answers.under_way import is_catching, let_waiting_go
from core.assignments.piecing import Held, seen_by, shared
from core.changes.change_news import STOP_FIELDS, Heard, heard_of, told_of
from core.changes.judging import Diff
from core.changes.line_changes import LINE_FIELDS, apply_lines
from core.changes.order_news import NOTES, OrderNews
from core.changes.overruling import overruled, said_mark, shapes
from core.clock.watching import watch_order
from core.entities import Assignment, Order, OrderChange
from core.ids import key
from core.orders.placing import place_order
from core.orders.recipients import masked_of, recipient_of
from core.orders.standing import set_after_sale, stop_reason
from core.ports import Store
from core.text.regions import short_province
from core.values import NO_NOTES, Actor, OrderNotes

TIMED = {"ship_by", "held", "after_sale"}  # what the reminders of an order hang on


class Changed(NamedTuple):
    """A stored order, the news of it, how the two differ, and the times its groups have then."""

    order: Order
    news: OrderNews
    diffs: Sequence[Diff]
    as_of: dict[str, str]


class Spans(NamedTuple):
    """How long a change may go unseen, and how long a parcel may be caught after it left."""

    unseen: timedelta
    under_way: timedelta


def apply_each(
    store: Store, actor: Actor, changes: Iterable[Changed], since: datetime
) -> list[Heard]:
    """Apply each change and keep it with the revision it leads to; returns what is to be told.

    What left before `since` is beyond catching.
    """
    return [_apply(store, actor, change, since) for change in changes]


def _apply(store: Store, actor: Actor, changed: Changed, since: datetime) -> Heard:
    order, news, fields = changed.order, changed.news, fields_of(changed)
    stopped = stop_reason(order)
    write_fields(changed, store.now)
    put_notes(store, [changed])
    if "recipient" in fields and news.recipient is not None:
        given = order, recipient_of(news.recipient), masked_of(news.recipient)
        store.orders.put_recipients([given])
        store.tickets.fall([key(order)])  # an e-waybill leads to the old one
    touched: set[int] = set()
    if fields & LINE_FIELDS and news.lines is not None:
        live = [one for one in store.assignments.live_of(key(order)) if not one.extra]
        before = store.assignments.held_of(key(order))
        touched = apply_lines(store, order, news.lines, live, _ended_with(store, order))
        _remember_what_shipped_overruled(store, order, news)
        changed = changed._replace(diffs=_shared(store, changed, before))
    change = store.orders.add_change(
        OrderChange(
            order_id=key(order), revision=order.revision, source=actor.door,
            account_id=actor.account_id, happened_at=news.at, changed_at=store.now,
            diffs=list(changed.diffs),
        )
    )  # fmt: skip
    store.record(actor, "changed", order_id=order.id, revision=order.revision,
                 fields=sorted(fields))  # fmt: skip
    heard = _marked(store, changed, key(change), touched, since)
    _finish(store, order)
    place_order(store, order)
    if fields & TIMED:
        watch_order(store, order)
    if fields & STOP_FIELDS:
        let_waiting_go(store, actor, order)
    return heard._replace(catches=is_catching(stopped, stop_reason(order)))


def _ended_with(store: Store, order: Order) -> Sequence[Assignment]:
    """Return what the order's closing has ended: its factories may still say it had left."""
    return store.assignments.cancelled_of(key(order)) if order.closed_reason else ()


def _remember_what_shipped_overruled(store: Store, order: Order, news: OrderNews) -> None:
    """Pieces in parcels stay; a source that goes on saying there are fewer says nothing new."""
    store.flush()
    stands = [one for one in store.orders.lines([key(order)])[key(order)] if not one.extra]
    if shapes(stands) != shapes(news.lines or ()):
        order.as_of = {**(order.as_of or {}), overruled("lines"): said_mark(store, "lines", news)}


def _shared(store: Store, changed: Changed, before: Sequence[Held]) -> list[Diff]:
    """Return the diffs as each of several factories is to see them: of its own pieces."""
    store.flush()
    order_id = key(changed.order)
    lines = {one.sub_order_no: key(one) for one in store.orders.lines([order_id])[order_id]}
    reading = {key(one) for one in store.orders.at_factories([order_id])}
    return shared(changed.diffs, lines, before, store.assignments.held_of(order_id), reading)


def _marked(
    store: Store, changed: Changed, change_id: int, touched: set[int], since: datetime
) -> Heard:
    """Mark the change for the factories it concerns; what was closed, they no longer owe.

    `touched` are the assignments whose pieces differ.
    """
    order, only_lines = changed.order, fields_of(changed) <= LINE_FIELDS
    given = store.orders.at_factories([key(order)])
    told = [
        one
        for one in told_of(given, changed.diffs, since)
        if (key(one) in touched or not only_lines) and seen_by(changed.diffs, key(one))
    ]
    heard = heard_of(order, change_id, changed.diffs, given, told)
    for one in told:
        closed = order.closed_reason is not None and stop_reason(order, one.extra) is not None
        if one.ended_at is None and closed:
            move_assignment(store, one, "cancelled")
        store.assignments.mark_changed(one, store.now)
    return heard


def fields_of(change: Changed) -> set[str]:
    """Return which fields differ, lines by what differs of them."""
    return {diff["field"] for diff in change.diffs}


def write_fields(change: Changed, now: datetime) -> None:
    """Set what differs of the order itself; lines, recipient and notes are rows of their own."""
    order, news, fields = change.order, change.news, fields_of(change)
    order.revision += 1
    order.updated_at = now
    order.as_of = {**(order.as_of or {}), **change.as_of}
    if "ship_by" in fields:
        order.ship_by = news.ship_by
    if "after_sale" in fields and news.after_sale is not None:
        set_after_sale(order, news.after_sale)
    if "held" in fields:
        order.held_at = now if news.held else None
    if "closed" in fields:
        order.closed_reason = news.closed
    if "recipient" in fields and news.recipient is not None:
        order.complete = True
        order.province = short_province(news.recipient.province) or order.province


def put_notes(store: Store, changes: Sequence[Changed]) -> None:
    """Keep the notes that differ; what the news does not say of them stays."""
    noted = [one for one in changes if fields_of(one) & set(NOTES)]
    stood = store.orders.notes([key(one.order) for one in noted])
    store.orders.put_notes([(one.order, _noted(one, stood)) for one in noted])


def _noted(change: Changed, stood: Mapping[int, OrderNotes]) -> OrderNotes:
    news, fields = change.news, fields_of(change)
    said = {name: getattr(news, name) for name in NOTES if name in fields}
    return stood.get(key(change.order), NO_NOTES)._replace(**said)


def _finish(store: Store, order: Order) -> None:
    """What owes nothing any more has shipped, or is over when nothing of it was sent."""
    for one in store.assignments.live_of(key(order)):
        store.flush()
        owed = sum(store.assignments.pieces(key(one)).values())
        gone = sum(store.shipments.shipped_pieces(key(one)).values())
        if one.status == "part_shipped" and owed <= gone:
            move_assignment(store, one, "shipped")
        elif not owed:
            move_assignment(store, one, "cancelled")
