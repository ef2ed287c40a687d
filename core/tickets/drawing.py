"""取电子面单: a factory asks the platform for numbers of concealed orders.

Three steps, for a network lies between: what is asked is written first, the platform is asked
outside of any visit, its answer is kept. Killed in between, the same is asked again and draws the
same numbers: none is lost, none is doubled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from core.acting import acting
from core.entities import Ticket
from core.entities.assignment import OVER_STATUSES
from core.errors import CarrierUnknown
from core.platforms.ticket_facts import TicketTold
from core.ports import Store
from core.text.carriers import CARRIERS
from core.tickets.claiming import LEASE, PAUSES, turns
from core.tickets.eligible import Ready, Without, eligible
from core.tickets.sender import sender_of
from core.tickets.ticket_errors import NothingToDraw
from core.tickets.turns import Failure, TicketResult, TicketTurn, ToDraw
from core.values import Actor

HABIT: Final = 50  # tickets and parcels of the factory that rank the carriers


class Wanted(NamedTuple):
    """What can be drawn now, and the factory's usual carriers, the last one first."""

    ids: Sequence[int]
    drawn: int
    without: Sequence[Without]
    carriers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Begun:
    """What platforms are to be asked now; `results` are known already."""

    turns: Sequence[TicketTurn]
    results: Sequence[TicketResult]


class Drawing:
    """Use cases around drawing numbers."""

    def wanted(self, store: Store, actor: Actor, assignment_ids: Sequence[int]) -> Wanted:
        """Return what a factory may draw of these. Raises `SenderIncomplete`, `NothingToDraw`."""
        acting(store, actor, "factory")
        found = eligible(store, actor, assignment_ids)
        if not found.ready:
            done = [(row.tag, "drawn") for row, _ in found.drawn]
            left = [(one.tag, one.reason) for one in found.without]
            raise NothingToDraw(tuple(done + left))
        sender_of(store, actor.shop_id)
        used = [
            *store.tickets.carriers(actor.shop_id, HABIT),
            *store.shipments.habit(actor.shop_id, HABIT),
        ]
        ids = [one.row.id for one in found.ready]
        usual = [one for one in dict.fromkeys(used) if one in CARRIERS]
        return Wanted(ids, len(found.drawn), found.without, usual)

    def begin(
        self, store: Store, actor: Actor, assignment_ids: Sequence[int], carrier: str
    ) -> Begun:
        """Write what is going to be asked. One that may be drawn already keeps its own carrier.

        Raises `CarrierUnknown`, `SenderIncomplete`, `WrongRole`.
        """
        self.check(store, actor, carrier)
        found = eligible(store, actor, assignment_ids)
        results = [_drawn(row.tag, ticket) for row, ticket in found.drawn]
        results += [TicketResult(one.assignment_id, one.tag, why=one.reason)
                    for one in found.without]  # fmt: skip
        if not found.ready:
            return Begun((), results)
        return Begun(turns(store, _written(store, actor, found.ready, carrier)), results)

    def check(self, store: Store, actor: Actor, carrier: str) -> None:
        """Raise `CarrierUnknown`, `SenderIncomplete` or `WrongRole` where nothing can be asked."""
        acting(store, actor, "factory")
        if carrier not in CARRIERS:
            raise CarrierUnknown(carrier)
        sender_of(store, actor.shop_id)

    def drawn(
        self, store: Store, turn: TicketTurn, told: Sequence[TicketTold]
    ) -> list[TicketResult]:
        """Keep what the platform answered; of what it said nothing, it is asked again."""
        answered = {one.handle: one for one in told}
        silent = Failure("unsure", unsure=True)
        return [
            self._keep(store, one, answered[one.asked.handle])
            if one.asked.handle in answered
            else self._fail(store, one, silent)
            for one in turn.draws
        ]

    def failed(self, store: Store, turn: TicketTurn, failure: Failure) -> list[TicketResult]:
        """Keep that the call did not succeed."""
        return [self._fail(store, one, failure) for one in turn.draws]

    def _keep(self, store: Store, one: ToDraw, told: TicketTold) -> TicketResult:
        ticket = store.tickets.get(one.ticket_id)
        if told.why or ticket is None:
            return self._fail(store, one, Failure(told.why, told.said, refused=True))
        if ticket.state != "asked":  # somebody else has kept it meanwhile
            return _drawn(one.tag, ticket)
        ticket.state, ticket.number, ticket.drawn_at = "drawn", told.number, store.now
        ticket.sort_code, ticket.destination, ticket.package = told.sorting
        ticket.merchant = one.asked.merchant
        ticket.due_at = ticket.sent_at = None
        ticket.tries, ticket.why, ticket.said = 0, "", ""
        store.record(
            None, "ticket_drawn", order_id=ticket.order_id, assignment=ticket.assignment_id,
            carrier=ticket.carrier, number=ticket.number,
        )  # fmt: skip
        if store.assignments.of(ticket.assignment_id).status in OVER_STATUSES:
            ticket.state, ticket.due_at = "cancelling", store.now
            return TicketResult(one.assignment_id, one.tag, why="ended")
        return _drawn(one.tag, ticket)

    def _fail(self, store: Store, one: ToDraw, failure: Failure) -> TicketResult:
        """A number that was certainly not drawn can be asked for anew; any other is asked again."""
        ticket = store.tickets.get(one.ticket_id)
        unsure = failure.unsure or (one.sent_before and not failure.refused)
        if ticket is not None and ticket.state == "asked":
            ticket.why, ticket.said = failure.why, failure.said
            if not unsure:
                ticket.state, ticket.due_at, ticket.sent_at = "refused", None, None
            elif ticket.tries < len(PAUSES):
                ticket.due_at = store.now + PAUSES[ticket.tries]
                ticket.tries += 1
            else:
                ticket.due_at = None  # until somebody asks again
        why = "unsure" if unsure else failure.why
        return TicketResult(one.assignment_id, one.tag, why=why, said=failure.said)


def _written(store: Store, actor: Actor, ready: Sequence[Ready], carrier: str) -> list[Ticket]:
    """One ticket for each, kept before it is asked for.

    A refused one is asked for anew; one of which nobody knows stays as it was asked.
    """
    packs = store.tickets.packs([one.row.id for one in ready])
    new: list[Ticket] = []
    kept: list[Ticket] = []
    for one in ready:
        before = one.before
        if before is not None and before.state in ("asked", "refused"):
            kept.append(before)
            if before.state == "refused":
                before.state, before.carrier, before.tries = "asked", carrier, 0
                before.account_id = actor.account_id
                before.link_id = one.there.link_id or before.link_id
        else:
            new.append(_new(store, actor, one, carrier, packs.get(one.row.id, 0) + 1))
    store.tickets.add_all(new)
    return [*kept, *new]


def _new(store: Store, actor: Actor, one: Ready, carrier: str, pack: int) -> Ticket:
    return Ticket(
        assignment_id=one.row.id, order_id=one.row.order_id, factory_id=actor.shop_id,
        account_id=actor.account_id, link_id=one.there.link_id or 0, merchant=one.there.mask,
        handle=one.there.handles[min(one.there.handles)], pack=str(pack), carrier=carrier,
        asked_at=store.now, due_at=store.now + LEASE,
    )  # fmt: skip


def _drawn(tag: str, ticket: Ticket) -> TicketResult:
    return TicketResult(ticket.assignment_id, tag, ticket.carrier, ticket.number)
