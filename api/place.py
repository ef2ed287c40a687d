"""What the HTTP face is given by the house."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from api.watching import Watch
from core.ports import Store
from core.services import Services
from core.shipments.printing import Slip
from core.tickets.turns import TicketResult
from core.values import Actor

T = TypeVar("T")
Draw = Callable[[Sequence[Slip], str], Awaitable[bytes]]
DrawTickets = Callable[[Actor, Sequence[int], str], Awaitable[Sequence[TicketResult]]]


class Database(Protocol):
    """How asynchronous code reaches the Store: one whole piece of work, one visit."""

    async def read(self, work: Callable[[Store], T]) -> T: ...
    async def write(self, work: Callable[[Store], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class Place:
    """What the HTTP face is given: the database, the use cases, whom to wake after a write.

    `draw` makes a PDF of packing slips, in a language; `tickets` draws e-waybills.
    """

    database: Database
    services: Services
    watch: Watch
    wrote: Callable[[], object] = field(default=lambda: None)
    draw: Draw | None = None
    tickets: DrawTickets | None = None
