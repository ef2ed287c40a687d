"""Whose pieces are whose when several factories have parts of one order. Pure: no store, no texts.

At most one live assignment owns a piece. What nobody owns waits to be assigned. How owning follows
when quantities change is `core.changes.line_changes`'s.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from core.entities import AssignmentStatus
from core.entities.assignment import OPEN_STATUSES

HOLDING: frozenset[AssignmentStatus] = OPEN_STATUSES | {"shipped"}


class Held(NamedTuple):
    """Pieces of one line at an assignment: `owned`, of which `gone` are in parcels."""

    assignment_id: int
    factory_id: int
    status: AssignmentStatus
    line_id: int
    owned: int
    gone: int

    @property
    def open(self) -> bool:
        """Whether its factory still ships."""
        return self.status in OPEN_STATUSES

    @property
    def kept(self) -> int:
        """Return how many pieces it keeps from others: of one that was cancelled what has left."""
        return self.owned if self.status in HOLDING else self.gone


def free_of(ordered: Mapping[int, int], held: Iterable[Held]) -> dict[int, int]:
    """Return how many pieces of each line no factory has; lines without any are left out."""
    free = dict(ordered)
    for one in held:
        free[one.line_id] = free.get(one.line_id, 0) - one.kept
    return {line_id: n for line_id, n in free.items() if n > 0}


def shared(
    diffs: Sequence[dict[str, Any]], lines: Mapping[str, int], before: Sequence[Held],
    after: Sequence[Held], reading: Collection[int] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the diffs of an order with several holders, each line's with what it means for whom.

    `shares` says of each open assignment concerned how many pieces it had and has; `lines` gives
    the line of a diff's `sub`. See `seen_by`. What is the same for the one holder stays as it is,
    unless there are other assignments in `reading`, shipped ones and extras, that may read of it.
    """
    alone = len({one.assignment_id for one in (*before, *after)} | {*reading}) == 1
    return [
        _shared(diff, _shares(lines[diff["sub"]], before, after), alone=alone)
        if diff.get("sub") in lines and (before or after or reading)
        else diff
        for diff in diffs
    ]


def _shared(diff: dict[str, Any], shares: dict[str, list[int]], *, alone: bool) -> dict[str, Any]:
    product = diff["field"] == "product"
    whole = len(shares) == 1 if product else list(shares.values()) == [[diff["old"], diff["new"]]]
    return diff if whole and alone else {**diff, "shares": shares}


def _shares(line_id: int, before: Sequence[Held], after: Sequence[Held]) -> dict[str, list[int]]:
    had, has = (
        {one.assignment_id: one.owned for one in held if one.line_id == line_id and one.open}
        for held in (before, after)
    )
    return {str(one): [had.get(one, 0), has.get(one, 0)] for one in had | has}


def seen_by(diffs: Sequence[dict[str, Any]], assignment_id: int) -> list[dict[str, Any]]:
    """Return the diffs as a factory with a part of the order sees them: of its own pieces only."""
    seen = []
    for diff in diffs:
        if "shares" not in diff:
            seen.append(diff)
            continue
        had, has = diff["shares"].get(str(assignment_id), (0, 0))
        if diff["field"] != "product" and had != has:
            own = {name: value for name, value in diff.items() if name != "left"}
            seen.append({**own, "old": had, "new": has})
        elif diff["field"] == "product" and has:
            seen.append(diff)
    return seen
