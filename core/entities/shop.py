"""A shop of either role, who acts for it, and where it ships from."""

from datetime import datetime
from typing import Literal

from sqlalchemy import LargeBinary, String
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime

Role = Literal["merchant", "factory"]
Rank = Literal["owner", "staff"]


class Shop(SQLModel, table=True):
    """店铺: a merchant (商家) or a factory (厂家), known outside by `number`."""

    __tablename__ = "shop"

    id: int | None = Field(default=None, primary_key=True)
    role: Role = Field(sa_type=String)
    number: str = Field(unique=True)
    name: str
    link_token: str = Field(unique=True)  # opaque; permanent until its owner replaces it
    created_at: datetime = Field(sa_type=UtcDateTime)


class Member(SQLModel, table=True):
    """成员: an account that acts for a shop while `left_at` is empty."""

    __tablename__ = "member"

    shop_id: int = Field(primary_key=True, foreign_key="shop.id")
    account_id: int = Field(primary_key=True, foreign_key="account.id", index=True)
    rank: Rank = Field(sa_type=String)
    joined_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SealedShipFrom(SQLModel, table=True):
    """发货信息, encrypted per field (`storage.sealing`); read as `core.values.ShipFrom`."""

    __tablename__ = "ship_from"

    shop_id: int = Field(primary_key=True, foreign_key="shop.id")
    key_id: int
    contact: bytes = Field(sa_type=LargeBinary)
    phone: bytes = Field(sa_type=LargeBinary)
    address: bytes = Field(sa_type=LargeBinary)
