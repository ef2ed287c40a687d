"""Orders remember that their recipients were erased; shops that part leave some to be."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.columns import UtcDateTime

revision = "0014"
down_revision = "0013"

_WHICH = sa.text("erased_at IS NULL AND tab IN ('shipped', 'stopped', 'undone')")
_ERASABLE: dict[str, Any] = {"sqlite_where": _WHICH, "postgresql_where": _WHICH}


def upgrade() -> None:
    """Make the tables as they are after this step; the largest is not made anew."""
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.Integer(), nullable=False),
        sa.Column("factory_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["factory_id"], ["shop.id"], name=op.f("fk_erasure_factory_id")),
        sa.ForeignKeyConstraint(["merchant_id"], ["shop.id"], name=op.f("fk_erasure_merchant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.add_column("orders", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.create_index("ix_orders_erasable", "orders", ["sort_at"], **_ERASABLE)
    op.create_index(
        "ix_orders_erasable_between", "orders", ["merchant_id", "factory_id"], **_ERASABLE
    )


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_erasable_between", **_ERASABLE)
        batch_op.drop_index("ix_orders_erasable", **_ERASABLE)
        batch_op.drop_column("erased_at")

    op.drop_table("erasure")
