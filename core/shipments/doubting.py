"""Is this number meant? What speaks against one at entry: asked about, never guessed.

One place for a single reply, a paste, a packing list and photos. A `Doubt` is no refusal: whoever
knows better insists, and the number is used.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from core.orders.views import NumberUse
from core.ports import Store

# In the order of their weight: of several, the first is asked about.
Doubt = Literal["foreign", "used", "older", "twice", "drawn"]


class Meant(NamedTuple):
    """A number somebody wants on a parcel of an order, as its `assignment_id` has it."""

    number: str
    order_id: int
    merchant_id: int
    created_at: datetime
    assignment_id: int = 0


def doubts(store: Store, meant: Sequence[Meant]) -> list[Doubt | None]:
    """Return what speaks against each number, or None.

    - `foreign`: it stands on a parcel of another merchant, whoever receives that;
    - `used`: it stands on a parcel to another recipient;
    - `older`: it stands on a parcel that left before this order was there;
    - `twice`: it is given here for another recipient too;
    - `drawn`: an e-waybill was drawn for the order, and this is another number.
    """
    others = _not_as_drawn(store, meant)
    uses: dict[str, list[NumberUse]] = defaultdict(list)
    for use in store.shipments.uses(list({one.number for one in meant})):
        uses[use.number].append(use)
    here: dict[str, set[int]] = defaultdict(set)
    for one in meant:
        here[one.number].add(one.order_id)
    concerned = {order for number, orders in here.items() if len(orders) > 1 for order in orders}
    for one in meant:
        if uses[one.number]:
            concerned |= {one.order_id, *(use.order_id for use in uses[one.number])}
    hashes = store.orders.same_hashes(sorted(concerned)) if concerned else {}
    return [
        _doubt(one, uses[one.number], here[one.number], hashes)
        or ("drawn" if one.assignment_id in others else None)
        for one in meant
    ]


def _not_as_drawn(store: Store, meant: Sequence[Meant]) -> frozenset[int]:
    """Return the assignments that have an e-waybill, and are to leave without its number."""
    asked = {one.assignment_id for one in meant} - {0}
    drawn = store.tickets.drawn(sorted(asked)) if asked else {}
    given = {(one.assignment_id, one.number) for one in meant}
    return frozenset(id_ for id_, one in drawn.items() if (id_, one.number) not in given)


def _doubt(
    one: Meant, uses: Sequence[NumberUse], here: set[int], hashes: Mapping[int, str]
) -> Doubt | None:
    others = [use for use in uses if use.order_id != one.order_id]
    if any(use.merchant_id != one.merchant_id for use in others):
        return "foreign"
    if any(hashes.get(use.order_id) != hashes.get(one.order_id) for use in others):
        return "used"
    if any(use.shipped_at < one.created_at for use in others):
        return "older"
    if any(hashes.get(order) != hashes.get(one.order_id) for order in here):
        return "twice"
    return None
