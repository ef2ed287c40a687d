"""An order, its lines, its sealed recipient and the changes that reached it."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime

OrderStatus = Literal["unassigned", "assigned", "part_shipped", "shipped", "closed"]
AfterSale = Literal["none", "open", "refunded"]
ClosedReason = Literal["cancelled", "shipped_elsewhere", "undone"]
MerchantTab = Literal["unassigned", "to_ship", "shipped", "stopped", "undone"]
# In words, for an index holds only rows whose condition stands in a query as it stands here.
UNASSIGNED = text("tab = 'unassigned'")
ERASABLE = text("erased_at IS NULL AND tab IN ('shipped', 'stopped', 'undone')")
Extra = Literal["", "gift", "resend", "exchange"]


class Order(SQLModel, table=True):
    """订单 of one merchant. `status` is derived from its pieces and kept by `core.orders.standing`.

    `tab` and `sort_at` exist for keyset lists: open tabs run by ship-by, the others by newest
    event. `revision` grows with every change; `pieces` is the sum of its own lines, extras left
    out. `reversed_no` makes the end of a number an index lookup; `factory_id` is the factory of the
    latest assignment that was not given back; `import_id` the file that brought the order. An
    import that was undone leaves its orders `closed` and `undone`: no list shows them.

    `held_at` is set while the merchant or the platform holds the order. `let_go_at` is when the
    merchant let it ship in spite of the after-sale that is open. `as_of` says of each group of
    fields (`core.changes.judging`) when what stands there was true at its source: older news
    changes nothing. Since `erased_at` nothing is known of the recipient (`core.erasing`).
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("merchant_id", "order_no", "platform", name="uq_orders_order_no"),
        Index("ix_orders_tab", "merchant_id", "tab", "sort_at", "id"),
        Index("ix_orders_factory", "merchant_id", "factory_id", "tab", "sort_at", "id"),
        Index("ix_orders_end", "merchant_id", "reversed_no"),
        Index("ix_orders_import", "import_id"),
        Index("ix_orders_made", "merchant_id", "id"),
        Index("ix_orders_created", "merchant_id", "created_at"),
        Index(
            "ix_orders_waiting", "sort_at", "merchant_id",
            sqlite_where=UNASSIGNED, postgresql_where=UNASSIGNED,
        ),
        Index(
            "ix_orders_erasable", "sort_at",
            sqlite_where=ERASABLE, postgresql_where=ERASABLE,
        ),
        Index(
            "ix_orders_erasable_between", "merchant_id", "factory_id",
            sqlite_where=ERASABLE, postgresql_where=ERASABLE,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    merchant_id: int = Field(foreign_key="shop.id")
    platform: str
    order_no: str
    reversed_no: str = ""
    province: str = ""
    factory_id: int | None = Field(default=None, foreign_key="shop.id")
    import_id: int | None = Field(default=None, foreign_key="import_draft.id")
    status: OrderStatus = Field(sa_type=String)
    after_sale: AfterSale = Field(default="none", sa_type=String)
    closed_reason: ClosedReason | None = Field(default=None, sa_type=String)
    tab: MerchantTab = Field(sa_type=String)
    sort_at: datetime = Field(sa_type=UtcDateTime)
    revision: int = 1
    complete: bool  # the recipient can be shipped to: nothing masked, nothing missing
    pieces: int
    paid_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ship_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    let_go_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    as_of: dict[str, str] | None = Field(default=None, sa_type=JSON)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class OrderLine(SQLModel, table=True):
    """商品行: `quantity` pieces of one product.

    `extra` marks what the buyer did not order: a gift (赠品), a resend (补发), an exchange (换货).
    """

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "sub_order_no", name="uq_order_line_sub"),
        Index("ix_order_line_code", "merchant_id", "product_code", "order_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="orders.id")
    merchant_id: int = Field(foreign_key="shop.id")
    extra: Extra = Field(default="", sa_type=String)
    sub_order_no: str
    product_name: str
    sku_spec: str = ""
    product_code: str = ""
    quantity: int
    price_fen: int | None = Field(default=None, sa_type=BigInteger)


class SealedRecipient(SQLModel, table=True):
    """收件人, encrypted per field; the masked forms and the keyed hash are all that shows outside.

    `same_hash` is equal when name, phone and address are: for 'same recipient' without looking.
    Where it says that a platform conceals the recipient (`core.orders.recipients.is_concealed`),
    what is encrypted here is the platform's own ciphertext.
    """

    __tablename__ = "recipient"

    order_id: int = Field(primary_key=True, foreign_key="orders.id")
    merchant_id: int = Field(foreign_key="shop.id")
    row_key: str  # "platform:order_no": the row part of the encryption's associated data
    key_id: int
    name: bytes = Field(sa_type=LargeBinary)
    phone: bytes = Field(sa_type=LargeBinary)
    address: bytes = Field(sa_type=LargeBinary)
    masked_name: str
    masked_phone: str
    masked_address: str
    same_hash: str = Field(index=True)


class SealedNotes(SQLModel, table=True):
    """What buyer and merchant wrote of an order, encrypted; an empty note is empty bytes.

    People write phones and addresses into notes. An order without any has no row.
    """

    __tablename__ = "order_note"

    order_id: int = Field(primary_key=True, foreign_key="orders.id")
    merchant_id: int = Field(foreign_key="shop.id")
    row_key: str  # as the recipient's
    key_id: int
    buyer_note: bytes = Field(sa_type=LargeBinary)
    seller_note: bytes = Field(sa_type=LargeBinary)


class OrderChange(SQLModel, table=True):
    """订单变更: field diffs, with the revision they led to. Recipients stand in it masked only.

    `source` is the door it came by, `account_id` whoever made it there; `happened_at` when it was
    true at its source, `changed_at` when it was applied here.
    """

    __tablename__ = "order_change"
    __table_args__ = (UniqueConstraint("order_id", "revision", name="uq_order_change_revision"),)

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="orders.id")
    revision: int
    source: str
    account_id: int | None = Field(default=None, foreign_key="account.id")
    happened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    diffs: list[dict[str, Any]] = Field(sa_type=JSON)
