"""What two shops must hear of each other's orders: changes to be seen, questions to be answered."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime

WAITS = text("due_at IS NOT NULL")


class ChangeNotice(SQLModel, table=True):
    """One change, told to the factory of one assignment: seen by whom, repeated, escalated.

    `due_at` is when the next thing happens while nobody has seen it: it is repeated to the factory,
    then told to the merchant; empty once it was seen, escalated, or ended with its assignment.
    """

    __tablename__ = "change_notice"
    __table_args__ = (
        UniqueConstraint("assignment_id", "change_id", name="uq_change_notice"),
        Index("ix_change_notice_due", "due_at", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_change_notice_change", "change_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    change_id: int = Field(foreign_key="order_change.id")
    assignment_id: int = Field(foreign_key="assignment.id")
    merchant_id: int = Field(foreign_key="shop.id")
    factory_id: int = Field(foreign_key="shop.id")
    told_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    repeated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    escalated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_by: int | None = Field(default=None, foreign_key="account.id")


class OrderQuestion(SQLModel, table=True):
    """What one side asks the other about an order at a factory, and the answer.

    Both texts are encrypted (`storage.sealing`): people write names and addresses into them.
    """

    __tablename__ = "order_question"
    __table_args__ = (Index("ix_order_question_assignment", "assignment_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id")
    order_id: int = Field(foreign_key="orders.id")
    from_shop: int = Field(foreign_key="shop.id")
    to_shop: int = Field(foreign_key="shop.id")
    asked_by: int = Field(foreign_key="account.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    question: bytes = Field(sa_type=LargeBinary)
    answered_by: int | None = Field(default=None, foreign_key="account.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: bytes = Field(default=b"", sa_type=LargeBinary)


RuleKind = Literal["code", "keyword", "province", "all"]


class AssignRule(SQLModel, table=True):
    """自动分配规则: orders that match go to a factory as they arrive.

    `word` is the product code, the keyword or the provinces (浙江、江苏), empty for `all`. Of the
    rules that match, the lowest `place` decides. A paused rule matches nothing; an ended one stays
    as history, for the assignments it made.
    """

    __tablename__ = "assign_rule"
    __table_args__ = (Index("ix_assign_rule_shop", "shop_id", "place"),)

    id: int | None = Field(default=None, primary_key=True)
    shop_id: int = Field(foreign_key="shop.id")
    factory_id: int = Field(foreign_key="shop.id")
    kind: RuleKind = Field(sa_type=String)
    word: str = ""
    place: int
    created_by: int = Field(foreign_key="account.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
