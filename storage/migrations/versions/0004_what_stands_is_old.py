"""what stands is old: which orders a vanishing message shows, and whether they changed since."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables as they are after this step."""
    with op.batch_alter_table("vanishing", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("state", sa.String(), server_default="shown", nullable=False)
        )  # fmt: skip

    op.create_table(
        "vanishing_order",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_vanishing_order_order_id")
        ),
        sa.PrimaryKeyConstraint(
            "order_id", "bot_id", "chat_id", "message_id", name=op.f("pk_vanishing_order")
        ),
    )
    with op.batch_alter_table("vanishing_order", schema=None) as batch_op:
        batch_op.create_index(
            "ix_vanishing_order_message", ["chat_id", "message_id"], unique=False
        )  # fmt: skip


def downgrade() -> None:
    """Make the tables as they were before."""
    with op.batch_alter_table("vanishing_order", schema=None) as batch_op:
        batch_op.drop_index("ix_vanishing_order_message")

    op.drop_table("vanishing_order")
    with op.batch_alter_table("vanishing", schema=None) as batch_op:
        batch_op.drop_column("state")
