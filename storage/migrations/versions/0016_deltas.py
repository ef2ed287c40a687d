"""Counts that many shift at once: each shift a row of its own, on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Nothing waits to be added up."""
    op.create_table(
        "counter_delta",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("binding_id", sa.Integer(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_delta")),
    )
    op.create_index("ix_counter_delta_shop_id", "counter_delta", ["shop_id"])
    op.create_index("ix_counter_delta_binding_id", "counter_delta", ["binding_id"])


def downgrade() -> None:
    """Take the step back; what waits is added up by `storage.counters` first."""
    op.drop_index("ix_counter_delta_binding_id", "counter_delta")
    op.drop_index("ix_counter_delta_shop_id", "counter_delta")
    op.drop_table("counter_delta")
