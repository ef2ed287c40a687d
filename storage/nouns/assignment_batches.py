"""Opening and closing many assignments at once: set-based, whatever the number."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, func, insert, or_, select, update
from sqlmodel import col

from core.entities import (
    Assignment,
    AssignmentPiece,
    AssignmentStatus,
    Binding,
    Order,
    OrderLine,
    ShipmentPiece,
)
from core.entities.assignment import UNSHIPPED_STATUSES
from core.ids import key
from core.placing import place_order
from core.standing import FACTORY_TAB
from core.tags import new_tag
from core.values import Actor
from core.views import DraftOrder, FoundOrder
from storage.nouns.base import Noun
from storage.rows import chunks, insert_rows, run

TAG_RESTS = timedelta(days=90)

_ORDERS: BindParameter[int] = bindparam("orders", expanding=True)
_UNFINISHED = (
    col(Assignment.order_id).in_(_ORDERS),
    col(Assignment.ended_at).is_(None),
    col(Assignment.extra) == "",
)
# What parcels of earlier assignments hold of a line: an order may have grown after it shipped.
_GONE = (
    select(func.coalesce(func.sum(ShipmentPiece.quantity), 0))
    .where(col(ShipmentPiece.line_id) == col(OrderLine.id))
    .correlate(OrderLine)
    .scalar_subquery()
)
_OWN_PIECES = insert(AssignmentPiece).from_select(
    ["assignment_id", "line_id", "quantity"],
    select(col(Assignment.id), col(OrderLine.id), col(OrderLine.quantity) - _GONE)
    .join(OrderLine, col(OrderLine.order_id) == col(Assignment.order_id))
    .where(*_UNFINISHED, col(OrderLine.extra) == "", col(OrderLine.quantity) > _GONE),
)
_OPENED = select(col(Assignment.order_id), col(Assignment.id)).where(*_UNFINISHED)
_ASSIGNED = (
    update(Order)
    .where(col(Order.id).in_(_ORDERS))
    .values(
        status=case((col(Order.status) == "part_shipped", "part_shipped"), else_="assigned"),
        tab="to_ship",
        factory_id=bindparam("factory"),
    )
)
_MOVED = (
    update(Assignment)
    .where(col(Assignment.id).in_(bindparam("assignments", expanding=True)))
    .values(status=bindparam("to_status"))
)
_ENDED = _MOVED.values(tab=bindparam("to_tab"), sort_at=bindparam("now"), ended_at=bindparam("now"))
_TAKEN_TAGS = select(col(Assignment.tag)).where(
    col(Assignment.factory_id) == bindparam("factory"),
    col(Assignment.tag).in_(bindparam("tags", expanding=True)),
    or_(col(Assignment.ended_at).is_(None), col(Assignment.ended_at) > bindparam("rested")),
)


class AssignmentBatches(Noun):
    """The bulk half of `AssignmentStore`."""

    def open_many(
        self, orders: Sequence[DraftOrder], binding: Binding, actor: Actor, draft_id: int | None
    ) -> list[tuple[int, DraftOrder]]:
        """Assign what no factory owes yet of these orders; returns (assignment, order)."""
        tags = self._free_tags(binding.factory_id, len(orders))
        rows = [
            self._row(order, tag, binding, actor, draft_id)
            for order, tag in zip(orders, tags, strict=True)
        ]
        insert_rows(self.session, Assignment, rows)
        ids = self._own_pieces([order.id for order in orders])
        for some in chunks([order.id for order in orders]):
            run(self.session, _ASSIGNED, {"orders": some, "factory": binding.factory_id})
        self._forget_loaded(Order)
        moved = len(orders)
        self.counters.shift(binding.merchant_id, {"unassigned": -moved, "to_ship": moved})
        self.counters.shift(binding.factory_id, {"to_ship": moved})
        self.counters.shift_open({key(binding): moved})
        return [(ids[order.id], order) for order in orders]

    def _row(
        self, order: DraftOrder, tag: str, binding: Binding, actor: Actor, draft_id: int | None
    ) -> dict[str, Any]:
        return {
            "order_id": order.id, "merchant_id": binding.merchant_id,
            "factory_id": binding.factory_id, "binding_id": binding.id, "draft_id": draft_id,
            "status": "assigned", "extra": "", "tab": "to_ship", "tag": tag,
            "sort_at": order.sort_at, "assigned_by": actor.account_id, "assigned_at": self.now,
            "decline_reason": "",
        }  # fmt: skip

    def _own_pieces(self, order_ids: Sequence[int]) -> dict[int, int]:
        """Give each order's open assignment the pieces not in parcels; returns it by order."""
        ids: dict[int, int] = {}
        for some in chunks(order_ids):
            run(self.session, _OWN_PIECES, {"orders": some})
            rows = run(self.session, _OPENED, {"orders": some})
            ids |= {order_id: assignment_id for order_id, assignment_id in rows}
        return ids

    def _free_tags(self, factory_id: int, wanted: int) -> list[str]:
        """Draw tags no unfinished assignment of the factory has, nor had in the last 90 days."""
        free: dict[str, None] = {}
        while len(free) < wanted:
            drawn = {new_tag() for _ in range(wanted - len(free))} - free.keys()
            for some in chunks(sorted(drawn)):
                asked = {"factory": factory_id, "tags": some, "rested": self.now - TAG_RESTS}
                taken = run(self.session, _TAKEN_TAGS, asked).scalars()
                free |= dict.fromkeys(set(some) - set(taken))
        return list(free)

    def send_off(self, orders: Sequence[FoundOrder], status: AssignmentStatus) -> None:
        """Move these open assignments of one factory, which has shipped of them."""
        tab = FACTORY_TAB[status]
        ended = tab != "to_ship"
        for some in chunks([one.assignment_id for one in orders]):
            given = {"assignments": some, "to_status": status}
            run(self.session, _ENDED if ended else _MOVED,
                {**given, "to_tab": tab, "now": self.now} if ended else given)  # fmt: skip
        self._forget_loaded(Assignment)
        if not ended:
            return
        self.counters.shift(orders[0].factory_id, {"to_ship": -len(orders), tab: len(orders)})
        bindings = Counter(one.binding_id for one in orders)
        self.counters.shift_open({binding_id: -n for binding_id, n in bindings.items()})

    def take_back(
        self, assignment_ids: Sequence[int], status: AssignmentStatus
    ) -> list[tuple[int, int]]:
        """End these open, unshipped assignments; their orders stand as their pieces then say.

        Returns (assignment, order) of each one ended.
        """
        ended: list[Assignment] = []
        for some in chunks(assignment_ids):
            ended += self.session.scalars(
                select(Assignment).where(
                    col(Assignment.id).in_(some),
                    col(Assignment.status).in_(sorted(UNSHIPPED_STATUSES)),
                )
            )
        for one in ended:
            one.status, one.ended_at = status, self.now
            one.tab, one.sort_at = FACTORY_TAB[status], self.now
        self._count_ended(ended)
        for one in ended:
            place_order(self.visit, self.visit.orders.of(one.order_id))
        return [(key(one), one.order_id) for one in ended]

    def _count_ended(self, ended: Sequence[Assignment]) -> None:
        waiting = Counter(one.factory_id for one in ended if one.changed_at is not None)
        for one in ended:
            one.changed_at = None
        for factory_id, n in Counter(one.factory_id for one in ended).items():
            moves = {"to_ship": -n, "ended": n, "changed": -waiting[factory_id]}
            self.counters.shift(factory_id, moves)
        self.counters.shift_open(
            {binding_id: -n for binding_id, n in Counter(one.binding_id for one in ended).items()}
        )
