"""Shops linked to selling platforms, and what goes to and fro: orders, hints, calls owed."""

from datetime import datetime
from typing import Literal

from sqlalchemy import JSON, Index, LargeBinary, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime
from core.entities.shop import Role

LIVE = text("ended_at IS NULL")
OWED = text("state = 'owed'")
CallKind = Literal["ship", "correct", "assign", "unassign"]
CallState = Literal["owed", "waits", "done", "given_up", "dropped"]


class PlatformLink(SQLModel, table=True):
    """平台店铺: a merchant's shop on a platform, whose orders come in by themselves; a factory's.

    A factory's has its merchants' orders assigned to it there, and tells its parcels. `partners_at`
    is when it was last asked with whom the shop is bound there.

    Who connected it is `account_id`: what comes in is brought in for them. Until the platform has
    said yes there is only `asked_hash`, of the word that comes back with its answer, and
    `asked_until`. Every change before `synced_to` has been taken; `due_at` is when to look next,
    and while somebody looks, when to look again should they die meanwhile. `failing_since` is set
    while nothing gets through, `why` and `said` are what the last failure was, `told_at` when the
    shop was told of it. `opened` recipients were opened by the platform on the China-time day
    `opened_on`; on the day `spent_on` it opened no more. A `paused_at` one is left
    alone; one that has ended stays as history, its tokens erased.
    """

    __tablename__ = "platform_link"
    __table_args__ = (
        Index("ix_platform_link_shop", "shop_id", "ended_at"),
        Index("ix_platform_link_due", "due_at"),
        Index(
            "uq_platform_link_outside", "platform", "outside_id", unique=True,
            sqlite_where=LIVE, postgresql_where=LIVE,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    shop_id: int = Field(foreign_key="shop.id")
    account_id: int = Field(foreign_key="account.id", index=True)
    role: Role = Field(default="merchant", sa_type=String)
    platform: str
    outside_id: str | None = None
    outside_name: str = ""
    asked_hash: str = Field(default="", index=True)
    asked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sealed_access: bytes = Field(default=b"", sa_type=LargeBinary)
    sealed_refresh: bytes = Field(default=b"", sa_type=LargeBinary)
    token_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    synced_to: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ok_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    partners_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    why: str = ""
    said: str = ""
    opened_on: str = ""
    opened: int = 0
    spent_on: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    connected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OutsidePartner(SQLModel, table=True):
    """A shop that the linked one is bound to on the platform: its factory, or its merchant.

    `outside_id` is how the platform tells it to the linked shop. `mask` is how a factory knows the
    merchant whose link this is: looked up when it is needed first.
    """

    __tablename__ = "outside_partner"

    link_id: int = Field(primary_key=True, foreign_key="platform_link.id")
    outside_id: str = Field(primary_key=True)
    name: str = ""
    mask: str = ""


class OutsideOrder(SQLModel, table=True):
    """An order as its platform knows it. `handles` are its ids there, by our sub-order number."""

    __tablename__ = "outside_order"

    order_id: int = Field(primary_key=True, foreign_key="orders.id")
    link_id: int = Field(foreign_key="platform_link.id", index=True)
    handles: dict[str, str] | None = Field(default=None, sa_type=JSON)
    given_to: str = ""
    changed_at: datetime = Field(sa_type=UtcDateTime)


class OrderAside(SQLModel, table=True):
    """An order of a platform that could not be read: `field` is the platform's name of what."""

    __tablename__ = "order_aside"

    link_id: int = Field(primary_key=True, foreign_key="platform_link.id")
    order_no: str = Field(primary_key=True)
    field: str
    why: str
    seen_at: datetime = Field(sa_type=UtcDateTime)


class OrderHint(SQLModel, table=True):
    """An order its platform has sent a message about: to be fetched before anything else."""

    __tablename__ = "order_hint"

    link_id: int = Field(primary_key=True, foreign_key="platform_link.id")
    order_no: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


class PushMark(SQLModel, table=True):
    """A message of a platform that was taken: a repeated one costs nothing."""

    __tablename__ = "push_mark"

    platform: str = Field(primary_key=True)
    number: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class PlatformCall(SQLModel, table=True):
    """What a platform is still to be told: a parcel or its correction, an assignment or its end.

    It is written with the parcel or the assignment it is about; `link_id` is the merchant's.
    `factory_link_id` is the factory's that has the assignment there, and by which its parcel was
    told. What is told is read when it is sent: always the newest number. `sent_at` is when it was
    last sent; where no answer came, it is read back before it is sent again. `done_at` is when the
    platform acknowledged it. One that `waits` is owed once the call before it, of the same order,
    is over; a `dropped` one has nothing to tell any more. A `given_up` one stands in the merchant's
    list until it is retried.

    `handle` is what the platform calls it: the parcel's id; of an assignment the platform's ids by
    our sub-order number, as JSON.
    """

    __tablename__ = "platform_call"
    __table_args__ = (
        UniqueConstraint("shipment_id", "kind", name="uq_platform_call_shipment"),
        UniqueConstraint("assignment_id", "kind", name="uq_platform_call_assignment"),
        Index(
            "ix_platform_call_due", "link_id", "due_at",
            sqlite_where=OWED, postgresql_where=OWED,
        ),
        Index("ix_platform_call_order", "order_id"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    link_id: int = Field(foreign_key="platform_link.id")
    order_id: int = Field(foreign_key="orders.id")
    shipment_id: int | None = Field(default=None, foreign_key="shipment.id")
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    factory_link_id: int | None = Field(default=None, foreign_key="platform_link.id", index=True)
    kind: CallKind = Field(sa_type=String)
    state: CallState = Field(default="owed", sa_type=String)
    due_at: datetime = Field(sa_type=UtcDateTime)
    tries: int = 0
    handle: str = ""
    owed_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    why: str = ""
    said: str = ""
