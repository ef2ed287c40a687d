"""A question about an order and its answer, as plain values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as one side sees it; `mine`: this side asked. `answer` is empty until there.

    Both texts are `core.text.free_text.as_shown`.
    """

    id: int
    assignment_id: int
    order_id: int
    mine: bool
    asked_at: datetime
    question: str
    answered_at: datetime | None
    answer: str
