"""What is still to be erased before its time."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime


class Erasure(SQLModel, table=True):
    """Two shops have parted: of the orders between them, those that are over are to be erased.

    The row is deleted once none is left.
    """

    __tablename__ = "erasure"

    id: int | None = Field(default=None, primary_key=True)
    merchant_id: int = Field(foreign_key="shop.id")
    factory_id: int = Field(foreign_key="shop.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
