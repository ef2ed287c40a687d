"""What a merchant reads of the changes told to its factories."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A change told to one factory: `seen_by` is whose 已知晓 it was, empty while nobody's.

    `ended`: the factory has no more to do with it, whether it had seen the change or not; `shipped`
    says that this is how its work ended.
    """

    change_id: int
    assignment_id: int
    factory_name: str
    changed_at: datetime
    diffs: Sequence[dict[str, Any]]
    seen_at: datetime | None
    seen_by: str
    escalated: bool
    ended: bool
    shipped: bool


class Unseen(NamedTuple):
    """An assignment with a change that nobody of its factory has seen."""

    id: int
    merchant_id: int
    binding_id: int
    order_no: str


class Waiting(NamedTuple):
    """A change that nobody of an assignment's factory has pressed 已知晓 for.

    `looked`: somebody has looked at the recipient since, or printed the slip.
    """

    assignment_id: int
    diffs: Sequence[dict[str, Any]]
    looked: bool
