"""一键发货: what was printed with its e-waybill leaves, with the number that was drawn."""

from collections.abc import Sequence
from typing import NamedTuple

from core.acting import acting
from core.entities.assignment import OPEN_STATUSES
from core.orders.looking import LeftOut
from core.orders.standing import stop_reason
from core.orders.views import FoundOrder
from core.ports import Store
from core.shipments.sending import Sent
from core.shipments.ship_many import Leaving, ship_many
from core.tickets.ticket_errors import NothingToSend
from core.values import Actor


class SentOff(NamedTuple):
    """The tags of what has left, and what stays, with why."""

    tags: Sequence[str]
    left_out: Sequence[LeftOut]
    missed: int  # of them, whose last change nobody had seen


class SendingOff:
    """Shipping by drawn numbers."""

    def printed(self, store: Store, actor: Actor, assignment_ids: Sequence[int]) -> list[int]:
        """Return those of the factory's assignments whose label was printed and that may leave."""
        acting(store, actor, "factory")
        return [one.assignment_id for one in self._leaving(store, actor, assignment_ids)[0]]

    def send(self, store: Store, actor: Actor, assignment_ids: Sequence[int]) -> SentOff:
        """Ship these, each whole with its number, one alert a merchant.

        What was stopped meanwhile stays and is named. Raises `NothingToSend`.
        """
        acting(store, actor, "factory")
        orders, left_out = self._leaving(store, actor, assignment_ids)
        if not orders:
            raise NothingToSend
        drawn = store.tickets.drawn([one.assignment_id for one in orders])
        left = store.shipments.left_of(orders)
        leaving = []
        for one in orders:
            ticket = drawn[one.assignment_id]
            pieces = sum(left[one.assignment_id].values())
            leaving.append(Leaving(one, [Sent(ticket.number, ticket.carrier, pieces)]))
        missed = ship_many(store, actor, leaving, left)
        return SentOff([one.tag for one in orders], left_out, len(missed))

    def _leaving(
        self, store: Store, actor: Actor, assignment_ids: Sequence[int]
    ) -> tuple[list[FoundOrder], list[LeftOut]]:
        drawn = store.tickets.drawn(assignment_ids)
        printed = [one for one, ticket in drawn.items() if ticket.printed_at is not None]
        orders: list[FoundOrder] = []
        left_out: list[LeftOut] = []
        for one in store.assignments.by_ids(actor.shop_id, printed):
            why = stop_reason(one, one.extra)
            if why or one.status not in OPEN_STATUSES:
                left_out.append(LeftOut(one.tag, why or "ended"))
            else:
                orders.append(one)
        return orders, left_out
