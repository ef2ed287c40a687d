"""The binding between a merchant and a factory, from request to end."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Index, String, text
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime

BindingStatus = Literal["pending", "bound", "refused", "withdrawn", "expired", "unbound"]

BINDING_MOVES: dict[BindingStatus, frozenset[BindingStatus]] = {
    "pending": frozenset({"bound", "refused", "withdrawn", "expired"}),
    "bound": frozenset({"unbound"}),
    "refused": frozenset(),
    "withdrawn": frozenset(),
    "expired": frozenset(),
    "unbound": frozenset(),
}

LIVE = text("status IN ('pending', 'bound')")


class Binding(SQLModel, table=True):
    """绑定: a new row for every request; at most one pending or bound row for a pair.

    `merchant_alias` is what the merchant calls the factory, `factory_alias` the reverse; each is
    shown only to the side that gave it. `open_count` counts live assignments between the two.
    """

    __tablename__ = "binding"
    __table_args__ = (
        Index(
            "uq_binding_live_pair", "merchant_id", "factory_id",
            unique=True, sqlite_where=LIVE, postgresql_where=LIVE,
        ),
        Index("ix_binding_merchant", "merchant_id", "status", "id"),
        Index("ix_binding_factory", "factory_id", "status", "id"),
        Index("ix_binding_expiry", "status", "expires_at"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    merchant_id: int = Field(foreign_key="shop.id")
    factory_id: int = Field(foreign_key="shop.id")
    status: BindingStatus = Field(sa_type=String)
    requested_by: int = Field(foreign_key="account.id")
    requested_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    merchant_alias: str = ""
    factory_alias: str = ""
    open_count: int = 0
