"""claimed parcels."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables as they are after this step."""
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claimed", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_column("claimed")
