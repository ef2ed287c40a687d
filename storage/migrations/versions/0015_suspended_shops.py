"""An operator may suspend a shop."""

import sqlalchemy as sa
from alembic import op

from core.columns import UtcDateTime

revision = "0015"
down_revision = "0014"

_SUSPENDED = sa.text("suspended_at IS NOT NULL")


def upgrade() -> None:
    """Nobody is suspended."""
    with op.batch_alter_table("shop", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suspended_at", UtcDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("suspended_why", sa.String(), nullable=False, server_default="")
        )
        batch_op.create_index(
            "ix_shop_suspended", ["suspended_at"],
            sqlite_where=_SUSPENDED, postgresql_where=_SUSPENDED,
        )  # fmt: skip
    with op.batch_alter_table("shop", schema=None) as batch_op:
        batch_op.alter_column("suspended_why", existing_type=sa.String(), server_default=None)


def downgrade() -> None:
    """Make the table as it was before: whoever is suspended goes on."""
    with op.batch_alter_table("shop", schema=None) as batch_op:
        batch_op.drop_index("ix_shop_suspended")
        batch_op.drop_column("suspended_why")
        batch_op.drop_column("suspended_at")
