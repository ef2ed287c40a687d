"""What packing asks of assignments, many at once: the slips' and the pick list's side of them."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import BindParameter, bindparam, case, func, select, update
from sqlmodel import col

from core.entities import (
    Assignment,
    AssignmentPiece,
    Binding,
    Order,
    OrderLine,
    Shipment,
    ShipmentPiece,
    Shop,
)
from core.orders.views import LineView, PackRow
from storage.nouns.base import Noun
from storage.nouns.stops import STOP_COLUMNS
from storage.rows import chunks, rows_of, run

_IDS: BindParameter[int] = bindparam("assignments", expanding=True)
_TO_PACK = (
    select(
        col(Assignment.id), col(Assignment.tag), col(Assignment.status), col(Assignment.extra),
        col(Assignment.order_id), col(Order.order_no), col(Order.platform), col(Order.complete),
        *STOP_COLUMNS, col(Order.ship_by), col(Assignment.merchant_id),
        func.coalesce(func.nullif(col(Binding.factory_alias), ""), col(Shop.name)),
        col(Assignment.ended_at).is_not(None),
    )
    .join(Order, col(Order.id) == col(Assignment.order_id))
    .join(Binding, col(Binding.id) == col(Assignment.binding_id))
    .join(Shop, col(Shop.id) == col(Assignment.merchant_id))
    .where(col(Assignment.id).in_(_IDS), col(Assignment.factory_id) == bindparam("factory"))
)  # fmt: skip
SENT = (
    select(func.coalesce(func.sum(ShipmentPiece.quantity), 0))
    .join(Shipment, col(Shipment.id) == col(ShipmentPiece.shipment_id))
    .where(
        col(ShipmentPiece.line_id) == col(AssignmentPiece.line_id),
        col(Shipment.assignment_id) == col(AssignmentPiece.assignment_id),
    )
    .correlate(AssignmentPiece)
    .scalar_subquery()
)
_CONTENTS = (
    select(
        col(AssignmentPiece.assignment_id), col(OrderLine.product_name), col(OrderLine.sku_spec),
        col(OrderLine.product_code), col(AssignmentPiece.quantity) - SENT,
    )
    .join(OrderLine, col(OrderLine.id) == col(AssignmentPiece.line_id))
    .where(col(AssignmentPiece.assignment_id).in_(_IDS), col(AssignmentPiece.quantity) > SENT)
    .order_by(col(AssignmentPiece.assignment_id), col(AssignmentPiece.line_id))
)  # fmt: skip
_LOOKED = (
    update(Assignment)
    .where(col(Assignment.id).in_(_IDS), col(Assignment.looked_at).is_(None))
    .values(
        looked_at=bindparam("at"),
        silent_at=case((col(Assignment.status) == "assigned", None), else_=Assignment.silent_at),
    )
)


class AssignmentPacking(Noun):
    """The part of `AssignmentStore` that packers need."""

    def to_pack(self, factory_id: int, assignment_ids: Sequence[int]) -> list[PackRow]:
        """Return those of the assignments that are the factory's, in the order asked for."""
        found: dict[int, PackRow] = {}
        for some in chunks(assignment_ids):
            rows = run(self.session, _TO_PACK, {"assignments": some, "factory": factory_id})
            found |= {row[0]: PackRow(*row) for row in rows}
        notes = self.visit.orders.notes([row.order_id for row in found.values()])
        found |= {
            one: replace(row, **notes[row.order_id]._asdict())
            for one, row in found.items()
            if row.order_id in notes
        }
        return [found[one] for one in dict.fromkeys(assignment_ids) if one in found]

    def contents(self, assignment_ids: Sequence[int]) -> dict[int, list[LineView]]:
        """Return what is still to be sent of each assignment, line by line."""
        lines: dict[int, list[LineView]] = {one: [] for one in assignment_ids}
        for some in chunks(assignment_ids):
            for assignment_id, *line in rows_of(self.session, _CONTENTS, {"assignments": some}):
                lines[assignment_id].append(LineView(*line))
        return lines

    def mark_looked(self, assignment_ids: Sequence[int]) -> None:
        """Keep that their recipients were seen, where it is the first time."""
        for some in chunks(assignment_ids):
            run(self.session, _LOOKED, {"assignments": some, "at": self.now})
