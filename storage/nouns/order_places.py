"""Putting many orders where their pieces say they stand, whatever the number."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select, update
from sqlmodel import col

from core.entities import (
    AfterSale,
    Assignment,
    AssignmentPiece,
    ClosedReason,
    MerchantTab,
    Order,
    OrderStatus,
    Shipment,
    ShipmentPiece,
)
from core.entities.assignment import OPEN_STATUSES
from core.placing import Place, place_of
from core.standing import Pieces
from storage.nouns.base import Noun
from storage.rows import chunks, run

_ORDERS: BindParameter[int] = bindparam("orders", expanding=True)
_STANDING = select(
    col(Order.id), col(Order.merchant_id), col(Order.status), col(Order.tab), col(Order.sort_at),
    col(Order.after_sale), col(Order.closed_reason), col(Order.pieces), col(Order.ship_by),
    col(Order.paid_at), col(Order.created_at),
).where(col(Order.id).in_(_ORDERS))  # fmt: skip
_OWED = (
    select(col(Assignment.order_id), func.sum(AssignmentPiece.quantity))
    .join(AssignmentPiece, col(AssignmentPiece.assignment_id) == col(Assignment.id))
    .where(
        col(Assignment.order_id).in_(_ORDERS),
        col(Assignment.extra) == "",
        col(Assignment.status).in_([*sorted(OPEN_STATUSES), "shipped"]),
    )
    .group_by(col(Assignment.order_id))
)
_SHIPPED = (
    select(col(Shipment.order_id), func.sum(ShipmentPiece.quantity))
    .join(ShipmentPiece, col(ShipmentPiece.shipment_id) == col(Shipment.id))
    .join(Assignment, col(Assignment.id) == col(Shipment.assignment_id))
    .where(col(Shipment.order_id).in_(_ORDERS), col(Assignment.extra) == "")
    .group_by(col(Shipment.order_id))
)
_PLACED = (
    update(Order)
    .where(col(Order.id).in_(_ORDERS))
    .values(status=bindparam("to_status"), tab=bindparam("to_tab"), sort_at=bindparam("to_sort_at"))
)


class _Standing(NamedTuple):
    """The columns of `_STANDING`: read many times over, which a row of SQLAlchemy's is slow at."""

    id: int
    merchant_id: int
    status: OrderStatus
    tab: MerchantTab
    sort_at: datetime
    after_sale: AfterSale
    closed_reason: ClosedReason | None
    pieces: int
    ship_by: datetime | None
    paid_at: datetime | None
    created_at: datetime


class OrderPlaces(Noun):
    """The placing half of `OrderStore`."""

    def place_many(self, order_ids: Sequence[int]) -> None:
        """Derive status, tab and place of these orders anew; the counters follow.

        For orders whose pieces a factory owes: whose they are does not change.
        """
        moves: dict[int, Counter[str]] = defaultdict(Counter)
        places: dict[Place, list[int]] = defaultdict(list)
        for some in chunks(list(dict.fromkeys(order_ids))):
            asked = {"orders": some}
            owed = self._by_order(_OWED, asked)
            shipped = self._by_order(_SHIPPED, asked)
            for row in map(_Standing._make, run(self.session, _STANDING, asked)):
                pieces = Pieces(row.pieces, owed.get(row.id, 0), shipped.get(row.id, 0))
                place = place_of(row, pieces, self.now)
                if place != (row.status, row.tab, row.sort_at):
                    places[place].append(row.id)
                moves[row.merchant_id][row.tab] -= 1
                moves[row.merchant_id][place.tab] += 1
        for place, ids in places.items():
            status, tab, sort_at = place
            for some in chunks(ids):
                to = {"to_status": status, "to_tab": tab, "to_sort_at": sort_at}
                run(self.session, _PLACED, {"orders": some, **to})
        for merchant_id, shifts in moves.items():
            self.counters.shift(merchant_id, shifts)
        self._forget_loaded(Order)

    def _by_order(self, query: Any, asked: dict[str, Any]) -> dict[int, int]:
        return {order_id: int(n) for order_id, n in run(self.session, query, asked)}
