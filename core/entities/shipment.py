"""A parcel on its way, and the pieces in it."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime

Verdict = Literal["", "asked", "intercept", "let_go"]


class Shipment(SQLModel, table=True):
    """包裹: one parcel of an assignment. Corrections change the number; the audit keeps the old.

    `verdict` is what the merchant says of a parcel that was under way when its order was stopped:
    `asked`, then `intercept` (拦截) or `let_go` (放行); empty for any other parcel.

    `claimed` is how many pieces its factory says are in a parcel of an order that was no longer its
    own: they are in no count until the merchant lets it go and they are still free.
    """

    __tablename__ = "shipment"
    __table_args__ = (
        UniqueConstraint("assignment_id", "tracking_number", name="uq_shipment_number"),
        Index("ix_shipment_factory", "factory_id", "id"),
        Index("ix_shipment_factory_time", "factory_id", "shipped_at", "id"),
        Index("ix_shipment_made", "merchant_id", "id"),
        Index("ix_shipment_merchant", "merchant_id", "shipped_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id")
    order_id: int = Field(foreign_key="orders.id", index=True)
    merchant_id: int = Field(foreign_key="shop.id")
    factory_id: int = Field(foreign_key="shop.id")
    carrier: str
    tracking_number: str = Field(index=True)
    shipped_by: int = Field(foreign_key="account.id")
    shipped_at: datetime = Field(sa_type=UtcDateTime)
    corrected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    verdict: Verdict = Field(default="", sa_type=String)
    claimed: int | None = Field(default=None)


class ShipmentPiece(SQLModel, table=True):
    """`quantity` pieces of one order line, in one parcel."""

    __tablename__ = "shipment_piece"

    shipment_id: int = Field(primary_key=True, foreign_key="shipment.id")
    line_id: int = Field(primary_key=True, foreign_key="order_line.id", index=True)
    quantity: int
