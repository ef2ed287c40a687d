"""Labels of e-waybills: no recipient stands on them, so printing one is no look and costs none."""

from collections.abc import Sequence
from typing import Final

from core.entities import Ticket
from core.ids import key
from core.orders.looking import CONCEALED, LeftOut, pack_refusal
from core.orders.views import PackRow
from core.ports import Store
from core.values import Actor

NO_TICKET: Final = "no_ticket"  # `LeftOut.reason`: it prints once its e-waybill was drawn


def labels(
    store: Store, actor: Actor, assignment_ids: Sequence[int]
) -> list[tuple[PackRow, Ticket]]:
    """Return those of the factory's assignments that may be packed and have a number drawn.

    It is recorded, and the packing has begun: their merchants can no longer simply take them back.
    """
    drawn = store.tickets.drawn(assignment_ids)
    rows = store.assignments.to_pack(actor.shop_id, list(drawn)) if drawn else []
    found = [(row, drawn[row.id]) for row in rows if not pack_refusal(row)]
    if found:
        store.tickets.mark_printed([key(ticket) for _, ticket in found])
        store.assignments.mark_looked([row.id for row, _ in found])
        store.record_all(
            actor, "label_printed",
            [
                {"order_id": row.order_id, "assignment": row.id, "number": ticket.number}
                for row, ticket in found
            ],
        )  # fmt: skip
    return found


def told_apart(
    store: Store, actor: Actor, assignment_ids: Sequence[int], left_out: Sequence[LeftOut]
) -> list[LeftOut]:
    """Return what was left out; of what is concealed, what an e-waybill can be drawn for is so."""
    if not any(one.reason == CONCEALED for one in left_out):
        return list(left_out)
    there = {
        one.assignment_id for one in store.platforms.ticketing(assignment_ids)
        if one.state in ("given", "giving")
    }  # fmt: skip
    rows = store.assignments.to_pack(actor.shop_id, sorted(there))
    tags = {row.tag for row in rows}
    return [
        LeftOut(one.tag, NO_TICKET) if one.reason == CONCEALED and one.tag in tags else one
        for one in left_out
    ]
