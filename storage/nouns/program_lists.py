"""Assignments as programs read them: pages in the order they were made, facts for many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from core.entities import (
    Assignment,
    AssignmentPiece,
    Binding,
    FeedItem,
    Order,
    OrderLine,
    SealedRecipient,
    Shipment,
    ShipmentPiece,
    Shop,
)
from core.orders.views import LineView
from core.programs.facts import AssignmentStand, PageAsked, ParcelFacts
from storage.listed import within
from storage.nouns.base import Noun
from storage.nouns.program_pages import Pages
from storage.nouns.stops import STOP_COLUMNS
from storage.rows import rows_of

_ROWS = (
    select(
        col(Assignment.id), col(Assignment.tag), col(Assignment.order_id), col(Order.order_no),
        col(Order.platform), col(Assignment.extra), col(Assignment.status), *STOP_COLUMNS,
        col(Assignment.changed_at),
        func.coalesce(func.nullif(col(Binding.factory_alias), ""), col(Shop.name)),
        col(Order.ship_by), col(Assignment.assigned_at), col(Assignment.held_until),
        col(Assignment.ended_at),
        col(SealedRecipient.masked_name), col(SealedRecipient.masked_phone),
        col(SealedRecipient.masked_address),
    )
    .join(Order, col(Order.id) == col(Assignment.order_id))
    .join(Binding, col(Binding.id) == col(Assignment.binding_id))
    .join(Shop, col(Shop.id) == col(Assignment.merchant_id))
    .outerjoin(SealedRecipient, col(SealedRecipient.order_id) == col(Assignment.order_id))
)  # fmt: skip
_PAGES = Pages(
    _ROWS, col(Assignment.id), col(Assignment.factory_id), col(Assignment.status),
    col(FeedItem.assignment_id),
)  # fmt: skip
_THESE = _ROWS.where(
    within(col(Assignment.id), "assignments"), col(Assignment.factory_id) == bindparam("shop")
).order_by(col(Assignment.id))
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

    def assignment_page(self, factory_id: int, asked: PageAsked) -> Sequence[AssignmentStand]:
        """Return a page of the factory's assignments."""
        rows = rows_of(self.session, *_PAGES.of(factory_id, asked))
        return [AssignmentStand._make(row) for row in rows]

    def assignments(
        self, factory_id: int, assignment_ids: Sequence[int]
    ) -> Sequence[AssignmentStand]:
        """Return those of these that are the factory's, the first made first."""
        rows = rows_of(self.session, _THESE, {"assignments": assignment_ids, "shop": factory_id})
        return [AssignmentStand._make(row) for row in rows]

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
            found[row[1]].append(ParcelFacts._make(row))
        return found
