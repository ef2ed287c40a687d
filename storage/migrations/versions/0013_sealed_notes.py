"""Notes are sealed: what stood in clear moves into a table of its own, and out of the file."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from alembic.util import CommandError

revision = "0013"
down_revision = "0012"

_SLICE = 5_000
_CLEAR = sa.text(
    "SELECT id, merchant_id, platform, order_no, buyer_note, seller_note FROM orders "
    "WHERE id > :after AND (buyer_note != '' OR seller_note != '') ORDER BY id LIMIT :most"
)


def upgrade() -> None:
    """Seal the notes that stand, then drop the columns they stood in."""
    sealed = op.create_table(
        "order_note",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("buyer_note", sa.LargeBinary(), nullable=False),
        sa.Column("seller_note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["shop.id"], name=op.f("fk_order_note_merchant_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_note_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_note")),
    )
    for rows in _clear():
        op.bulk_insert(sealed, [_sealed(row) for row in rows])
    # In place, not by making the largest table anew.
    op.execute("ALTER TABLE orders DROP COLUMN buyer_note")
    op.execute("ALTER TABLE orders DROP COLUMN seller_note")


def _clear() -> Iterator[Sequence[Any]]:
    """Yield the orders that have notes, slice by slice."""
    after = 0
    while rows := op.get_bind().execute(_CLEAR, {"after": after, "most": _SLICE}).all():
        yield rows
        after = rows[-1].id


def _sealed(row: Any) -> dict[str, Any]:
    """Return the columns of an order's notes (as `storage.nouns.order_notes` seals them)."""
    sealer = context.config.attributes.get("sealer")
    if sealer is None:
        raise CommandError("the notes of orders cannot be sealed without the key file")
    row_key = f"{row.platform}:{row.order_no}"
    texts = {"buyer_note": row.buyer_note, "seller_note": row.seller_note}
    return {
        "order_id": row.id, "merchant_id": row.merchant_id, "row_key": row_key,
        "key_id": sealer.current_key,
        **{
            field: sealer.seal(text, tenant=row.merchant_id, row=row_key, field=field)
            if text
            else b""
            for field, text in texts.items()
        },
    }  # fmt: skip


def downgrade() -> None:
    """Make the tables as they were before; what was sealed is not written in clear again."""
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("buyer_note", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("seller_note", sa.String(), nullable=False, server_default="")
        )
    op.drop_table("order_note")
