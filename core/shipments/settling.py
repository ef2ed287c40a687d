"""Settling a paste: what is certain ships at once, together; what is in doubt waits to be asked.

An order ships when none of its lines waits: how many pieces are in a parcel may hang on the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from core.answers.claimed import is_claim, over_reason
from core.answers.under_way import under_way_reason
from core.entities.assignment import OPEN_STATUSES, OVER_STATUSES, UNSHIPPED_STATUSES
from core.orders.views import FoundOrder, Numbered
from core.ports import Store
from core.shipments.doubting import Meant, doubts
from core.shipments.parcels import PiecesBeyondLeft, share_late
from core.shipments.pasted import Entry
from core.shipments.sending import Sent, correct
from core.shipments.ship_many import Leaving, Left, ship_many
from core.values import Actor

Orders = Mapping[int, FoundOrder]
Parcels = Mapping[int, Sequence[Numbered]]


def settle(
    store: Store, actor: Actor, entries: Sequence[Entry], orders: Orders | None = None
) -> None:
    """Bring every waiting line as far as it goes; `orders` where they were just read."""
    waiting = [one for one in entries if one.state == "waiting"]
    for one in waiting:
        one.ask = "" if one.order else "order"
    known = [one for one in waiting if one.order]
    if orders is None:
        ids = sorted({one.order for one in known})
        orders = {one.assignment_id: one for one in store.assignments.by_ids(actor.shop_id, ids)}
    _check_standing(store, actor, known, orders)
    _ask(store, [one for one in known if one.state == "waiting"], orders)
    _ship(store, actor, [one for one in known if one.state == "waiting"], orders)


def _check_standing(store: Store, actor: Actor, entries: Sequence[Entry], orders: Orders) -> None:
    """Refuse what may not ship; what has shipped is there already, or is a correction."""
    begun = [
        order.assignment_id for order in orders.values() if order.status not in UNSHIPPED_STATUSES
    ]
    parcels: dict[int, list[Numbered]] = defaultdict(list)
    for parcel in store.shipments.numbers_of(begun) if begun else ():
        parcels[parcel.assignment_id].append(parcel)
    gone, over = _gone(store, orders.values(), parcels), _over(store, actor, orders.values())
    seen: dict[int, set[str]] = defaultdict(set)
    several = defaultdict[int, int](int)
    for one in entries:
        several[one.order] += 1
    for one in entries:
        order = orders.get(one.order)
        if order is None:
            one.refuse("no_order")
            continue
        refused = _refused(order, one, over.get(one.order))
        there = {parcel.number for parcel in parcels[one.order]} | seen[one.order]
        if all(given.number in there for given in one.numbers):
            one.state = "again"
        elif order.status == "shipped" or one.order in gone:
            alone = several[one.order] == 1 and len(one.numbers) == 1
            _correct(store, actor, one, parcels[one.order] if alone else ())
        elif refused is not None:
            one.refuse(*refused)
        else:
            one.numbers = [given for given in one.numbers if given.number not in there]
        seen[one.order] |= {given.number for given in one.numbers}


def _refused(order: FoundOrder, entry: Entry, over: "_Over | None") -> tuple[str, str] | None:
    """Return why a number of the order is refused, and the detail; the entry learns what it is."""
    stopped = under_way_reason(order, order.status, order.extra)
    entry.left = entry.left and (stopped or over) is not None  # it may ship again: as any
    entry.over = over.why if over is not None else ""
    if over is not None and over.anew:
        return "anew", over.anew
    if over is not None:
        return None if entry.left else ("ended", over.why)
    if stopped is not None:
        return None if entry.left else ("stopped", stopped)
    return None if order.status in {*OPEN_STATUSES, "shipped"} else ("undone", order.status)


class _Over(NamedTuple):
    """Why an order is no longer its factory's; its tag where it is so again (`anew`)."""

    why: str
    anew: str


