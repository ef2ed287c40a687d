"""Which pieces are in which parcel: counts that were given, completed or asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.errors import Invalid

# How pieces nobody counted are put into several parcels: the same in each, or one in each but the
# first, which holds the rest.
Split = Literal["even", "first"]
SPLITS: tuple[Split, ...] = ("even", "first")


@dataclass(eq=False)
class PiecesBeyondLeft(Invalid):
    """More pieces were counted than are `left` to ship."""

    counted: int
    left: int


def share(counts: Sequence[int | None], left: int) -> list[int] | None:
    """Return how many of the `left` pieces each parcel holds, or None when that must be asked.

    One parcel without a count holds what the others leave; several hold one piece each when that is
    just what is left. Raises `PiecesBeyondLeft`.
    """
    counted = sum(one for one in counts if one is not None)
    uncounted = counts.count(None)
    rest = left - counted
    if rest < 0 or (uncounted and counted and rest < uncounted):
        raise PiecesBeyondLeft(counted + uncounted, left)
    if uncounted == 1:
        return [rest if one is None else one for one in counts]
    if rest == uncounted or not uncounted:
        return [1 if one is None else one for one in counts]
    return None


def share_late(counts: Sequence[int | None], left: int) -> list[int] | None:
    """As `share`; of an order that was taken away whole a parcel holds what is said, or a piece.

    Nothing is known then of what was in it, and it may not be lost for that.
    """
    return share(counts, left) if left > 0 else [one or 1 for one in counts]


def split(counts: Sequence[int | None], left: int, how: Split) -> list[int]:
    """Return the counts completed as somebody chose. With too few pieces the last hold none."""
    uncounted = counts.count(None)
    rest = max(left - sum(one for one in counts if one is not None), 0)
    if how == "first" and rest > uncounted:
        shares = [rest - uncounted + 1] + [1] * (uncounted - 1)
    else:
        shares = [rest // uncounted + (place < rest % uncounted) for place in range(uncounted)]
    waiting = iter(shares)
    return [next(waiting) if one is None else one for one in counts]


def fill(left: Mapping[int, int], counts: Sequence[int]) -> list[dict[int, int]]:
    """Return the pieces of each parcel by order line, taken line by line in their order."""
    remaining = {line: left[line] for line in sorted(left)}
    parcels: list[dict[int, int]] = []
    for count in counts:
        parcel: dict[int, int] = {}
        for line, there in remaining.items():
            taken = min(there, count - sum(parcel.values()))
            if taken > 0:
                parcel[line] = taken
                remaining[line] = there - taken
        parcels.append(parcel)
    return parcels


def without(left: Mapping[int, int], n: int) -> dict[int, int]:
    """Return the pieces without the first `n` of them, as `fill` takes them."""
    [taken] = fill(left, [n])
    return {line: there - taken.get(line, 0) for line, there in left.items()}
