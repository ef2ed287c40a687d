"""A shop of either role, who acts for it, and where it ships from."""

from datetime import datetime
from typing import Literal

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, String, text
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime

Role = Literal["merchant", "factory"]
Rank = Literal["owner", "staff"]
IS_SUSPENDED = text("suspended_at IS NOT NULL")


class Shop(SQLModel, table=True):
    """店铺: a merchant (商家) or a factory (厂家), known outside by `number`.

    Its alerts go to each member's private chat, or to the group `alert_chat_id` (and its topic
    `alert_thread_id`) where `/here` was said by `alert_account_id`, whose language is spoken there.
    A closed shop stays as history. One an operator suspended (`suspended_why`: whom to ask) waits
    as it is (`core.people.suspending`). `reminders` are the hours before a deadline at which it is
    reminded; `silent_hours` how long one of a merchant's factories may do nothing with an order
    before the merchant is told; `unseen_minutes` how long a change may go unseen before it is told
    again, and as long once more before the merchant is told. None: as `core.clock.watching` says.
    """

    __tablename__ = "shop"
    __table_args__ = (
        Index(
            "ix_shop_suspended", "suspended_at",
            sqlite_where=IS_SUSPENDED, postgresql_where=IS_SUSPENDED,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    role: Role = Field(sa_type=String)
    number: str = Field(unique=True)
    name: str
    link_token: str = Field(unique=True)  # opaque; permanent until its owner replaces it
    alert_chat_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    alert_thread_id: int | None = None
    alert_account_id: int | None = None  # no foreign key: accounts point at shops already
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    suspended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    suspended_why: str = ""
    reminders: list[int] | None = Field(default=None, sa_type=JSON)
    silent_hours: int | None = None
    unseen_minutes: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class Member(SQLModel, table=True):
    """成员: an account that acts for a shop while `left_at` is empty."""

    __tablename__ = "member"

    shop_id: int = Field(primary_key=True, foreign_key="shop.id")
    account_id: int = Field(primary_key=True, foreign_key="account.id", index=True)
    rank: Rank = Field(sa_type=String)
    joined_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MemberInvite(SQLModel, table=True):
    """A single-use invitation into a shop's staff. Only a hash of its token is kept."""

    __tablename__ = "member_invite"

    token_hash: str = Field(primary_key=True)
    shop_id: int = Field(foreign_key="shop.id", index=True)
    invited_by: int = Field(foreign_key="account.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_by: int | None = Field(default=None, foreign_key="account.id")
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SealedShipFrom(SQLModel, table=True):
    """发货信息, encrypted per field (`storage.sealing`); read as `core.values.ShipFrom`."""

    __tablename__ = "ship_from"

    shop_id: int = Field(primary_key=True, foreign_key="shop.id")
    key_id: int
    contact: bytes = Field(sa_type=LargeBinary)
    phone: bytes = Field(sa_type=LargeBinary)
    address: bytes = Field(sa_type=LargeBinary)