def _over(store: Store, actor: Actor, orders: Iterable[FoundOrder]) -> dict[int, _Over]:
    """Return those that are no longer the factory's, by assignment."""
    over = [one for one in orders if is_claim(one, one) and one.closed_reason != "undone"]
    numbers = list(dict.fromkeys(one.order_no for one in over))
    again = store.assignments.by_numbers(actor.shop_id, numbers) if over else ()
    tags = {(one.order_id, one.extra): one.tag for one in again if one.status in OPEN_STATUSES}
    return {
        one.assignment_id: _Over(
            over_reason(store, one.status, one.binding_id),
            tags.get((one.order_id, one.extra), ""),
        )
        for one in over
    }


def _gone(store: Store, orders: Iterable[FoundOrder], parcels: Parcels) -> set[int]:
    """Return those that are over with every piece on its way: nothing else can leave."""
    over = [one for one in orders if one.status in OVER_STATUSES and parcels.get(one.assignment_id)]
    left = store.shipments.left_of(over) if over else {}
    return {one for one, lines in left.items() if sum(lines.values()) <= 0}


def _correct(store: Store, actor: Actor, entry: Entry, parcels: Sequence[Numbered]) -> None:
    """The order has one parcel and another number: asked, then corrected with its history."""
    if len(parcels) != 1:
        entry.refuse("shipped_before")
        return
    [given] = entry.numbers
    if given.carrier is None:
        return  # asked first
    if not entry.fix:
        entry.ask, entry.detail = "fix", parcels[0].number
    else:
        shipment = store.shipments.get(parcels[0].shipment_id)
        if shipment is not None:
            correct(store, actor, shipment, given.carrier, given.number)
            entry.state, entry.detail = "corrected", parcels[0].number


def _ask(store: Store, entries: Sequence[Entry], orders: Orders) -> None:
    """Find what must be asked of each line: the carrier first, then what speaks against it."""
    meant = [
        Meant(
            given.number, order.order_id, order.merchant_id, order.created_at, order.assignment_id
        )
        for one in entries
        for order in [orders[one.order]]
        for given in one.numbers
    ]
    found = iter(doubts(store, meant) if meant else ())
    for one in entries:
        speaking = [(next(found), given.number) for given in one.numbers]
        doubt, number = next((each for each in speaking if each[0] is not None), (None, ""))
        if any(given.carrier is None for given in one.numbers):
            one.ask = "carrier"
        elif doubt is not None and not one.sure:
            one.ask, one.detail = doubt, number


def _ship(store: Store, actor: Actor, entries: Sequence[Entry], orders: Orders) -> None:
    groups: dict[int, list[Entry]] = defaultdict(list)
    for one in entries:
        groups[one.order].append(one)
    certain = {order: group for order, group in groups.items() if not any(one.ask for one in group)}
    left = store.shipments.left_of([orders[order] for order in certain]) if certain else {}
    leaving: list[Leaving] = []
    for order_id, group in certain.items():
        sent = _sent(group, sum(left[order_id].values()))
        if sent:
            order = orders[order_id]
            leaving.append(Leaving(order, sent, claimed=is_claim(order, order)))
    missed = ship_many(store, actor, leaving, _of(left, leaving))
    for order_id, kind in missed.items():
        for one in groups[order_id]:
            one.overlooked = kind


def _sent(group: Sequence[Entry], left: int) -> list[Sent]:
    """Return an order's parcels, none when its pieces are asked about or too many."""
    numbers = [given for one in group for given in one.numbers]
    try:
        counts = share_late([given.pieces for given in numbers], left)
    except PiecesBeyondLeft as beyond:
        for one in group:
            one.refuse("beyond", f"{beyond.counted}/{beyond.left}")
        return []
    if counts is None:
        group[0].ask = "pieces"
        return []
    rest = left - sum(counts)
    for one in group:
        one.state, one.detail = "shipped", str(rest) if rest > 0 else ""
    return [
        Sent(given.number, given.carrier or "", n) for given, n in zip(numbers, counts, strict=True)
    ]


def _of(left: Left, leaving: Sequence[Leaving]) -> Left:
    return {one.order.assignment_id: left[one.order.assignment_id] for one in leaving}
