"""How orders stand between two acts, and what an act may have shipped: judged by other means.

Whether an order must not ship is told here from what was said of it, change by change, never by
asking the rule under test.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlmodel import col, select

from core.entities import Assignment, AuditRow, Order, OrderChange, Shipment
from core.ids import key
from storage.store import SqlStore

# The deeds in which a factory says that a parcel had left before.
SAY_LEFT = {"had left", "pastes what had left", "claims"}


class Stood(NamedTuple):
    """How an order and its assignments stand, its audit rows, and why it must not ship.

    `parcels` are all there are; `over` the assignments that ended without one.
    """

    state: Any
    rows: int
    parcels: Mapping[int, "Parcel"]
    stopped: str
    over: frozenset[int] = frozenset()


class Parcel(NamedTuple):
    """Whose parcel it is, what the merchant says of it, whether it is out of all counts."""

    assignment: int
    verdict: str
    claimed: bool


NEW = Stood(None, 0, {}, "")


def judge_parcels(deed: str, was: Stood, now: Stood) -> None:
    """Of what must not ship only a parcel that had left before is kept, and asked of.

    What was no longer its factory's is in no count either, unless the merchant lets it go.
    """
    new = [parcel for one, parcel in now.parcels.items() if one not in was.parcels]
    for one in new:
        lost = one.assignment in was.over
        if was.stopped or lost:
            assert deed in SAY_LEFT, f"{deed} shipped {one} though {was.stopped or 'lost'}: {was}"
            assert one.verdict == "asked", f"{deed} kept {one}, nobody was asked: {was}"
        assert one.claimed <= lost, f"{deed}: {one} is its factory's and counts for nothing: {was}"
    for number, before in was.parcels.items():
        after = now.parcels[number]
        counted = before.claimed and not after.claimed
        assert not counted or deed == "judges", f"{deed} counted {before}: {was} → {now}"


def orders_now(store: SqlStore) -> dict[int, Stood]:
    """Return how each order stands."""
    session = store.session
    session.expire_all()
    history = Counter(session.scalars(select(col(AuditRow.order_id))))
    given, parcels = defaultdict[int, list[Any]](list), defaultdict[int, dict[int, Parcel]](dict)
    over = defaultdict[int, set[int]](set)
    for one in session.scalars(select(Assignment).order_by(col(Assignment.id))):
        given[one.order_id].append((one.status, one.held_until, one.held_agreed_at))
        if one.status in ("declined", "recalled", "cancelled"):
            over[one.order_id].add(key(one))
    for sent in session.scalars(select(Shipment).order_by(col(Shipment.id))):
        parcel = Parcel(sent.assignment_id, sent.verdict, sent.claimed is not None)
        parcels[sent.order_id][key(sent)] = parcel
    changes = defaultdict[int, list[OrderChange]](list)
    for change in session.scalars(select(OrderChange).order_by(col(OrderChange.revision))):
        changes[change.order_id].append(change)
    return {
        key(one): Stood(
            (one.status, one.tab, one.revision, one.after_sale, one.closed_reason, one.pieces,
             one.held_at, one.let_go_at, given[key(one)], list(parcels[key(one)].values())),
            history[one.id], parcels[key(one)], why_stopped(one, changes[key(one)]),
            frozenset(over[key(one)]),
        )
        for one in session.scalars(select(Order))
    }  # fmt: skip


def why_stopped(order: Order, changes: Iterable[OrderChange]) -> str:
    """Return what was said last that stops the order, empty when it may ship.

    An order begins as it came in. What was let go is the after-sale that was open then.
    """
    if order.closed_reason == "undone":
        return "undone"
    diffs = [diff for change in changes for diff in change.diffs]
    closed = _first(diffs, "closed", order.closed_reason)
    after_sale = _first(diffs, "after_sale", order.after_sale)
    held, let_go = _first(diffs, "held", order.held_at is not None), False
    for diff in diffs:
        if diff["field"] == "closed":
            closed = diff["new"]
        elif diff["field"] == "after_sale":
            after_sale, let_go = diff["new"], False
        elif diff["field"] == "held":
            held = diff["new"]
        elif diff["field"] == "let_go":
            let_go = True
    if after_sale == "refunded" or (after_sale == "open" and not let_go):
        return closed or f"refund {after_sale}"
    return closed or ("held" if held else "")


def _first(diffs: Iterable[dict[str, Any]], field: str, now: object) -> Any:
    """Return what a field was before anything was said of it: else it is as it came in."""
    return next((diff["old"] for diff in diffs if diff["field"] == field), now)
