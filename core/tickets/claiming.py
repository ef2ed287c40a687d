"""What platforms are to be asked about e-waybills now, one factory's link at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from core.entities import Ticket
from core.ids import key
from core.orders.views import LineView
from core.platforms.facts import Ticketing
from core.platforms.ticket_facts import Sender, TicketAsked
from core.ports import Store
from core.tickets.sender import sender_of
from core.tickets.ticket_errors import SenderIncomplete
from core.tickets.turns import AT_ONCE, TicketTurn, ToCancel, ToDraw

LEASE: Final = timedelta(seconds=60)  # asked again after it, should the house die meanwhile
PAUSES: Final = tuple(timedelta(seconds=one) for one in (10, 60, 300, 900, 3_600, 7_200))
NO_SENDER: Final = timedelta(hours=1)  # until the factory has put its 发货信息 right
GOODS: Final = 20  # products named to the platform


def claim(store: Store, room: int, busy: Sequence[int]) -> list[TicketTurn]:
    """Return at most one turn for each of `room` links that are not `busy`."""
    found: dict[int, list[Ticket]] = defaultdict(list)
    for one in store.tickets.due(room * AT_ONCE, busy):
        if len(found[one.link_id]) < AT_ONCE:
            found[one.link_id].append(one)
    some = [one for link in list(found)[:room] for one in found[link]]
    return turns(store, some)


def turns(store: Store, tickets: Sequence[Ticket]) -> list[TicketTurn]:
    """Return what is to be asked for these tickets, link by link; each is ours for `LEASE`."""
    ids = [one.assignment_id for one in tickets]
    there = {one.assignment_id: one for one in store.platforms.ticketing(ids)}
    contents = store.assignments.contents(ids)
    by_link: dict[int, list[Ticket]] = defaultdict(list)
    for one in tickets:
        by_link[one.link_id].append(one)
    made: list[TicketTurn] = []
    for link_id, some in by_link.items():
        link = store.platforms.link(link_id)
        if link is None or link.token_until is None:
            continue
        sender = _sender(store, link.shop_id)
        draws: list[ToDraw] = []
        cancels: list[ToCancel] = []
        for one in some:
            if one.state == "cancelling":
                cancels.append(_to_cancel(one))
            elif sender is None:
                one.due_at = store.now + NO_SENDER
                continue
            else:
                draws.append(_to_draw(store, one, there.get(one.assignment_id), contents))
            one.due_at, one.sent_at = store.now + LEASE, store.now
        access, refresh = store.platforms.tokens(link)
        made.append(
            TicketTurn(
                link_id, link.outside_id or "", link.platform, access, refresh, link.token_until,
                sender, draws, cancels,
            )
        )  # fmt: skip
    return made


def _sender(store: Store, factory_id: int) -> Sender | None:
    try:
        return sender_of(store, factory_id)
    except SenderIncomplete:
        return None


def _to_draw(
    store: Store, one: Ticket, there: Ticketing | None, contents: Mapping[int, Sequence[LineView]]
) -> ToDraw:
    goods = [(line.product[:100], line.quantity) for line in contents[one.assignment_id][:GOODS]]
    mask = one.merchant or (there.mask if there is not None else "")
    return ToDraw(
        key(one), one.assignment_id, store.assignments.of(one.assignment_id).tag,
        TicketAsked(one.handle, mask, one.carrier, one.pack, goods),
        there.merchant_link_id if there is not None else 0,
        there.given_at if there is not None else None, one.sent_at is not None,
    )  # fmt: skip


def _to_cancel(one: Ticket) -> ToCancel:
    return ToCancel(key(one), one.merchant, one.carrier, one.number, one.sent_at is not None)
