"""Parcels as a program gives them: made lines of a paste, and what became of those a problem.

Nobody stands there to be asked. What a person would be asked is refused with the question, and the
program asks again with its answer: the carrier, the pieces, `sure`, `left_before`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from core.errors import (
    AlreadyShipped,
    CarrierUnknown,
    Conflict,
    CoreError,
    Invalid,
    OrderStopped,
    TooMany,
)
from core.orders.views import FoundOrder
from core.programs.errors import OnlyPrograms
from core.shipments.parcels import PiecesBeyondLeft
from core.shipments.pasted import Entry, PastedNumber
from core.shipments.shipping import PARCELS_LIMIT
from core.text.carriers import carrier_named
from core.text.tracking import read


class ParcelGiven(NamedTuple):
    """A number, its carrier and pieces if known; `sure`: it is meant, whatever speaks against."""

    number: str
    carrier: str | None = None
    pieces: int | None = None
    sure: bool = False


class LeavingGiven(NamedTuple):
    """An assignment and its parcels; `left_before`: of a stopped order, they had left before."""

    assignment_id: int
    parcels: Sequence[ParcelGiven]
    left_before: bool = False


@dataclass(eq=False)
class ParcelDoubtful(Conflict, OnlyPrograms):
    """Something about a parcel is in doubt: ask again with the answer.

    `about` is `carrier` (name one of `candidates`; `sure` with the one you named keeps it),
    `pieces` (count them for each parcel), or what speaks against `number` (a `Doubt`), to be
    answered by `sure`.
    """

    about: str
    number: str
    candidates: tuple[str, ...]


def entries_of(given: LeavingGiven, habit: Sequence[str]) -> list[Entry]:
    """Return a line for each parcel. Raises `CarrierUnknown`, `TooMany`, a `TrackingError`."""
    if len(given.parcels) > PARCELS_LIMIT:
        raise TooMany(PARCELS_LIMIT)
    return [
        Entry(
            one.number, order=given.assignment_id, numbers=[number_of(one, habit)], sure=one.sure,
            left=given.left_before,
        )
        for one in given.parcels
    ]  # fmt: skip


def number_of(given: ParcelGiven, habit: Sequence[str]) -> PastedNumber:
    """Return the number with who carries it. Raises `CarrierUnknown`, a `TrackingError`."""
    named = carrier_code(given.carrier)
    guess = read(given.number, habit=habit, carrier=named)
    carrier = guess.carrier or (named if given.sure else None)
    candidates = [one.carrier for one in guess.candidates]
    return PastedNumber(guess.number, carrier, candidates, guess.misfit, given.pieces)


def carrier_code(named: str | None) -> str | None:
    """Return the code of the carrier a program names. Raises `CarrierUnknown`."""
    code = carrier_named(named) if named else None
    if named and code is None:
        raise CarrierUnknown(named)
    return code


def refusal_of_lines(
    lines: Sequence[Entry], group: Sequence[Entry], order: FoundOrder, had: Sequence[str]
) -> CoreError | Literal["over"] | None:
    """Return why these lines did not ship; None when each of them has.

    `group` are all lines of their order, of which one in doubt holds the others back; `order` is as
    it stood before, `had` the numbers its parcels had then. `over`: it is the factory's no more,
    and `core.answers.under_way` says the rest.
    """
    stuck = [one for one in lines if one.state not in ("shipped", "again")]
    if not stuck:
        return None
    first = next(one for one in (*stuck, *group) if one.reason or one.ask)
    if order.status == "shipped":
        return AlreadyShipped(order.assignment_id, tuple(had))
    if first.ask and first.ask != "fix":
        return _doubtful(first)
    if first.reason == "stopped":
        return OrderStopped(first.detail)
    if first.reason == "beyond":
        counted, left = map(int, first.detail.split("/"))
        return PiecesBeyondLeft(counted, left)
    return "over"


def _doubtful(line: Entry) -> CoreError:
    [given] = line.numbers
    candidates = tuple(given.candidates) if line.ask == "carrier" else ()
    return ParcelDoubtful(line.ask, given.number, candidates)


def read_or_refused(given: LeavingGiven, habit: Sequence[str]) -> list[Entry] | CoreError:
    """Return the lines, or why they cannot be read."""
    try:
        return entries_of(given, habit)
    except Invalid as unreadable:
        return unreadable
