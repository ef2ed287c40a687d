"""Parcels and the pieces in them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlmodel import col

from core.entities import Shipment, ShipmentPiece
from core.ids import key
from storage.nouns.base import Noun
from storage.rows import run

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
_USING = (
    select(col(Shipment.order_id))
    .where(col(Shipment.tracking_number) == bindparam("number"))
    .distinct()
)
_HABIT = (
    select(col(Shipment.carrier))
    .where(col(Shipment.factory_id) == bindparam("factory"))
    .order_by(col(Shipment.id).desc())
    .limit(bindparam("last"))
)


class ShipmentStore(Noun):
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
        return self._pieces(col(Shipment.assignment_id) == assignment_id)

    def shipped_of_order(self, order_id: int) -> dict[int, int]:
        """Return how many pieces of which line are in parcels, whoever shipped them."""
        return self._pieces(col(Shipment.order_id) == order_id)

    def _pieces(self, which: ColumnElement[bool]) -> dict[int, int]:
        rows = self.session.execute(
            select(col(ShipmentPiece.line_id), func.sum(ShipmentPiece.quantity))
            .join(Shipment, col(Shipment.id) == col(ShipmentPiece.shipment_id))
            .where(which)
            .group_by(col(ShipmentPiece.line_id))
        )
        return {line_id: quantity for line_id, quantity in rows}

    def orders_using(self, tracking_number: str) -> Sequence[int]:
        """Return the orders that have a parcel with this number, whoever shipped it."""
        return run(self.session, _USING, {"number": tracking_number}).scalars().all()

    def habit(self, factory_id: int, last: int) -> Sequence[str]:
        """Return the carriers of the factory's last parcels, newest first."""
        found = run(self.session, _HABIT, {"factory": factory_id, "last": last})
        return found.scalars().all()
