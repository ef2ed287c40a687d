"""Giving numbers back: by hand, or because their orders ended; owed until the platform has it."""

from collections.abc import Sequence
from typing import NamedTuple

from core.acting import acting
from core.ids import key
from core.ports import Store
from core.tickets.claiming import PAUSES
from core.tickets.ticket_events import TicketsKept
from core.tickets.turns import Failure, TicketResult, ToCancel
from core.values import Actor


class Returned(NamedTuple):
    """How the platform answered for one number; no failure: it has it back."""

    asked: ToCancel
    failure: Failure | None = None


class Cancelling:
    """Use cases around giving numbers back."""

    def cancel(
        self, store: Store, actor: Actor, assignment_ids: Sequence[int]
    ) -> list[TicketResult]:
        """Owe it to the platform to take back what was drawn for these and has not left.

        Reasons of the results: `used` (it left with a parcel), `no_ticket`. One that is not this
        factory's does not exist.
        """
        acting(store, actor, "factory")
        rows = store.assignments.to_pack(actor.shop_id, assignment_ids)
        newest = store.tickets.latest([row.id for row in rows])
        results: list[TicketResult] = []
        for row in rows:
            ticket = newest.get(row.id)
            if ticket is None or ticket.state not in ("drawn", "used", "cancelling", "kept"):
                results.append(TicketResult(row.id, row.tag, why="no_ticket"))
                continue
            if ticket.state == "used":
                results.append(TicketResult(row.id, row.tag, why="used"))
                continue
            if ticket.state != "cancelling":
                ticket.state, ticket.due_at, ticket.sent_at = "cancelling", store.now, None
                ticket.tries, ticket.why, ticket.said = 0, "", ""
            results.append(TicketResult(row.id, row.tag, ticket.carrier, ticket.number))
        return results

    def settle(self, store: Store, answers: Sequence[Returned]) -> bool:
        """Keep what the platform said to one factory; returns whether it is told."""
        kept = [one.asked.ticket_id for one in answers if self._one(store, one) == "kept"]
        tickets = store.tickets.by_ids(kept)
        if tickets:
            store.emit(TicketsKept(tuple(kept)), to=tickets[0].factory_id)
        return bool(tickets)

    def _one(self, store: Store, one: Returned) -> str:
        """A number that the platform does not know any more after an answer was lost, is back."""
        ticket = store.tickets.get(one.asked.ticket_id)
        if ticket is None or ticket.state != "cancelling":
            return ""
        failure = one.failure
        gone = failure is not None and one.asked.sent_before and failure.why == "unknown_order"
        if failure is None or gone:
            ticket.state, ticket.ended_at, ticket.due_at = "cancelled", store.now, None
            self._record(store, "ticket_cancelled", key(ticket))
            return "cancelled"
        ticket.why, ticket.said = failure.why, failure.said
        if not failure.unsure and not one.asked.sent_before:
            ticket.sent_at = None
        if failure.refused or ticket.tries >= len(PAUSES):
            ticket.state, ticket.due_at = "kept", None
            self._record(store, "ticket_kept", key(ticket))
            return "kept"
        ticket.due_at = store.now + PAUSES[ticket.tries]
        ticket.tries += 1
        return ""

    def _record(self, store: Store, act: str, ticket_id: int) -> None:
        ticket = store.tickets.get(ticket_id)
        if ticket is not None:
            store.record(
                None, act, order_id=ticket.order_id, assignment=ticket.assignment_id,
                carrier=ticket.carrier, number=ticket.number,
            )  # fmt: skip
