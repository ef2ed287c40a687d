"""What a merchant and a factory answer each other about an order, told to the other side.

Ids, dates and counts only: what was asked or answered is read, and unsealed, when it is told.
"""

from dataclasses import dataclass
from typing import ClassVar

from core.events import Event


@dataclass(frozen=True, slots=True)
class OrderHeld(Event):
    """To the merchant: the factory waits for goods until a day."""

    assignment_id: int


@dataclass(frozen=True, slots=True)
class OrdersHeld(Event):
    """To the merchant: so many at once wait until a day (ISO); `order_nos` names the first."""

    binding_id: int
    count: int
    until: str
    reason: str
    order_nos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoldAgreed(Event):
    """To the factory: the merchant agrees to wait."""

    assignment_id: int


@dataclass(frozen=True, slots=True)
class HoldOver(Event):
    """To the merchant: the goods are there, the factory goes on."""

    assignment_id: int


@dataclass(frozen=True, slots=True)
class HoldsOver(Event):
    """To the merchant: the goods of so many at once are there; `order_nos` names the first."""

    binding_id: int
    count: int
    order_nos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecallAsked(Event):
    """To the factory: the merchant asks for an order back that it has begun."""

    urgent: ClassVar[bool] = True

    assignment_id: int


@dataclass(frozen=True, slots=True)
class RecallsAsked(Event):
    """To the factory: so many of one batch at once; `tags` names the first."""

    urgent: ClassVar[bool] = True

    binding_id: int
    draft_id: int
    count: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecallUnasked(Event):
    """To the factory: the merchant does not ask any more; go on."""

    assignment_id: int


@dataclass(frozen=True, slots=True)
class RecallsUnasked(Event):
    """To the factory: so many of one batch are not asked for any more; `tags` names the first."""

    binding_id: int
    draft_id: int
    count: int
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecallAnswered(Event):
    """To the merchant: the factory gave it back (`agreed`), or has packed it."""

    assignment_id: int
    agreed: bool


@dataclass(frozen=True, slots=True)
class RecallsAnswered(Event):
    """To the merchant: so many at once. `draft_id` holds what came back, to be assigned anew."""

    binding_id: int
    agreed: bool
    count: int
    order_nos: tuple[str, ...]
    draft_id: int = 0


@dataclass(frozen=True, slots=True)
class ChangesAcknowledged(Event):
    """To the merchant: the factory has seen the changes of so many orders; the first named."""

    binding_id: int
    count: int
    order_nos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionAsked(Event):
    """To the other side of an order."""

    question_id: int


@dataclass(frozen=True, slots=True)
class QuestionAnswered(Event):
    """To the side that asked."""

    question_id: int
