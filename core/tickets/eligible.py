"""Which orders can have an e-waybill now, and why the others cannot."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from core.entities import Assignment, Ticket
from core.ids import key
from core.orders.looking import pack_refusal
from core.orders.views import PackRow
from core.platforms.facts import Ticketing
from core.ports import Store
from core.values import Actor

# Beside the reasons of `core.orders.looking.LeftOut`.
Reason = Literal["plain", "outside", "giving", "not_given", "no_link"]


class Ready(NamedTuple):
    """An order that can have one. `before` is its newest ticket, if it ever had any."""

    row: PackRow
    there: Ticketing
    before: Ticket | None


class Without(NamedTuple):
    """An order that cannot have one, and why."""

    assignment_id: int
    tag: str
    reason: str


class Eligible(NamedTuple):
    """`ready` can be drawn, `drawn` have a number already."""

    ready: Sequence[Ready]
    drawn: Sequence[tuple[PackRow, Ticket]]
    without: Sequence[Without]


def eligible(store: Store, actor: Actor, assignment_ids: Sequence[int]) -> Eligible:
    """Sort the factory's assignments. One that is not its own does not exist.

    `plain`: the recipient is not concealed, a slip does; `outside`: the platform knows nothing of
    the assignment, or the two shops are not bound there; `giving`: it is still being told;
    `not_given`: it refused; `no_link`: the factory has not linked its shop there; `suspended`: the
    merchant is.
    """
    rows = store.assignments.to_pack(actor.shop_id, assignment_ids)
    concealed = store.tickets.concealed([row.order_id for row in rows])
    waiting = store.shops.suspended({row.merchant_id for row in rows})
    ids = [row.id for row in rows]
    there = {one.assignment_id: one for one in store.platforms.ticketing(ids)}
    before = store.tickets.latest(ids)
    ready: list[Ready] = []
    drawn: list[tuple[PackRow, Ticket]] = []
    without: list[Without] = []
    for row in rows:
        known, ticket = there.get(row.id), before.get(row.id)
        why = pack_refusal(row) or ("" if row.order_id in concealed else "plain")
        why = "suspended" if not why and row.merchant_id in waiting else why
        if not why and ticket is not None and ticket.state == "drawn":
            drawn.append((row, ticket))
        elif why or known is None or (why := refusal(known)):
            without.append(Without(row.id, row.tag, why or "outside"))
        else:
            ready.append(Ready(row, known, ticket))
    return Eligible(ready, drawn, without)


def refusal(there: Ticketing) -> str:
    """Return why the platform gives no number for an assignment, or nothing."""
    if there.state == "given":
        return ("" if there.link_id is not None else "no_link") if there.handles else "not_given"
    return {"outside": "outside", "giving": "giving", "refused": "not_given"}[there.state]


def ticket_of(store: Store, assignment: Assignment) -> tuple[Ticket | None, bool]:
    """Return an assignment's newest ticket, and whether it can have one: is or soon will be there.

    Of one whose recipient is not concealed neither is looked for.
    """
    if not store.tickets.concealed([assignment.order_id]):
        return None, False
    ids = [key(assignment)]
    there = store.platforms.ticketing(ids)
    drawable = any(one.state in ("given", "giving") for one in there)
    return store.tickets.latest(ids).get(ids[0]), drawable
