"""What is asked of a platform about e-waybills, and what it answered: between two visits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from core.platforms.ticket_facts import Sender, TicketAsked

AT_ONCE: Final = 10  # numbers in one call: what every platform takes


class ToDraw(NamedTuple):
    """A number to ask for. Where `asked.merchant` is empty, it is to be looked up there first.

    `merchant_link` and `given_at` say what for: the link the order came in by, and when it was
    given to the factory there. `sent_before`: it was asked for, and no answer came.
    """

    ticket_id: int
    assignment_id: int
    tag: str
    asked: TicketAsked
    merchant_link: int
    given_at: datetime | None
    sent_before: bool


class ToCancel(NamedTuple):
    """A number to give back. `sent_before`: it was asked, and no answer came."""

    ticket_id: int
    merchant: str
    carrier: str
    number: str
    sent_before: bool


@dataclass(frozen=True, slots=True)
class TicketTurn:
    """What one factory's link asks its platform now."""

    link_id: int
    outside_id: str
    platform: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    token_until: datetime
    sender: Sender | None = field(default=None, repr=False)
    draws: Sequence[ToDraw] = ()
    cancels: Sequence[ToCancel] = ()


class TicketResult(NamedTuple):
    """What became of one order: its number, or `why` there is none (yet).

    `why` is a `core.tickets.eligible.Reason`, one of `core.orders.looking.LeftOut`, a platform's
    (`platforms.failures`), or `unsure`: it may be drawn, and is asked for again. `said` is the
    platform's own sentence.
    """

    assignment_id: int
    tag: str
    carrier: str = ""
    number: str = ""
    why: str = ""
    said: str = ""


class Failure(NamedTuple):
    """A call that did not succeed: `refused` by the platform, `unsure` whether it had its effect,
    or neither: it never came there."""

    why: str
    said: str = ""
    unsure: bool = False
    refused: bool = False
