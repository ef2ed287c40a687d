"""Work too long for a handler: written with the update's mark, done by the worker."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, Index, String
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime

JobState = Literal["waiting", "done", "failed"]


class Job(SQLModel, table=True):
    """One piece of work (`read_file`, `apply_import`), leased while worked on."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "lease_until", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    shop_id: int = Field(foreign_key="shop.id")
    account_id: int = Field(foreign_key="account.id")
    chat_id: int = Field(sa_type=BigInteger)
    message_id: int  # what the person sent or pressed: the answer belongs to it
    payload: dict[str, Any] = Field(sa_type=JSON)
    state: JobState = Field(default="waiting", sa_type=String)
    attempts: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    progress_message_id: int | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
