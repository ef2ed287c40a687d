"""An e-waybill drawn from a platform for one order."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Index, String, text
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime

TicketState = Literal["asked", "refused", "drawn", "cancelling", "cancelled", "kept", "used"]
LIVE = text("state IN ('asked', 'drawn')")
DUE = text("due_at IS NOT NULL")


class Ticket(SQLModel, table=True):
    """电子面单: a number that its platform gave a factory for an assignment, address unseen.

    It is written before it is asked for. While it is `asked` the platform may have drawn it or not;
    asked again under the same `handle`, `carrier` and `pack`, it draws the same number. A `refused`
    one was certainly not drawn. `drawn`: the number can be printed, shipped, or given back
    (`cancelling` until the platform has it, then `cancelled`; `kept` where it would not). One that
    left with a parcel is `used`.

    `merchant` and `handle` are what the platform calls the merchant and the order. `due_at` is when
    the platform is asked (again), `sent_at` when it was last asked and no answer came. `why` and
    `said` are the last refusal.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index(
            "uq_ticket_live", "assignment_id", unique=True,
            sqlite_where=LIVE, postgresql_where=LIVE,
        ),
        Index("ix_ticket_assignment", "assignment_id", "id"),
        Index("ix_ticket_factory", "factory_id", "id"),
        Index("ix_ticket_due", "link_id", "due_at", sqlite_where=DUE, postgresql_where=DUE),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id")
    order_id: int = Field(foreign_key="orders.id", index=True)
    factory_id: int = Field(foreign_key="shop.id")
    account_id: int = Field(foreign_key="account.id")
    link_id: int = Field(foreign_key="platform_link.id")
    merchant: str = ""
    handle: str
    pack: str
    carrier: str
    state: TicketState = Field(default="asked", sa_type=String)
    number: str = ""
    sort_code: str = ""
    destination: str = ""
    package: str = ""
    asked_at: datetime = Field(sa_type=UtcDateTime)
    drawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    printed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    why: str = ""
    said: str = ""
