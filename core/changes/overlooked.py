"""What nobody at the factory had seen of an order's changes when its parcel left.

Shipping ends the wait for 已知晓, so this is the last moment at which it can be told: to the
packer, who can still look at the parcel, and to the merchant, who can have it caught.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from core.changes.change_news import moved
from core.changes.judging import Diff
from core.ports import Store

# The recipient is another now; what is in the parcel, or how, may be.
Overlooked = Literal["recipient", "contents"]

CONTENTS = {"quantity", "line_added", "line_removed", "product", "buyer_note", "seller_note"}


def overlooked(store: Store, assignment_ids: Sequence[int]) -> Mapping[int, Overlooked]:
    """Return those with a change nobody has seen that makes a parcel wrong, and which."""
    found: dict[int, Overlooked] = {}
    for one in store.notices.waiting(assignment_ids):
        kind = _kind(one.diffs, looked=one.looked)
        if kind and found.get(one.assignment_id) != "recipient":
            found[one.assignment_id] = kind
    return found


def matters(diffs: Sequence[Diff]) -> bool:
    """Return whether a parcel packed without knowing these may be wrong."""
    return _kind(diffs) is not None


def _kind(diffs: Sequence[Diff], *, looked: bool = False) -> Overlooked | None:
    if moved(diffs) and not looked:  # who has looked since has the new one
        return "recipient"
    return "contents" if any(diff["field"] in CONTENTS for diff in diffs) else None
