"""What happened (append-only), who looked at whom, and counts kept instead of counted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime
from core.values import Door


class AuditRow(SQLModel, table=True):
    """One act, written in the same transaction as its effect. Never changed, never deleted: the
    database refuses it.

    `account_id` is empty for what the clock did. `door` is chat, file, tick, api or platform.
    `detail` holds no recipient.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_order", "order_id", "id"),
        Index("ix_audit_shop", "shop_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    shop_id: int | None = Field(default=None, foreign_key="shop.id")
    order_id: int | None = Field(default=None, foreign_key="orders.id")
    door: Door = Field(sa_type=String)
    act: str
    detail: dict[str, Any] = Field(sa_type=JSON)


class KeyMark(SQLModel, table=True):
    """Which key ring sealed what is in this database: `Keyring.fingerprint`, one row."""

    __tablename__ = "key_mark"

    fingerprint: str = Field(primary_key=True)
    since: datetime = Field(sa_type=UtcDateTime)


class Lease(SQLModel, table=True):
    """The right of one of several processes to a piece of work: `storage.leases`.

    `holder` is a run's id, `turn` one more with each new holder. In a key, so that a change of it
    waits for those who hold the row, and a renewal does not.
    """

    __tablename__ = "lease"
    __table_args__ = (UniqueConstraint("name", "turn"),)

    name: str = Field(primary_key=True)
    holder: str
    turn: int
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)


class Counter(SQLModel, table=True):
    """How many rows a shop has in a tab. Kept by `storage.counters` with every move."""

    __tablename__ = "counter"

    shop_id: int = Field(primary_key=True, foreign_key="shop.id")
    name: str = Field(primary_key=True)
    n: int = 0


class CounterDelta(SQLModel, table=True):
    """A shift of a count that is not added up yet: of a shop's tab, or of what a binding has open.

    Only PostgreSQL has any (`storage.counters`). Refers to nothing: who shifts holds nobody up.
    """

    __tablename__ = "counter_delta"

    id: int | None = Field(default=None, primary_key=True)
    shop_id: int | None = Field(default=None, index=True)
    name: str = ""
    binding_id: int | None = Field(default=None, index=True)
    n: int


class Look(SQLModel, table=True):
    """One look at a recipient: by whom, for which assignment, on which China-time day."""

    __tablename__ = "look"
    __table_args__ = (
        Index("ix_look_quota", "shop_id", "day", "assignment_id"),
        Index("ix_look_assignment", "assignment_id"),
        Index("ix_look_order", "order_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    shop_id: int = Field(foreign_key="shop.id")
    account_id: int = Field(foreign_key="account.id")
    assignment_id: int = Field(foreign_key="assignment.id")
    order_id: int = Field(foreign_key="orders.id")
    day: str
    at: datetime = Field(sa_type=UtcDateTime)
