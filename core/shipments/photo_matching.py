"""What a photo of a waybill means: which tracking number, and of which order.

A photo that replies to an order's card is about that order; any other is matched by the code of our
own slip in the picture. Certain is only one number of one order that may ship now.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from core.answers.under_way import stopped_under_way
from core.entities import Assignment
from core.errors import AlreadyShipped, CoreError
from core.ids import key
from core.ports import Store
from core.text.tracking import TrackingGuess, read
from core.values import Actor

Verdict = Literal[
    "waiting", "failed", "unreadable", "choose", "certain", "no_order", "unknown_slip",
    "other_order", "refused", "stopped",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo as it is kept: where to fetch it, and what was read."""

    file_id: str
    message_id: int
    state: Literal["waiting", "read", "failed"] = "waiting"
    why: str = ""  # of a failed one: the class of the refusal
    numbers: tuple[str, ...] = ()
    slips: tuple[tuple[str, str], ...] = ()
    picked: str = ""  # the number a person chose


@dataclass(frozen=True, slots=True)
class Line:
    """What one photo means. `place` counts from 0; `error` says why an order is refused."""

    place: int
    verdict: Verdict
    why: str = ""
    guesses: Sequence[TrackingGuess] = ()
    tag: str = ""
    assignment_id: int = 0
    error: CoreError | None = None


@dataclass(frozen=True, slots=True)
class PhotosView:
    """What some photos mean now. `seen` changes with it: confirming names what was shown."""

    draft_id: int
    shop_id: int
    about: Assignment | None
    lines: Sequence[Line]
    open: bool
    seen: str = field(default="")

    @property
    def certain(self) -> dict[int, list[str]]:
        """Return the numbers that would ship, by assignment."""
        return self._numbers("certain")

    @property
    def stopped(self) -> dict[int, list[str]]:
        """Return the numbers refused because their order is stopped, by assignment."""
        return self._numbers("stopped")

    def _numbers(self, verdict: Verdict) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for line in self.lines:
            if line.verdict == verdict:
                numbers = found.setdefault(line.assignment_id, [])
                numbers += [one.number for one in line.guesses if one.number not in numbers]
        return found

    @property
    def waiting(self) -> int:
        """Return how many photos are still to be read."""
        return sum(line.verdict == "waiting" for line in self.lines)


class Matching:
    """Says what a photo means: which number, and of which order."""

    def __init__(
        self, store: Store, actor: Actor, about: Assignment | None, habit: Sequence[str]
    ) -> None:
        self._store, self._actor, self._about, self._habit = store, actor, about, habit

    def line(self, place: int, photo: Photo) -> Line:
        if photo.state == "waiting":
            return Line(place, "waiting")
        if photo.state == "failed":
            return Line(place, "failed", why=photo.why)
        numbers = (photo.picked,) if photo.picked else photo.numbers
        guesses = tuple(read(one, habit=self._habit) for one in numbers)
        if not guesses:
            return Line(place, "unreadable")
        return self._of_order(Line(place, "choose", guesses=guesses), photo)

    def _of_order(self, line: Line, photo: Photo) -> Line:
        tags = [self._slip(*slip) for slip in photo.slips]
        if self._about is not None:
            strange = [one for one in tags if one is None or one.id != self._about.id]
            if strange:
                return replace(line, verdict="other_order", tag=photo.slips[0][0])
            return self._settled(line, self._about)
        if not tags:
            return replace(line, verdict="no_order")
        if len(tags) > 1 or tags[0] is None:
            return replace(line, verdict="unknown_slip", tag=photo.slips[0][0])
        return self._settled(line, tags[0])

    def _settled(self, line: Line, given: Assignment) -> Line:
        found = replace(line, tag=given.tag, assignment_id=key(given))
        try:
            stopped = stopped_under_way(self._store, self._actor, key(given))
        except CoreError as error:
            return replace(found, verdict="refused", error=error)
        if len(line.guesses) > 1:
            return replace(found, verdict="choose")
        there = [one.tracking_number for one in self._store.shipments.of_assignment(key(given))]
        if stopped and line.guesses[0].number in there:
            return replace(found, verdict="refused", error=AlreadyShipped(key(given), tuple(there)))
        return replace(found, verdict="stopped" if stopped else "certain", why=stopped or "")

    def _slip(self, tag: str, order_no: str) -> Assignment | None:
        """Return the order whose slip it is: an old slip's tag may be another order's by now."""
        found = self._store.assignments.find(self._actor.shop_id, tag)
        if found is None or not order_no:
            return found
        order = self._store.orders.of(found.order_id)
        return found if order.order_no == order_no else None
