"""Parcels and the pieces in them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable, bindparam, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.entities import (
    Account,
    Assignment,
    AuditRow,
    Order,
    SealedRecipient,
    Shipment,
    ShipmentPiece,
)
from core.ids import key
from core.orders.views import NumberUse, OldNumber
from storage.listed import within
from storage.nouns.base import Noun
from storage.nouns.shipment_batches import ShipmentBatches
from storage.nouns.shipped import ShippedSpans
from storage.nouns.stops import GOES_ON
from storage.rows import rows_of, run

_OF_ORDER = (
    select(Shipment).where(col(Shipment.order_id) == bindparam("order")).order_by(col(Shipment.id))
)
_OF_ASSIGNMENT = (
    select(Shipment)
    .where(col(Shipment.assignment_id) == bindparam("assignment"))
    .order_by(col(Shipment.id))
)
_PIECES = (
    select(col(ShipmentPiece.line_id), func.sum(ShipmentPiece.quantity))
    .join(Shipment, col(Shipment.id) == col(ShipmentPiece.shipment_id))
    .where(col(Shipment.assignment_id) == bindparam("assignment"))
    .group_by(col(ShipmentPiece.line_id))
)
_OF_ORDER_PIECES = (
    select(col(ShipmentPiece.line_id), func.sum(ShipmentPiece.quantity))
    .join(Shipment, col(Shipment.id) == col(ShipmentPiece.shipment_id))
    .where(col(Shipment.order_id) == bindparam("order"))
    .group_by(col(ShipmentPiece.line_id))
)
_PACKED = (
    select(col(ShipmentPiece.shipment_id), func.sum(ShipmentPiece.quantity))
    .join(Shipment, col(Shipment.id) == col(ShipmentPiece.shipment_id))
    .where(col(Shipment.assignment_id) == bindparam("assignment"))
    .group_by(col(ShipmentPiece.shipment_id))
)
_USES = select(
    col(Shipment.tracking_number), col(Shipment.order_id), col(Shipment.merchant_id),
    col(Shipment.shipped_at),
).where(within(col(Shipment.tracking_number), "numbers"))  # fmt: skip
_CORRECTED = (
    select(col(AuditRow.detail), col(AuditRow.at), col(Account.name))
    .outerjoin(Account, col(Account.id) == col(AuditRow.account_id))
    .where(col(AuditRow.order_id) == bindparam("order"), col(AuditRow.act) == "corrected")
    .order_by(col(AuditRow.id))
)
_mine = aliased(SealedRecipient)
_TOGETHER = (
    select(col(Assignment.id), col(Assignment.tag))
    .select_from(_mine)
    .join(SealedRecipient, col(SealedRecipient.same_hash) == col(_mine.same_hash))
    .join(Assignment, col(Assignment.order_id) == col(SealedRecipient.order_id))
    .join(Order, col(Order.id) == col(Assignment.order_id))
    .where(
        col(_mine.order_id) == bindparam("order"),
        col(Assignment.factory_id) == bindparam("factory"),
        col(Assignment.merchant_id) == bindparam("merchant"),
        col(Assignment.ended_at).is_(None),
        col(Assignment.id) != bindparam("assignment"),
        or_(GOES_ON, col(Assignment.extra).in_(["resend", "exchange"])),
    )
    .order_by(col(Assignment.id))
    .limit(bindparam("limit"))
)
_HABIT = (
    select(col(Shipment.carrier))
    .where(col(Shipment.factory_id) == bindparam("factory"))
    .order_by(col(Shipment.id).desc())
    .limit(bindparam("last"))
)


class ShipmentStore(ShipmentBatches, ShippedSpans, Noun):
    """`core.ports.ShipmentPort`."""

    def get(self, shipment_id: int) -> Shipment | None:
        """Return the parcel."""
        return self.lasting(Shipment, shipment_id)

    def of_assignment(self, assignment_id: int) -> Sequence[Shipment]:
        """Return the parcels of an assignment, first sent first."""
        return self.session.scalars(_OF_ASSIGNMENT, {"assignment": assignment_id}).all()

    def of_order(self, order_id: int) -> Sequence[Shipment]:
        """Return the parcels of an order, first sent first."""
        return self.session.scalars(_OF_ORDER, {"order": order_id}).all()

    def add(self, shipment: Shipment, pieces: Mapping[int, int]) -> Shipment:
        """Keep a parcel and what is in it."""
        self.session.add(shipment)
        self.session.flush()
        for line_id, quantity in pieces.items():
            if quantity:
                self.session.add(
                    ShipmentPiece(shipment_id=key(shipment), line_id=line_id, quantity=quantity)
                )
        return shipment

    def shipped_pieces(self, assignment_id: int) -> dict[int, int]:
        """Return how many pieces of which line the assignment has in parcels."""
        return self._sums(_PIECES, {"assignment": assignment_id})

    def shipped_of_order(self, order_id: int) -> dict[int, int]:
        """Return how many pieces of which line are in parcels, whoever shipped them."""
        return self._sums(_OF_ORDER_PIECES, {"order": order_id})

    def packed(self, assignment_id: int) -> dict[int, int]:
        """Return how many pieces each parcel of the assignment holds, unless it holds none."""
        return self._sums(_PACKED, {"assignment": assignment_id})

    def _sums(self, statement: Executable, values: dict[str, int]) -> dict[int, int]:
        return {one: int(total) for one, total in rows_of(self.session, statement, values)}

    def uses(self, numbers: Sequence[str]) -> Sequence[NumberUse]:
        """Return the parcels that carry one of these numbers, whoever shipped them."""
        return [NumberUse(*row) for row in rows_of(self.session, _USES, {"numbers": numbers})]

    def old_numbers(self, order_id: int) -> Sequence[OldNumber]:
        """Return the numbers that parcels of the order had before corrections, oldest first."""
        rows = run(self.session, _CORRECTED, {"order": order_id})
        return [
            OldNumber(detail["shipment"], detail["before"][0], detail["before"][1], at, name or "")
            for detail, at, name in rows
        ]

    def together(self, assignment: Assignment, limit: int) -> Sequence[tuple[int, str]]:
        """Return (id, tag) of the factory's other open orders of this merchant to that recipient.

        Orders that must not be shipped are left out.
        """
        asked = {
            "order": assignment.order_id, "factory": assignment.factory_id,
            "merchant": assignment.merchant_id, "assignment": assignment.id, "limit": limit,
        }  # fmt: skip
        return [(one, tag) for one, tag in rows_of(self.session, _TOGETHER, asked)]

    def habit(self, factory_id: int, last: int) -> Sequence[str]:
        """Return the carriers of the factory's last parcels, newest first."""
        found = run(self.session, _HABIT, {"factory": factory_id, "last": last})
        return found.scalars().all()
