"""What a merchant sees while changing an order by hand, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from core.entities import AssignmentStatus, Extra, Order, OrderLine
from core.text.recipient_text import Part
from core.values import NO_NOTES, MaskedRecipient, OrderNotes

EditKind = Literal["changed", "known", "moved"]


@dataclass(frozen=True, slots=True)
class WorkDone:
    """How far a factory is with an order: what a change comes too late for.

    `looked`: it has looked at the recipient, or printed it.
    """

    factory_name: str
    tag: str
    extra: Extra
    status: AssignmentStatus
    accepted: bool
    looked: bool
    shipped: int
    owed: int


@dataclass(frozen=True, slots=True)
class EditView:
    """An order that may be changed; `in_parcels` is how many pieces of each line have left."""

    order: Order
    lines: Sequence[OrderLine]
    recipient: MaskedRecipient | None
    in_parcels: Mapping[int, int]
    work: Sequence[WorkDone]
    notes: OrderNotes = NO_NOTES

    @property
    def left(self) -> bool:
        """Whether a parcel of the order has left."""
        return any(self.in_parcels.values())


@dataclass(frozen=True, slots=True)
class Pending:
    """What was asked for and waits to be confirmed; `mark` tells it from other such."""

    diffs: Sequence[dict[str, Any]]
    mark: int


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of a change.

    `changed`: `diffs` is what, and `told` which factories hear of it. `known`: it stood so before.
    `moved`: nothing was changed, because the order itself has since the change was begun: `diffs`
    is how, and `pending` what was asked for, where it was kept.
    """

    kind: EditKind
    view: EditView
    diffs: Sequence[dict[str, Any]] = ()
    told: Sequence[str] = ()
    pending: Pending | None = None


@dataclass(frozen=True, slots=True)
class RecipientPlan:
    """A new recipient as far as it was understood, masked.

    `missing` is still asked for; `masked` parts were hidden by the platform, `wrong` has so many
    digits and is no phone. `adoptable`: the old recipient has what is missing. `letters` is how
    many characters follow the district: they are not shown.
    """

    view: EditView
    recipient: MaskedRecipient
    missing: Sequence[Part]
    mark: int
    letters: int = 0
    masked: Sequence[Part] = ()
    wrong: int = 0
    adoptable: bool = False
    same: bool = False

    @property
    def ready(self) -> bool:
        """Whether it can be confirmed as it is."""
        return not self.missing and not self.masked and not self.wrong


class PlannedLine(NamedTuple):
    """A line in a plan: `now` pieces of it, `was` so many; `line_id` 0 when it is new, the nth."""

    line_id: int
    added: int
    product: str
    spec: str
    was: int
    now: int
    shipped: int


@dataclass(frozen=True, slots=True)
class LinePlan:
    """Lines and quantities as they would be. `asked` is the line whose number is asked for."""

    view: EditView
    rows: Sequence[PlannedLine]
    mark: int
    asked: PlannedLine | None = None

    @property
    def differs(self) -> bool:
        """Whether there is anything to confirm."""
        return any(row.was != row.now for row in self.rows)
