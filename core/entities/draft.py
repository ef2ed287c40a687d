"""Work a person prepared and has not confirmed: it survives restarts and is confirmed once."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, String, text
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime

DraftState = Literal["open", "frozen", "confirmed", "dropped"]

BATCH_FROM = 6  # orders: fewer are told by a card each
IS_BATCH = text(f"given >= {BATCH_FROM}")


class AssignDraft(SQLModel, table=True):
    """A selection of orders; frozen by the dry run, which fixes exactly what confirming applies.

    Confirmed, it is the batch a factory was given: `given` orders of it, `BATCH_FROM` or more of
    them told in one digest.
    """

    __tablename__ = "assign_draft"
    __table_args__ = (
        Index("ix_assign_draft_whose", "shop_id", "account_id", "state"),
        Index(
            "ix_assign_draft_batch", "factory_id", "id",
            sqlite_where=IS_BATCH, postgresql_where=IS_BATCH,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    shop_id: int = Field(foreign_key="shop.id")
    account_id: int = Field(foreign_key="account.id")
    factory_id: int | None = Field(default=None, foreign_key="shop.id")
    ticked: bool = False  # made order by order, so that ticking goes on where it stopped
    state: DraftState = Field(default="open", sa_type=String)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    given: int = 0


class AssignDraftItem(SQLModel, table=True):
    """One order of a draft, with the revision it had when it was taken in.

    `left_out` is why a frozen draft does not assign it (`Skipped.reason`), empty where it does.
    """

    __tablename__ = "assign_draft_item"

    draft_id: int = Field(primary_key=True, foreign_key="assign_draft.id")
    order_id: int = Field(primary_key=True, foreign_key="orders.id")
    revision: int
    left_out: str = ""


class ImportDraft(SQLModel, table=True):
    """A parsed file, encrypted whole, waiting for 确认导入; dropped after 24 h.

    `orders` is how many it holds; `undone_at` is set when what it brought in was taken out again.
    """

    __tablename__ = "import_draft"

    id: int | None = Field(default=None, primary_key=True)
    shop_id: int = Field(foreign_key="shop.id")
    account_id: int = Field(foreign_key="account.id")
    state: DraftState = Field(default="open", sa_type=String)
    file_name: str
    chat_id: int = Field(sa_type=BigInteger)
    file_message_id: int
    sealed: bytes = Field(sa_type=LargeBinary)
    orders: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PasteDraft(SQLModel, table=True):
    """Many tracking numbers at once, from a paste, a packing list or photos, waiting for answers.

    `sealed` holds the lines, encrypted: people paste names and phones beside the numbers. `album`
    is Telegram's media group, by which the photos of one album find the same draft.
    """

    __tablename__ = "paste_draft"
    __table_args__ = (Index("ix_paste_draft_album", "shop_id", "account_id", "album"),)

    id: int | None = Field(default=None, primary_key=True)
    shop_id: int = Field(foreign_key="shop.id")
    account_id: int = Field(foreign_key="account.id")
    source: Literal["paste", "sheet", "photo"] = Field(sa_type=String)
    album: str | None = None
    state: DraftState = Field(default="open", sa_type=String)
    sealed: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OrderFilter(SQLModel, table=True):
    """How one person has narrowed the orders of one shop: codes and ids only, no recipient."""

    __tablename__ = "order_filter"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    shop_id: int = Field(primary_key=True, foreign_key="shop.id")
    narrowed: dict[str, Any] = Field(sa_type=JSON)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class ShipDraft(SQLModel, table=True):
    """Tracking numbers read from a reply, waiting for a carrier to be chosen or a doubt settled.

    `parcels` is a list of `{"number": …, "carrier": … | null, "candidates": […]}`, with `left`
    where it had left before its order was stopped; `shipment_id` is set when the reply corrects a
    parcel instead of shipping.
    """

    __tablename__ = "ship_draft"

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id")
    shipment_id: int | None = Field(default=None, foreign_key="shipment.id")
    shop_id: int = Field(foreign_key="shop.id")
    account_id: int = Field(foreign_key="account.id")
    state: DraftState = Field(default="open", sa_type=String)
    parcels: list[dict[str, Any]] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
