"""Keeping the parcels of many orders at once, whatever the number."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from core.entities import Assignment, AssignmentPiece, Shipment, ShipmentPiece
from core.entities.assignment import OVER_STATUSES, UNSHIPPED_STATUSES
from core.orders.lookups import AskedParcel
from core.orders.standing import stop_reason
from core.orders.views import FoundOrder, Numbered
from core.ports.orders import Leaves
from core.shipments.parcels import without
from core.values import Actor
from storage.listed import within
from storage.nouns.base import Noun
from storage.rows import insert_rows, rows_of, run, table_of

_OWED = select(
    col(AssignmentPiece.assignment_id), col(AssignmentPiece.line_id), col(AssignmentPiece.quantity)
).where(within(col(AssignmentPiece.assignment_id), "assignments"))
_GONE = (
    select(
        col(Shipment.assignment_id), col(ShipmentPiece.line_id), func.sum(ShipmentPiece.quantity)
    )
    .join(Shipment, col(Shipment.id) == col(ShipmentPiece.shipment_id))
    .where(within(col(Shipment.assignment_id), "assignments"))
    .group_by(col(Shipment.assignment_id), col(ShipmentPiece.line_id))
)
_CLAIMED = (
    select(col(Shipment.assignment_id), func.sum(Shipment.claimed))
    .where(
        within(col(Shipment.assignment_id), "assignments"),
        col(Shipment.claimed).is_not(None),
    )
    .group_by(col(Shipment.assignment_id))
)
_NUMBERS = (
    select(
        col(Shipment.assignment_id), col(Shipment.id), col(Shipment.carrier),
        col(Shipment.tracking_number),
    )
    .where(within(col(Shipment.assignment_id), "assignments"))
    .order_by(col(Shipment.id))
)  # fmt: skip


_UNDER_WAY = (
    select(
        col(Shipment.id), col(Shipment.order_id), col(Shipment.assignment_id),
        col(Shipment.carrier), col(Shipment.tracking_number),
    )
    .join(Assignment, col(Assignment.id) == col(Shipment.assignment_id))
    .where(
        within(col(Shipment.order_id), "orders"),
        col(Shipment.shipped_at) >= bindparam("since"),
        col(Shipment.verdict).in_(["", "let_go"]),
        col(Assignment.extra).in_(["", "gift"]),
    )
    .order_by(col(Shipment.id))
)  # fmt: skip
_ASKED = select(col(Shipment.assignment_id)).where(
    within(col(Shipment.assignment_id), "assignments"), col(Shipment.verdict) == "asked"
)
_ASK = update(table_of(Shipment)).where(within(col(Shipment.id), "ids")).values(verdict="asked")


def _is_asked(one: Leaves) -> bool:
    return one.claimed or stop_reason(one.order, one.order.extra) is not None


class ShipmentBatches(Noun):
    """The bulk half of `ShipmentStore`."""

    def left_of(self, orders: Sequence[FoundOrder]) -> Mapping[int, Mapping[int, int]]:
        """Return, by assignment, how many pieces of which line are not in parcels yet.

        What its factory says has left of one that is over is as good as in parcels.
        """
        left: dict[int, dict[int, int]] = {one.assignment_id: {} for one in orders}
        every = {"assignments": list(left)}
        for assignment_id, line_id, n in rows_of(self.session, _OWED, every):
            left[assignment_id][line_id] = n
        begun = [one.assignment_id for one in orders if one.status not in UNSHIPPED_STATUSES]
        if begun:
            for assignment_id, line_id, n in rows_of(self.session, _GONE, {"assignments": begun}):
                left[assignment_id][line_id] -= n
        over = [one.assignment_id for one in orders if one.status in OVER_STATUSES]
        if over:
            for assignment_id, n in rows_of(self.session, _CLAIMED, {"assignments": over}):
                left[assignment_id] = without(left[assignment_id], n)
        return left

    def numbers_of(self, assignment_ids: Sequence[int]) -> Sequence[Numbered]:
        """Return the parcels of these assignments, first sent first."""
        return [
            Numbered(*row)
            for row in rows_of(self.session, _NUMBERS, {"assignments": assignment_ids})
        ]

    def asked_of(self, assignment_ids: Sequence[int]) -> set[int]:
        """Return those of the assignments about whose parcels the merchant is to decide."""
        return set(run(self.session, _ASKED, {"assignments": assignment_ids}).scalars())

    def ask_about(self, order_ids: Sequence[int], since: datetime) -> Sequence[AskedParcel]:
        """Mark what left of these orders since then as asked about; returns what is asked now.

        Not a resend or an exchange: a stop is often why they were sent.
        """
        if not order_ids:
            return []
        rows = rows_of(self.session, _UNDER_WAY, {"orders": order_ids, "since": since})
        ids = [shipment_id for shipment_id, *_ in rows]
        run(self.session, _ASK, {"ids": ids})
        self.read_again(Shipment, ids)
        return [AskedParcel(*row) for _, *row in rows]

    def add_many(self, actor: Actor, leaving: Sequence[Leaves]) -> Mapping[tuple[int, str], int]:
        """Keep the parcels of many orders; returns their ids by assignment and number."""
        rows: list[dict[str, Any]] = [
            {
                "assignment_id": one.order.assignment_id, "order_id": one.order.order_id,
                "merchant_id": one.order.merchant_id, "factory_id": one.order.factory_id,
                "carrier": sent.carrier, "tracking_number": sent.number,
                "shipped_by": actor.account_id, "shipped_at": self.now,
                "verdict": "asked" if _is_asked(one) else "",
                "claimed": sent.pieces if one.claimed else None,
            }
            for one in leaving
            for sent in one.sent
        ]  # fmt: skip
        insert_rows(self.session, Shipment, rows)
        kept = self.numbers_of([one.order.assignment_id for one in leaving])
        return {(one.assignment_id, one.number): one.shipment_id for one in kept}

    def add_contents(self, contents: Iterable[tuple[int, Mapping[int, int]]]) -> None:
        """Keep what is in these parcels."""
        rows = [
            {"shipment_id": shipment_id, "line_id": line_id, "quantity": n}
            for shipment_id, pieces in contents
            for line_id, n in pieces.items()
            if n
        ]
        if rows:
            insert_rows(self.session, ShipmentPiece, rows)
