"""Leases: who of several processes does what only one may."""

import sqlalchemy as sa
from alembic import op

from core.columns import UtcDateTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Nobody holds any."""
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
        sa.UniqueConstraint("name", "turn", name=op.f("uq_lease_name_turn")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("lease")
