"""A person, what the bot is asking them just now, and the invitations an operator hands out."""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime


class Account(SQLModel, table=True):
    """One person (账号), known by their Telegram id. May be a member of several shops."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = Field(sa_type=BigInteger, unique=True)
    name: str
    lang: str | None = None
    shop_id: int | None = Field(default=None, foreign_key="shop.id")  # the shop switched on
    invited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Talk(SQLModel, table=True):
    """The one question open with a person. `sealed` is its data, encrypted: it may hold a phone."""

    __tablename__ = "talk"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    step: str
    sealed: bytes = Field(sa_type=LargeBinary)
    asked_at: datetime = Field(sa_type=UtcDateTime)


class Invite(SQLModel, table=True):
    """A single-use invitation to open shops (`DAIFA_REGISTRATION=invite`). Only a hash is kept."""

    __tablename__ = "invite"

    token_hash: str = Field(primary_key=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_by: int | None = Field(default=None, foreign_key="account.id")
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
