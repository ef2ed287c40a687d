"""Opening an assignment of what the buyer did not order: a gift, a resend, an exchange."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import col

from core.clock.watching import silent_from, watch
from core.entities import Assignment, AssignmentPiece, Binding, Extra, Order, OrderLine
from core.ids import key
from core.orders.standing import USUAL_DEADLINE
from core.orders.views import LineView
from core.values import Actor
from storage.nouns.assignment_batches import AssignmentBatches


class ExtraAssignments(AssignmentBatches):
    """The part of `AssignmentStore` for extras."""

    def open_extra(
        self, order: Order, binding: Binding, actor: Actor, kind: Extra, lines: Sequence[LineView]
    ) -> Assignment:
        """Assign these lines, which are made for it. Their order stands where it stood."""
        given = Assignment(
            order_id=key(order), merchant_id=order.merchant_id, factory_id=binding.factory_id,
            binding_id=key(binding), status="assigned", tab="to_ship", extra=kind,
            sort_at=self.now + USUAL_DEADLINE, tag=self._free_tags(binding.factory_id, 1)[0],
            assigned_by=actor.account_id, assigned_at=self.now,
            silent_at=silent_from(self.visit, binding.merchant_id),
        )  # fmt: skip
        watch(self.visit, given)
        made = self._extra_lines(order, kind, lines)
        self.session.add_all([given, *made])
        self.session.flush()
        self.session.add_all(
            AssignmentPiece(assignment_id=key(given), line_id=key(one), quantity=one.quantity)
            for one in made
        )
        self.counters.shift(binding.factory_id, {"to_ship": 1})
        self.counters.shift_open({key(binding): 1})
        return given

    def _extra_lines(self, order: Order, kind: Extra, lines: Sequence[LineView]) -> list[OrderLine]:
        before = self.session.scalar(
            select(func.count()).where(
                col(OrderLine.order_id) == order.id, col(OrderLine.extra) != ""
            )
        )
        return [
            OrderLine(
                order_id=key(order), merchant_id=order.merchant_id, extra=kind,
                sub_order_no=f"extra-{number}", product_name=line.product, sku_spec=line.spec,
                product_code=line.code, quantity=line.quantity,
            )
            for number, line in enumerate(lines, start=(before or 0) + 1)
        ]  # fmt: skip
