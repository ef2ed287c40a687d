"""A shop's people as the others of the shop see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.entities import Rank, Shop


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody of a shop as the others see them."""

    account_id: int
    name: str
    rank: Rank
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Staff:
    """A shop's people: its owner, and a page of staff. `mine`: the one who looks is the owner."""

    shop: Shop
    mine: bool
    owner: MemberRow | None
    rows: Sequence[MemberRow]
