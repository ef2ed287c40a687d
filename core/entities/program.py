"""Programs that act for a shop over HTTP: their keys, and the answers they were given."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime


class ApiKey(SQLModel, table=True):
    """接口密钥: a program's key to one shop, in the name of the person who made it.

    Only the token's SHA-256 is kept: it is 256 random bits, so nothing slower would protect it
    better. `tail` is its last four characters, to tell keys apart. `ends_at` is when it stopped, or
    will stop where another one takes over from it.
    """

    __tablename__ = "api_key"
    __table_args__ = (Index("ix_api_key_shop", "shop_id", "ends_at"),)

    id: int | None = Field(default=None, primary_key=True)
    shop_id: int = Field(foreign_key="shop.id")
    account_id: int = Field(foreign_key="account.id", index=True)
    name: str
    scopes: str
    token_hash: str = Field(unique=True)
    tail: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class KeptAnswer(SQLModel, table=True):
    """The first answer to a request that carried an `Idempotency-Key`, kept for 48 hours.

    `asked` is a fingerprint of the request; `status` and `body` are what was answered, `sealed`
    where it may hold a recipient.
    """

    __tablename__ = "kept_answer"

    shop_id: int = Field(primary_key=True, foreign_key="shop.id")
    given_key: str = Field(primary_key=True)
    asked: str
    status: int
    media_type: str
    sealed: bytes
    kept_at: datetime = Field(sa_type=UtcDateTime, index=True)


class FeedItem(SQLModel, table=True):
    """One thing that happened to an order, as a shop's programs follow it; `id` is the cursor.

    It points at the audit row of the act, which is its content.
    """

    __tablename__ = "feed_item"
    __table_args__ = (
        Index("ix_feed_item_shop", "shop_id", "id"),
        Index("ix_feed_item_at", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    shop_id: int = Field(foreign_key="shop.id")
    audit_id: int = Field(foreign_key="audit.id")
    order_id: int = Field(foreign_key="orders.id")
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    at: datetime = Field(sa_type=UtcDateTime)
