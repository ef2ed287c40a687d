"""What chats are owed, were shown, and have already been answered."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, Index, String
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime

VanishingState = Literal["shown", "outdated", "told"]
AlertState = Literal["owed", "sent", "unreachable", "rejected", "unknown"]


class Chat(SQLModel, table=True):
    """A chat that could not be reached, since when; gone again once it can."""

    __tablename__ = "chat"

    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    unreachable_since: datetime = Field(sa_type=UtcDateTime)


class Alert(SQLModel, table=True):
    """通知: one message owed to one chat, written in the transaction that caused it.

    `event` and `payload` are the event's class name and fields: ids only, never personal data;
    the text is rendered when it is sent. `doubtful` marks a repeat after an unknown outcome;
    `unknown` ends it when that repeat's outcome is unknown too. `thread_id` is the topic of a
    group; `account_id` says in whose language it is told.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_chat", "state", "chat_id", "id"),
        Index("ix_alert_due", "state", "due_at"),
        Index("ix_alert_told", "shop_id", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=BigInteger)
    thread_id: int | None = None
    account_id: int = Field(foreign_key="account.id")
    shop_id: int = Field(foreign_key="shop.id")
    event: str
    payload: dict[str, Any] = Field(sa_type=JSON)
    state: AlertState = Field(default="owed", sa_type=String)
    due_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    doubtful: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Card(SQLModel, table=True):
    """What a message in a chat shows: makes a reply mean something, and dead buttons redraw."""

    __tablename__ = "card"
    __table_args__ = (Index("ix_card_ref", "kind", "ref_id"),)

    bot_id: int = Field(primary_key=True, sa_type=BigInteger)
    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    message_id: int = Field(primary_key=True)
    kind: str
    ref_id: int
    shop_id: int = Field(foreign_key="shop.id")
    shown_at: datetime = Field(sa_type=UtcDateTime, index=True)


class HandledUpdate(SQLModel, table=True):
    """The mark that an update's effect is committed; `kind` and `ref_id` say what it was about."""

    __tablename__ = "handled_update"

    bot_id: int = Field(primary_key=True, sa_type=BigInteger)
    update_id: int = Field(primary_key=True, sa_type=BigInteger)
    kind: str | None = None
    ref_id: int | None = None
    shop_id: int | None = None
    handled_at: datetime = Field(sa_type=UtcDateTime, index=True)


class PoisonedUpdate(SQLModel, table=True):
    """An update that failed three times: acknowledged so that it stalls nobody, kept to be found.

    Holds no content, only where it failed.
    """

    __tablename__ = "poisoned_update"

    bot_id: int = Field(primary_key=True, sa_type=BigInteger)
    update_id: int = Field(primary_key=True, sa_type=BigInteger)
    kind: str
    error: str
    at: datetime = Field(sa_type=UtcDateTime)


class Vanishing(SQLModel, table=True):
    """A message with a recipient in it, and when it must be gone.

    `outdated`: an order it shows has changed or stopped, and it is due at once; `told`: it says so
    now, until it is gone too.
    """

    __tablename__ = "vanishing"

    bot_id: int = Field(primary_key=True, sa_type=BigInteger)
    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    message_id: int = Field(primary_key=True)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    state: VanishingState = Field(
        default="shown", sa_type=String, sa_column_kwargs={"server_default": "shown"}
    )


class VanishingOrder(SQLModel, table=True):
    """An order whose recipient a vanishing message shows; a file shows those of many."""

    __tablename__ = "vanishing_order"
    __table_args__ = (Index("ix_vanishing_order_message", "chat_id", "message_id"),)

    order_id: int = Field(primary_key=True, foreign_key="orders.id")
    bot_id: int = Field(primary_key=True, sa_type=BigInteger)
    chat_id: int = Field(primary_key=True, sa_type=BigInteger)
    message_id: int = Field(primary_key=True)
