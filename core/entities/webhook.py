"""Webhooks: where a shop is told what happened, and what it is still owed there."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime


class Webhook(SQLModel, table=True):
    """推送地址: an address of a shop's own program that every item of its feed is sent to.

    Its maker is `account_id`. `sealed_secret` signs what is sent; until `before_until` the secret
    before it signs too. Everything of the feed up to `fed_to` is delivered, or owed as a
    `Delivery`. `failing_since` is set while nothing gets through, `why` is what the last failure
    was (a word, `core.programs.webhooks`), `given_up` how many items were let go of while others
    got through. A `disabled_at` one is sent nothing until it is switched on again; one that has
    ended stays as history.
    """

    __tablename__ = "webhook"
    __table_args__ = (Index("ix_webhook_shop", "shop_id", "ended_at"),)

    id: int | None = Field(default=None, primary_key=True)
    shop_id: int = Field(foreign_key="shop.id")
    account_id: int = Field(foreign_key="account.id", index=True)
    url: str
    sealed_secret: bytes = Field(sa_type=LargeBinary)
    sealed_before: bytes | None = Field(default=None, sa_type=LargeBinary)
    before_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fed_to: int
    created_at: datetime = Field(sa_type=UtcDateTime)
    ok_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    why: str = ""
    given_up: int = 0
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Delivery(SQLModel, table=True):
    """An item of the feed that a webhook is still owed, after `tries` that failed.

    The row is deleted once it was received. `due_at` is when it is sent next; while it is being
    sent, when it is sent again should the house die meanwhile. `feed_id` is no foreign key: the
    feed forgets by age, and takes these rows along.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_webhook", "webhook_id", "due_at", "feed_id"),
        Index("ix_delivery_due_at", "due_at"),
    )

    webhook_id: int = Field(primary_key=True, foreign_key="webhook.id")
    feed_id: int = Field(primary_key=True)
    due_at: datetime = Field(sa_type=UtcDateTime)
    tries: int = 0
