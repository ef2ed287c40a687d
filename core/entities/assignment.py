"""An order handed to a factory, and the pieces of its lines that the factory owes."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Index, String, text
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime
from core.entities.order import Extra

AssignmentStatus = Literal[
    "assigned", "accepted", "held", "recall_asked", "part_shipped", "shipped",
    "declined", "recalled", "cancelled",
]  # fmt: skip
FactoryTab = Literal["to_ship", "shipped", "ended"]

ASSIGNMENT_MOVES: dict[AssignmentStatus, frozenset[AssignmentStatus]] = {
    "assigned": frozenset(
        {"accepted", "held", "recall_asked", "part_shipped", "shipped", "declined", "recalled",
         "cancelled"}
    ),
    "accepted": frozenset(
        {"held", "recall_asked", "part_shipped", "shipped", "declined", "recalled", "cancelled"}
    ),
    "held": frozenset(
        {"accepted", "recall_asked", "part_shipped", "shipped", "declined", "recalled", "cancelled"}
    ),
    "recall_asked": frozenset({"accepted", "part_shipped", "shipped", "recalled", "cancelled"}),
    "part_shipped": frozenset({"shipped", "cancelled"}),
    "shipped": frozenset(),
    # Only by a parcel that had left and is let go on: decision 0019.
    "declined": frozenset({"shipped"}),
    "recalled": frozenset({"shipped"}),
    "cancelled": frozenset(),
}  # fmt: skip

OPEN_STATUSES: frozenset[AssignmentStatus] = frozenset(
    {"assigned", "accepted", "held", "recall_asked", "part_shipped"}
)
UNSHIPPED_STATUSES: frozenset[AssignmentStatus] = OPEN_STATUSES - {"part_shipped"}
OVER_STATUSES: frozenset[AssignmentStatus] = frozenset({"declined", "recalled", "cancelled"})

UNFINISHED = text("ended_at IS NULL")
REMINDED = text("remind_at IS NOT NULL")
WATCHED = text("silent_at IS NOT NULL")
WAITED = text("hold_due_at IS NOT NULL")


class Assignment(SQLModel, table=True):
    """分配: pieces of one order at one factory. A new row each time; ended rows stay as history.

    `tag` (短号) is unique among a factory's unfinished assignments. `changed_at` is set while a
    change waits to be acknowledged, `acknowledged_at` is the last 已知晓. `looked_at` is the first
    look at the recipient. `extra` is set where it owns a gift, a resend or an exchange instead of
    what was ordered. `rule_id` is the rule that made it.

    `remind_at` is when its factory is next reminded of its deadline, `silent_at` when its merchant
    is told that the factory has done nothing with it; each empty when that will not happen.
    `held_until` is the day (its start) a factory that waits for goods hopes to ship, for
    `held_reason`; `held_agreed_at` is when its merchant agreed to wait, `hold_due_at` when both are
    reminded of that day. `recall_asked_by` is who asks for it back.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_tag", "factory_id", "tag",
            unique=True, sqlite_where=UNFINISHED, postgresql_where=UNFINISHED,
        ),
        Index("ix_assignment_tag_age", "factory_id", "tag", "ended_at"),
        Index("ix_assignment_tab", "factory_id", "tab", "sort_at", "id"),
        Index("ix_assignment_factory", "factory_id", "id"),
        Index("ix_assignment_changed", "factory_id", "changed_at", "id"),
        Index("ix_assignment_order", "order_id", "id"),
        Index("ix_assignment_binding", "binding_id", "status"),
        Index("ix_assignment_draft", "draft_id", "tab"),
        Index("ix_assignment_given", "merchant_id", "factory_id", "assigned_at"),
        Index(
            "ix_assignment_remind", "remind_at", sqlite_where=REMINDED, postgresql_where=REMINDED
        ),
        Index("ix_assignment_silent", "silent_at", sqlite_where=WATCHED, postgresql_where=WATCHED),
        Index("ix_assignment_hold", "hold_due_at", sqlite_where=WAITED, postgresql_where=WAITED),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="orders.id")
    merchant_id: int = Field(foreign_key="shop.id")
    factory_id: int = Field(foreign_key="shop.id")
    binding_id: int = Field(foreign_key="binding.id")
    draft_id: int | None = Field(default=None, foreign_key="assign_draft.id")
    status: AssignmentStatus = Field(sa_type=String)
    tab: FactoryTab = Field(sa_type=String)
    sort_at: datetime = Field(sa_type=UtcDateTime)
    tag: str
    extra: Extra = Field(default="", sa_type=String)
    assigned_by: int = Field(foreign_key="account.id")
    assigned_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decline_reason: str = ""
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_reason: str = ""
    held_agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    hold_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recall_asked_by: int | None = Field(default=None, foreign_key="account.id")
    rule_id: int | None = Field(default=None, foreign_key="assign_rule.id")
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    silent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AssignmentPiece(SQLModel, table=True):
    """`quantity` pieces of one order line, owned by an assignment."""

    __tablename__ = "assignment_piece"

    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    line_id: int = Field(primary_key=True, foreign_key="order_line.id")
    quantity: int


class AssignmentTick(SQLModel, table=True):
    """An assignment that one person of a factory has ticked, to accept, decline or print it."""

    __tablename__ = "assignment_tick"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    assignment_id: int = Field(primary_key=True, foreign_key="assignment.id")
    shop_id: int = Field(foreign_key="shop.id", index=True)
    ticked_at: datetime = Field(sa_type=UtcDateTime)
