"""Parts of an order at several factories: who has which pieces, and opening one of some pieces."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select
from sqlmodel import col

from core.assignments.piecing import Held
from core.clock.watching import first_reminder, reminders_of, silent_from
from core.entities import Assignment, AssignmentPiece, Binding, Order
from core.ids import key
from core.orders.standing import deadline
from core.values import Actor
from storage.nouns.assignment_batches import AssignmentBatches
from storage.nouns.packing import SENT
from storage.rows import rows_of

_HELD = (
    select(
        col(Assignment.id), col(Assignment.factory_id), col(Assignment.status),
        col(AssignmentPiece.line_id), col(AssignmentPiece.quantity), SENT,
    )
    .join(AssignmentPiece, col(AssignmentPiece.assignment_id) == col(Assignment.id))
    .where(
        col(Assignment.order_id) == bindparam("order"),
        col(Assignment.extra) == "",
        col(Assignment.status).not_in(("declined", "recalled")),
    )
    .order_by(col(Assignment.id), col(AssignmentPiece.line_id))
)  # fmt: skip


class SplitAssignments(AssignmentBatches):
    """The part of `AssignmentStore` for orders that several factories ship."""

    def held_of(self, order_id: int) -> list[Held]:
        """Return which pieces of an order's lines are at which assignment; extras left out."""
        rows = rows_of(self.session, _HELD, {"order": order_id})
        return [Held._make(one) for one in rows]

    def open_pieces(
        self, order: Order, binding: Binding, actor: Actor, pieces: Mapping[int, int]
    ) -> Assignment:
        """Assign so many pieces of these lines; where the order stands is the caller's to say."""
        given = Assignment(
            order_id=key(order), merchant_id=order.merchant_id, factory_id=binding.factory_id,
            binding_id=key(binding), status="assigned", tab="to_ship", sort_at=deadline(order),
            tag=self._free_tags(binding.factory_id, 1)[0], assigned_by=actor.account_id,
            assigned_at=self.now, silent_at=silent_from(self.visit, binding.merchant_id),
        )  # fmt: skip
        hours = reminders_of(self.visit.shops.of(binding.factory_id))
        given.remind_at = first_reminder(self.visit, given.sort_at, hours)
        self.session.add(given)
        self.session.flush()
        self.session.add_all(
            AssignmentPiece(assignment_id=key(given), line_id=line_id, quantity=n)
            for line_id, n in pieces.items()
        )
        self.session.flush()
        self.counters.shift(binding.factory_id, {"to_ship": 1})
        self.counters.shift_open({key(binding): 1})
        return given

    def holder_of(self, order_id: int) -> int | None:
        """Return the factory of the latest assignment that was not given back."""
        held = self.held_of(order_id)
        return held[-1].factory_id if held else None
