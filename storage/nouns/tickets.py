"""E-waybills of assignments."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select, update
from sqlmodel import col

from core.columns import UtcDateTime
from core.entities import Assignment, PlatformCall, PlatformLink, SealedRecipient, Ticket
from core.orders.recipients import is_concealed
from storage.listed import within
from storage.nouns.base import Noun
from storage.rows import rows_of, run, table_of

_NOW: Any = bindparam("now", type_=UtcDateTime())
_T = table_of(Ticket).c
_BY_IDS = select(Ticket).where(within(col(Ticket.id), "ids")).order_by(col(Ticket.id))
_OF = select(Ticket).where(within(col(Ticket.assignment_id), "ids")).order_by(col(Ticket.id))
_DRAWN = _OF.where(col(Ticket.state) == "drawn")
_HAS_ONE = exists().where(_T.assignment_id == col(Assignment.id), _T.state.in_(["drawn", "used"]))
_UNDRAWN = (
    select(col(Assignment.id), col(SealedRecipient.same_hash))
    .join(SealedRecipient, col(SealedRecipient.order_id) == col(Assignment.order_id))
    .where(within(col(Assignment.id), "ids"), ~_HAS_ONE)
    .order_by(col(Assignment.id))
)
_OPEN_OF = and_(col(Assignment.draft_id) == bindparam("draft"), col(Assignment.ended_at).is_(None))
# What its platform has been told of, or is being told.
_UNDRAWN_OF = (
    select(col(SealedRecipient.same_hash))
    .join(Assignment, col(Assignment.order_id) == col(SealedRecipient.order_id))
    .join(
        PlatformCall,
        and_(
            col(PlatformCall.assignment_id) == col(Assignment.id),
            col(PlatformCall.kind) == "assign", col(PlatformCall.state) != "given_up",
        ),
    )
    .where(_OPEN_OF, ~_HAS_ONE)
)  # fmt: skip
_PRINTED_OF = (
    select(func.count())
    .select_from(Ticket)
    .join(Assignment, col(Assignment.id) == col(Ticket.assignment_id))
    .where(_OPEN_OF, col(Ticket.state) == "drawn", col(Ticket.printed_at).is_not(None))
)
_FALL = (
    update(table_of(Ticket))
    .where(within(_T.order_id, "orders"), _T.state == "drawn")
    .values(state="cancelling", due_at=_NOW, sent_at=None, tries=0)
)
_PACKS = (
    select(_T.assignment_id, func.count())
    .where(within(_T.assignment_id, "ids"))
    .group_by(_T.assignment_id)
)
_HASHES = select(col(SealedRecipient.order_id), col(SealedRecipient.same_hash)).where(
    within(col(SealedRecipient.order_id), "ids")
)
_CARRIERS = (
    select(_T.carrier)
    .where(_T.factory_id == bindparam("factory"), _T.number != "")
    .order_by(_T.id.desc())
    .limit(bindparam("last"))
)
_ACTS = and_(
    col(PlatformLink.id) == col(Ticket.link_id), col(PlatformLink.ended_at).is_(None),
    col(PlatformLink.paused_at).is_(None),
)  # fmt: skip
_DUE = (
    select(Ticket)
    .join(PlatformLink, _ACTS)
    .where(
        col(Ticket.due_at) <= _NOW,
        col(Ticket.link_id).not_in(bindparam("busy", expanding=True)),
    )
    .order_by(col(Ticket.due_at), col(Ticket.id))
    .limit(bindparam("limit"))
    .with_for_update(of=Ticket, skip_locked=True)
)
_NEXT = select(func.min(col(Ticket.due_at))).join(PlatformLink, _ACTS)
_NOW_DUE = update(table_of(Ticket)).where(_T.due_at > _NOW).values(due_at=_NOW)
_PRINTED = (
    update(table_of(Ticket))
    .where(within(_T.id, "ids"), _T.printed_at.is_(None))
    .values(printed_at=_NOW)
)


class TicketStore(Noun):
    """`core.ports.TicketPort`."""

    def get(self, ticket_id: int) -> Ticket | None:
        """Return a ticket."""
        return self.found(Ticket, ticket_id)

    def by_ids(self, ticket_ids: Sequence[int]) -> Sequence[Ticket]:
        """Return these, the oldest first."""
        return self.session.scalars(_BY_IDS, {"ids": list(ticket_ids)}).all()

    def latest(self, assignment_ids: Sequence[int]) -> Mapping[int, Ticket]:
        """Return the newest ticket of each assignment that has any."""
        found = self.session.scalars(_OF, {"ids": list(assignment_ids)})
        return {one.assignment_id: one for one in found}

    def drawn(self, assignment_ids: Sequence[int]) -> Mapping[int, Ticket]:
        """Return the number that was drawn for each assignment and has not left."""
        found = self.session.scalars(_DRAWN, {"ids": list(assignment_ids)})
        return {one.assignment_id: one for one in found}

    def undrawn(self, assignment_ids: Sequence[int]) -> Sequence[int]:
        """Return those of the assignments whose recipient is concealed and that have no number."""
        rows = rows_of(self.session, _UNDRAWN, {"ids": list(assignment_ids)})
        return [one for one, same in rows if is_concealed(same)]

    def counts_of(self, draft_id: int) -> tuple[int, int]:
        """Return of a batch's open orders: how many can be drawn, how many printed ones wait."""
        values = {"draft": draft_id}
        printed = self.session.scalar(_PRINTED_OF, values) or 0
        rows = rows_of(self.session, _UNDRAWN_OF, values)
        return sum(is_concealed(same) for (same,) in rows), printed

    def fall(self, order_ids: Sequence[int]) -> None:
        """Owe it to the platform to take back what was drawn for these: it is another address."""
        run(self.session, _FALL, {"orders": list(order_ids), "now": self.now})
        self._forget_loaded(Ticket)

    def packs(self, assignment_ids: Sequence[int]) -> Mapping[int, int]:
        """Return how many tickets each assignment has had."""
        rows = rows_of(self.session, _PACKS, {"ids": list(assignment_ids)})
        return {assignment: n for assignment, n in rows}

    def add_all(self, new: Sequence[Ticket]) -> None:
        """Keep new ones; they have their ids afterwards."""
        self.session.add_all(new)
        self.session.flush()

    def concealed(self, order_ids: Sequence[int]) -> frozenset[int]:
        """Return those of the orders whose recipient a platform conceals."""
        rows = rows_of(self.session, _HASHES, {"ids": list(order_ids)})
        return frozenset(order for order, same in rows if is_concealed(same))

    def carriers(self, factory_id: int, last: int) -> Sequence[str]:
        """Return the carriers of a factory's last tickets, the newest first."""
        values = {"factory": factory_id, "last": last}
        return run(self.session, _CARRIERS, values).scalars().all()

    def due(self, limit: int, busy: Sequence[int]) -> Sequence[Ticket]:
        """Return what a platform is to be asked now, of links not `busy`, the longest due first."""
        values = {"now": self.now, "limit": limit, "busy": list(busy)}
        return self.session.scalars(_DUE, values).all()

    def next_due(self) -> datetime | None:
        """Return when a platform is to be asked next."""
        return self.session.scalar(_NEXT)

    def release(self) -> None:
        """Let everything that waits be due: whoever had leased it is dead."""
        run(self.session, _NOW_DUE, {"now": self.now})

    def mark_printed(self, ticket_ids: Sequence[int]) -> None:
        """Keep that their labels were printed, where it is the first time."""
        run(self.session, _PRINTED, {"ids": list(ticket_ids), "now": self.now})
        self.read_again(Ticket, ticket_ids)
