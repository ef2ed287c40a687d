"""Opening and closing many assignments at once: set-based, whatever the number.

What a statement has made or changed is found again by the batch (`draft_id`) or by a list of ids;
rows come to Python only where Python must decide about each: which tag, which order is unusual.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, case, func, insert, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.assignments.batch_views import Given
from core.assignments.piecing import HOLDING
from core.clock.watching import first_reminder, reminders_of, silent_from
from core.entities import (
    AssignDraft,
    AssignDraftItem,
    Assignment,
    AssignmentPiece,
    Binding,
    Order,
    OrderLine,
    Shipment,
    ShipmentPiece,
)
from core.ids import key
from core.text.tags import new_tags
from core.values import Actor
from storage.nouns.base import Noun
from storage.nouns.drafts import AS_TAKEN, ASSIGNABLE
from storage.rows import chunks, insert_rows, run

TAG_RESTS = timedelta(days=90)

_BATCH = col(Assignment.draft_id) == bindparam("draft")
_FIT = (
    select(col(Order.id), col(Order.sort_at))
    .join(AssignDraftItem, col(AssignDraftItem.order_id) == col(Order.id))
    .where(
        col(AssignDraftItem.draft_id) == bindparam("draft"),
        col(AssignDraftItem.left_out) == "",
        ASSIGNABLE,
        AS_TAKEN,
    )
    .order_by(col(Order.sort_at), col(Order.id))
)
# What other assignments have of a line: the order was split, or has grown after it shipped. Of a
# cancelled one that is what its parcels hold.
_OTHER = aliased(Assignment)
_HELD = (
    select(func.coalesce(func.sum(AssignmentPiece.quantity), 0))
    .join(_OTHER, col(_OTHER.id) == col(AssignmentPiece.assignment_id))
    .where(
        col(_OTHER.order_id) == col(OrderLine.order_id),
        col(_OTHER.status).in_(sorted(HOLDING)),
        col(AssignmentPiece.line_id) == col(OrderLine.id),
    )
    .correlate(OrderLine)
    .scalar_subquery()
)
_LOST = (
    select(func.coalesce(func.sum(ShipmentPiece.quantity), 0))
    .join(Shipment, col(Shipment.id) == col(ShipmentPiece.shipment_id))
    .join(_OTHER, col(_OTHER.id) == col(Shipment.assignment_id))
    .where(col(ShipmentPiece.line_id) == col(OrderLine.id), col(_OTHER.status) == "cancelled")
    .correlate(OrderLine)
    .scalar_subquery()
)
_LEFT = col(OrderLine.quantity) - _HELD - _LOST
_OWN_PIECES = insert(AssignmentPiece).from_select(
    ["assignment_id", "line_id", "quantity"],
    select(col(Assignment.id), col(OrderLine.id), _LEFT)
    .join(OrderLine, col(OrderLine.order_id) == col(Assignment.order_id))
    .where(_BATCH, col(OrderLine.extra) == "", _LEFT > 0),
)
_ASSIGNED = (
    update(Order)
    .where(col(Order.id).in_(select(col(Assignment.order_id)).where(_BATCH)))
    .values(
        status=case((col(Order.status) == "part_shipped", "part_shipped"), else_="assigned"),
        tab="to_ship",
        factory_id=bindparam("factory"),
    )
)
_MADE = select(col(Assignment.id)).where(_BATCH).order_by(col(Assignment.id))
_WEIGHT = (
    select(func.sum(AssignmentPiece.quantity))
    .join(Assignment, col(Assignment.id) == col(AssignmentPiece.assignment_id))
    .where(_BATCH)
)
_GIVEN_BACK = ("recalled", "declined", "cancelled")
_STILL = select(func.count()).where(_BATCH, col(Assignment.status).not_in(_GIVEN_BACK))
_STILL_WEIGHT = _WEIGHT.where(col(Assignment.status).not_in(_GIVEN_BACK))
_TAKEN_TAGS = select(col(Assignment.tag)).where(
    col(Assignment.factory_id) == bindparam("factory"),
    col(Assignment.tag).in_(bindparam("tags", expanding=True)),
    or_(col(Assignment.ended_at).is_(None), col(Assignment.ended_at) > bindparam("rested")),
)


class AssignmentBatches(Noun):
    """The part of `AssignmentStore` that opens many."""

    def open_draft(self, draft: AssignDraft, binding: Binding, actor: Actor) -> Given:
        """Assign what no factory owes yet of the draft's orders that still are as taken in."""
        about = {"draft": key(draft)}
        fit = run(self.session, _FIT, about).all()
        if not fit:
            return Given(0, 0)
        same = self._same(binding, actor, key(draft))
        tags = self._free_tags(binding.factory_id, len(fit))
        hours = reminders_of(self.visit.shops.of(binding.factory_id))
        reminded = {one: first_reminder(self.visit, one, hours) for one in {at for _, at in fit}}
        rows = [
            {
                "order_id": order_id, "sort_at": sort_at, "tag": tag,
                "remind_at": reminded[sort_at], **same,
            }
            for (order_id, sort_at), tag in zip(fit, tags, strict=True)
        ]  # fmt: skip
        insert_rows(self.session, Assignment, rows)
        run(self.session, _OWN_PIECES, about)
        run(self.session, _ASSIGNED, {**about, "factory": binding.factory_id})
        self.read_again(Order, [order_id for order_id, _ in fit])
        moved = draft.given = len(fit)
        self.counters.shift(binding.merchant_id, {"unassigned": -moved, "to_ship": moved})
        self.counters.shift(binding.factory_id, {"to_ship": moved})
        self.counters.shift_open({key(binding): moved})
        return Given(moved, run(self.session, _WEIGHT, about).scalar_one() or 0)

    def standing_of(self, draft_id: int) -> Given:
        """Return what of a batch was not given back or stopped."""
        about = {"draft": draft_id}
        orders = run(self.session, _STILL, about).scalar_one()
        return Given(orders, run(self.session, _STILL_WEIGHT, about).scalar_one() or 0)

    def made_by(self, draft_id: int) -> Sequence[int]:
        """Return the assignments one 确认分配 made, whatever became of them."""
        return run(self.session, _MADE, {"draft": draft_id}).scalars().all()

    def _same(self, binding: Binding, actor: Actor, draft_id: int) -> dict[str, Any]:
        return {
            "merchant_id": binding.merchant_id, "factory_id": binding.factory_id,
            "binding_id": binding.id, "draft_id": draft_id, "status": "assigned", "extra": "",
            "tab": "to_ship", "assigned_by": actor.account_id, "assigned_at": self.now,
            "decline_reason": "", "silent_at": silent_from(self.visit, binding.merchant_id),
        }  # fmt: skip

    def _free_tags(self, factory_id: int, wanted: int) -> list[str]:
        """Draw tags no unfinished assignment of the factory has, nor had in the last 90 days."""
        free: dict[str, None] = {}
        while len(free) < wanted:
            drawn = new_tags(wanted - len(free)) - free.keys()
            for some in chunks(sorted(drawn)):
                asked = {"factory": factory_id, "tags": some, "rested": self.now - TAG_RESTS}
                taken = run(self.session, _TAKEN_TAGS, asked).scalars()
                free |= dict.fromkeys(set(some) - set(taken))
        return list(free)
