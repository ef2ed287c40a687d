"""Assignments as programs read them: pages in the order they were made, facts for many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from core.entities import (
    Assignment,
    AssignmentPiece,
    AssignmentStatus,
    FeedItem,
    OrderLine,
    SealedRecipient,
    Shipment,
    ShipmentPiece,
)
from core.orders.views import LineView
from core.programs.facts import ParcelFacts, Stand
from core.values import MaskedRecipient
from storage.listed import within
from storage.nouns.base import Noun
from storage.rows import rows_of

_PAGE = (
    select(col(Assignment.id))
    .where(
        col(Assignment.factory_id) == bindparam("factory"), col(Assignment.id) > bindparam("after")
    )
    .order_by(col(Assignment.id))
    .limit(bindparam("limit"))
)  # fmt: skip
_IN_STATUS = _PAGE.where(col(Assignment.status).in_(bindparam("statuses", expanding=True)))
_SINCE = col(Assignment.id).in_(
    select(col(FeedItem.assignment_id)).where(
        col(FeedItem.shop_id) == bindparam("factory"), col(FeedItem.id) > bindparam("since")
    )
)
_STANDS = (
    select(
        col(Assignment.id), col(Assignment.changed_at), col(Assignment.assigned_at),
        col(Assignment.held_until), col(Assignment.ended_at), col(SealedRecipient.masked_name),
        col(SealedRecipient.masked_phone), col(SealedRecipient.masked_address),
    )
    .outerjoin(SealedRecipient, col(SealedRecipient.order_id) == col(Assignment.order_id))
    .where(within(col(Assignment.id), "assignments"))
)  # fmt: skip
_LINES = (
    select(
        col(AssignmentPiece.assignment_id), col(OrderLine.product_name), col(OrderLine.sku_spec),
        col(OrderLine.product_code), col(AssignmentPiece.quantity),
    )
    .join(OrderLine, col(OrderLine.id) == col(AssignmentPiece.line_id))
    .where(
        within(col(AssignmentPiece.assignment_id), "assignments"),
        col(AssignmentPiece.quantity) > 0,
    )
    .order_by(col(AssignmentPiece.assignment_id), col(AssignmentPiece.line_id))
)  # fmt: skip
_PACKED = (
    select(func.coalesce(func.sum(col(ShipmentPiece.quantity)), 0))
    .where(col(ShipmentPiece.shipment_id) == col(Shipment.id))
    .correlate(Shipment)
    .scalar_subquery()
)
PARCEL: Final = select(
    col(Shipment.id), col(Shipment.assignment_id), col(Shipment.order_id), col(Shipment.carrier),
    col(Shipment.tracking_number), _PACKED, col(Shipment.shipped_at), col(Shipment.verdict),
).order_by(col(Shipment.id))  # fmt: skip
_PARCELS = PARCEL.where(within(col(Shipment.assignment_id), "assignments"))


class ProgramLists(Noun):
    """The part of `ProgramStore` that reads assignments."""

    def assignment_ids(
        self, factory_id: int, *, after: int, limit: int,
        statuses: Sequence[AssignmentStatus] = (), since: int | None = None,
    ) -> Sequence[int]:  # fmt: skip
        """Return ids of the factory's assignments behind an id, the first made first."""
        query = _IN_STATUS if statuses else _PAGE
        values: dict[str, Any] = {"factory": factory_id, "after": after, "limit": limit}
        if statuses:
            values["statuses"] = list(statuses)
        if since is not None:
            query, values["since"] = query.where(_SINCE), since
        return [row[0] for row in rows_of(self.session, query, values)]

    def stands(self, assignment_ids: Sequence[int]) -> Mapping[int, Stand]:
        """Return how these stand, and their recipients, masked."""
        found = {}
        for row in rows_of(self.session, _STANDS, {"assignments": assignment_ids}):
            masked = MaskedRecipient(*row[5:]) if row[5] is not None else None
            found[row[0]] = Stand(row[1], row[2], row[3], row[4], masked)
        return found

    def lines(self, assignment_ids: Sequence[int]) -> Mapping[int, Sequence[LineView]]:
        """Return all pieces these own, line by line."""
        found = defaultdict[int, list[LineView]](list)
        for one, *line in rows_of(self.session, _LINES, {"assignments": assignment_ids}):
            found[one].append(LineView(*line))
        return found

    def parcels(self, assignment_ids: Sequence[int]) -> Mapping[int, Sequence[ParcelFacts]]:
        """Return the parcels of these, the first sent first."""
        found = defaultdict[int, list[ParcelFacts]](list)
        for row in rows_of(self.session, _PARCELS, {"assignments": assignment_ids}):
            found[row[1]].append(ParcelFacts(*row))
        return found
