"""What a merchant sees of parcels that left with an order no longer their factory's."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.entities import AssignmentStatus


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Parcels of an order that was no longer their factory's (`core.answers.claimed.Claim`).

    `status` is how the assignment ended, `asked` whether the merchant is to decide, `missing` how
    many pieces others have; `holders` are their names and how theirs stand.
    """

    assignment_id: int
    factory_name: str
    status: AssignmentStatus
    asked: bool
    missing: int
    holders: Sequence[tuple[str, AssignmentStatus]]
