"""Putting many orders where their pieces say they stand, whatever the number."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update
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
from core.orders.placing import Place, place_of
from core.orders.standing import Pieces
from storage.listed import within
from storage.nouns.base import Noun
from storage.nouns.stops import STOP_COLUMNS
from storage.rows import rows_of, run

_THESE = within(col(Order.id), "orders")
_OWED = (
    select(func.sum(AssignmentPiece.quantity))
    .join(Assignment, col(Assignment.id) == col(AssignmentPiece.assignment_id))
    .where(
        col(Assignment.order_id) == col(Order.id),
        col(Assignment.extra) == "",
        col(Assignment.status).in_([*sorted(OPEN_STATUSES), "shipped"]),
    )
    .correlate(Order)
    .scalar_subquery()
)
_SHIPPED = (
    select(func.sum(ShipmentPiece.quantity))
    .join(Shipment, col(Shipment.id) == col(ShipmentPiece.shipment_id))
    .join(Assignment, col(Assignment.id) == col(Shipment.assignment_id))
    .where(col(Shipment.order_id) == col(Order.id), col(Assignment.extra) == "")
    .correlate(Order)
    .scalar_subquery()
)
_STANDING = select(
    col(Order.id), col(Order.merchant_id), col(Order.status), col(Order.tab), col(Order.sort_at),
    *STOP_COLUMNS, col(Order.ship_by), col(Order.paid_at),
    col(Order.created_at), col(Order.pieces), func.coalesce(_OWED, 0), func.coalesce(_SHIPPED, 0),
).where(_THESE)  # fmt: skip
_PLACED = (
    update(Order)
    .where(_THESE)
    .values(status=bindparam("to_status"), tab=bindparam("to_tab"), sort_at=bindparam("to_sort_at"))
)


_OWED_OF = select(col(Order.id), func.coalesce(_OWED, 0)).where(_THESE)


class _Standing(NamedTuple):
    """The columns of `_STANDING`: read many times over, which a row of SQLAlchemy's is slow at."""

    id: int
    merchant_id: int
    status: OrderStatus
    tab: MerchantTab
    sort_at: datetime
    after_sale: AfterSale
    closed_reason: ClosedReason | None
    held_at: datetime | None
    let_go_at: datetime | None
    ship_by: datetime | None
    paid_at: datetime | None
    created_at: datetime
    ordered: int
    owed: int
    shipped: int


class OrderPlaces(Noun):
    """The placing half of `OrderStore`."""

    def owed_of(self, order_ids: Sequence[int]) -> dict[int, int]:
        """Return how many pieces of each order factories owe or have shipped."""
        rows = rows_of(self.session, _OWED_OF, {"orders": list(order_ids)})
        return {order_id: int(n) for order_id, n in rows}

    def place_many(self, order_ids: Sequence[int]) -> None:
        """Derive status, tab and place of these orders anew; the counters follow.

        For orders whose pieces a factory owes: whose they are does not change.
        """
        moves: dict[int, Counter[str]] = defaultdict(Counter)
        places: dict[Place, list[int]] = defaultdict(list)
        rows = rows_of(self.session, _STANDING, {"orders": list(dict.fromkeys(order_ids))})
        for row in map(_Standing._make, rows):
            pieces = Pieces(row.ordered, int(row.owed), int(row.shipped))
            place = place_of(row, pieces, self.now)
            if place != (row.status, row.tab, row.sort_at):
                places[place].append(row.id)
            moves[row.merchant_id][row.tab] -= 1
            moves[row.merchant_id][place.tab] += 1
        for place, ids in places.items():
            status, tab, sort_at = place
            to = {"to_status": status, "to_tab": tab, "to_sort_at": sort_at}
            run(self.session, _PLACED, {"orders": ids, **to})
        for merchant_id, shifts in moves.items():
            self.counters.shift(merchant_id, shifts)
        self._forget_loaded(Order)
