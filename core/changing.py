"""Changing an order: what differs, as a value; applied with pieces, factory and audit in step."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from core.entities import BATCH_FROM, Assignment, Extra, Order, OrderChange, OrderLine
from core.events import TAGS_NAMED, Event, OrderChanged, OrdersChanged
from core.fulfilling import move_assignment
from core.ids import key
from core.incoming import IncomingLine, IncomingOrder
from core.placing import place_order
from core.ports import Store
from core.recipients import masked_of, recipient_of
from core.standing import set_after_sale, stop_reason
from core.values import Actor

Diff = dict[str, Any]  # {"field": …, "old": …, "new": …[, "product": …]}


def differences(
    store: Store, order: Order, lines: Sequence[OrderLine], same_hash: str | None,
    incoming: IncomingOrder,
) -> list[Diff]:  # fmt: skip
    """Return how the incoming order differs from the stored one; empty when it is known.

    A masked recipient never replaces a complete one, and nothing moves an order backwards: closed
    stays closed, and what shipped from here is not 'shipped elsewhere'.
    """
    diffs = _note_diffs(order, incoming)
    diffs += _line_diffs(lines, incoming.lines)
    given = incoming.recipient
    if given.complete and store.orders.same_hash(recipient_of(incoming)) != same_hash:
        old = store.orders.masked(key(order))
        diffs.append(
            {
                "field": "recipient",
                "old": old.address if old else "",
                "new": masked_of(incoming).address,
                "first": not order.complete,
            }
        )
    return diffs + _state_diffs(order, incoming)


class Changed(NamedTuple):
    """A stored order, what came in about it, and how the two differ."""

    order: Order
    incoming: IncomingOrder
    diffs: Sequence[Diff]


def apply_changes(store: Store, actor: Actor, changes: Iterable[Changed]) -> None:
    """Apply the diffs, keep each with the revision it leads to, and tell the factories at work.

    A factory is told of a few orders one by one, of `BATCH_FROM` and more in one message.
    """
    tell(store, apply_each(store, actor, changes))


def apply_each(store: Store, actor: Actor, changes: Iterable[Changed]) -> list["News"]:
    """Apply the diffs one order at a time; returns what is to be told (see `tell`)."""
    return [one for change in changes for one in _apply(store, actor, *change)]


class News(NamedTuple):
    """A change that a factory must hear of; `stops` when it must not ship any more."""

    given: Assignment
    change_id: int
    stops: bool


def tell(store: Store, news: Iterable[News]) -> None:
    """Tell the factories at work: of a few orders one by one, of `BATCH_FROM` and more at once."""
    theirs: dict[tuple[int, int], list[News]] = defaultdict(list)
    for one in news:
        theirs[one.given.factory_id, one.given.binding_id].append(one)
    for (factory_id, binding_id), told in theirs.items():
        store.emit_all(_events(binding_id, told), to=factory_id)


def _events(binding_id: int, told: Sequence[News]) -> list[Event]:
    if len(told) < BATCH_FROM:
        return [OrderChanged(key(one.given), one.change_id) for one in told]
    stops = [one.given.tag for one in told if one.stops]
    others = [one.given.tag for one in told if not one.stops]
    named = tuple(stops[:TAGS_NAMED]), tuple(others[:TAGS_NAMED])
    return [OrdersChanged(binding_id, len(stops), len(others), *named)]


def _apply(
    store: Store, actor: Actor, order: Order, incoming: IncomingOrder, diffs: Sequence[Diff]
) -> list[News]:
    fields = {diff["field"] for diff in diffs}
    order.revision += 1
    order.updated_at = store.now
    apply_fields(order, incoming, fields)
    if "recipient" in fields:
        store.orders.put_recipients([(order, recipient_of(incoming), masked_of(incoming))])
    if fields & LINE_FIELDS:
        _apply_lines(store, order, incoming.lines)
    change = store.orders.add_change(
        OrderChange(
            order_id=key(order), revision=order.revision, source=actor.door,
            changed_at=store.now, diffs=list(diffs),
        )
    )  # fmt: skip
    store.record(actor, "changed", order_id=order.id, revision=order.revision,
                 fields=sorted(fields))  # fmt: skip
    news = _news(store, order, change)
    _finish(store, order)
    place_order(store, order)
    return news


STOP_FIELDS = {"closed", "after_sale"}
LINE_FIELDS = {"quantity", "product", "line_added", "line_removed"}


def _note_diffs(order: Order, incoming: IncomingOrder) -> list[Diff]:
    pairs = [
        ("buyer_note", order.buyer_note, incoming.buyer_note),
        ("seller_note", order.seller_note, incoming.seller_note),
    ]
    diffs: list[Diff] = [
        {"field": name, "old": old, "new": new} for name, old, new in pairs if old != new
    ]
    if incoming.ship_by is not None and incoming.ship_by != order.ship_by:
        old_time = order.ship_by.isoformat() if order.ship_by else None
        diffs.append({"field": "ship_by", "old": old_time, "new": incoming.ship_by.isoformat()})
    return diffs


def _state_diffs(order: Order, incoming: IncomingOrder) -> list[Diff]:
    diffs: list[Diff] = []
    if order.after_sale not in (incoming.after_sale, "refunded"):
        diffs.append({"field": "after_sale", "old": order.after_sale, "new": incoming.after_sale})
    closing = {"closed": "cancelled", "shipped": "shipped_elsewhere", "done": "shipped_elsewhere"}
    reason = closing.get(incoming.order_status)
    shipped_here = order.status in ("part_shipped", "shipped")
    news = reason is not None and order.closed_reason is None
    if news and (reason == "cancelled" or not shipped_here):
        diffs.append({"field": "closed", "old": None, "new": reason})
    return diffs


def _line_diffs(lines: Sequence[OrderLine], incoming: Sequence[IncomingLine]) -> list[Diff]:
    stored = {line.sub_order_no: line for line in lines if not line.extra}
    diffs: list[Diff] = []
    for line in incoming:
        old = stored.pop(line.sub_order_no, None)
        if old is None:
            diffs.append({"field": "line_added", "product": line.product_name,
                          "old": 0, "new": line.quantity})  # fmt: skip
            continue
        if old.quantity != line.quantity:
            diffs.append({"field": "quantity", "product": line.product_name,
                          "old": old.quantity, "new": line.quantity})  # fmt: skip
        before, after = _named(old), _named(line)
        if before != after:
            diffs.append({"field": "product", "old": before, "new": after})
    diffs += [
        {"field": "line_removed", "product": old.product_name, "old": old.quantity, "new": 0}
        for old in stored.values()
        if old.quantity
    ]
    return diffs


def _named(line: OrderLine | IncomingLine) -> str:
    return " ".join(part for part in (line.product_name, line.sku_spec, line.product_code) if part)


def apply_fields(order: Order, incoming: IncomingOrder, fields: set[str]) -> None:
    """Set what differs of the order itself; its lines and its recipient are rows of their own."""
    for name in ("buyer_note", "seller_note", "ship_by"):
        if name in fields:
            setattr(order, name, getattr(incoming, name))
    if "after_sale" in fields:
        set_after_sale(order, incoming.after_sale)
    if "closed" in fields:
        cancelled = incoming.order_status == "closed"
        order.closed_reason = "cancelled" if cancelled else "shipped_elsewhere"
    if "recipient" in fields:
        order.complete = True


def _apply_lines(store: Store, order: Order, incoming: Sequence[IncomingLine]) -> None:
    """Bring lines, and the pieces of the one factory at work, to the incoming quantities.

    Never below what is already in parcels. What an order grows by after it shipped is nobody's
    yet: it waits to be assigned.
    """
    live = [one for one in store.assignments.live_of(key(order)) if not one.extra]
    holder = key(live[0]) if len(live) == 1 else None
    shipped = store.shipments.shipped_of_order(key(order))
    own = store.shipments.shipped_pieces(holder) if holder is not None else {}
    wanted = {line.sub_order_no: line for line in incoming}
    lines = store.orders.lines([key(order)])[key(order)]
    stored = {line.sub_order_no: line for line in lines if not line.extra}
    for sub_order_no, line in wanted.items():
        kept = stored.get(sub_order_no)
        if kept is None:
            kept = OrderLine(order_id=key(order), merchant_id=order.merchant_id, quantity=0,
                             sub_order_no=sub_order_no,
                             product_name=line.product_name)  # fmt: skip
            store.orders.add_line(kept)
        kept.product_name, kept.sku_spec = line.product_name, line.sku_spec
        kept.product_code, kept.price_fen = line.product_code, line.price_fen
        stored[sub_order_no] = kept
    for sub_order_no, kept in stored.items():
        want = wanted[sub_order_no].quantity if sub_order_no in wanted else 0
        gone = shipped.get(key(kept), 0)
        kept.quantity = max(want, gone)
        if holder is not None:
            owed = kept.quantity - gone + own.get(key(kept), 0)
            store.assignments.put_piece(holder, key(kept), owed)
    order.pieces = sum(line.quantity for line in stored.values())


def _finish(store: Store, order: Order) -> None:
    """What was partly shipped and owes nothing any more has shipped."""
    for one in store.assignments.live_of(key(order)):
        if one.status == "part_shipped":
            store.flush()
            owed = sum(store.assignments.pieces(key(one)).values())
            if owed <= sum(store.shipments.shipped_pieces(key(one)).values()):
                move_assignment(store, one, "shipped")


def _news(store: Store, order: Order, change: OrderChange) -> list[News]:
    """Mark it for the factories at work; of a cancel or refund also for the one that shipped it."""
    fields = {diff["field"] for diff in change.diffs}
    live = [one for one in store.assignments.live_of(key(order)) if concerns(fields, one.extra)]
    for assignment in live:
        if order.closed_reason is not None and stop_reason(order, assignment.extra):
            move_assignment(store, assignment, "cancelled")
    last = store.assignments.latest_of(key(order))
    if not live and fields & STOP_FIELDS and last is not None and last.status == "shipped":
        live = [last]
    for assignment in live:
        store.assignments.mark_changed(assignment, store.now)
    stopping = bool(fields & STOP_FIELDS)
    return [
        News(one, key(change), stopping and stop_reason(order, one.extra) is not None)
        for one in live
    ]


def concerns(fields: set[str], extra: Extra) -> bool:
    """Return whether a change is news to an assignment: an extra has lines and notes of its own."""
    if not extra:
        return True
    return bool(fields & ({"recipient", *STOP_FIELDS} if extra == "gift" else {"recipient"}))
