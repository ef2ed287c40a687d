"""whatever passed a deadline.

`clock_look` keeps when the clock last looked at orders that wait to be assigned, which an index by
deadline holds. A change is repeated after it arrived: its alerts are found by shop and time.
"""

import sqlalchemy as sa
from alembic import op

from core.columns import UtcDateTime

revision = "0005"
down_revision = "0004"

WAITING = sa.text("tab = 'unassigned'")


def upgrade() -> None:
    """Make the tables as they are after this step."""
    op.create_table(
        "clock_look",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_clock_look")),
    )
    op.create_index(
        "ix_orders_waiting", "orders", ["sort_at", "merchant_id"],
        sqlite_where=WAITING, postgresql_where=WAITING,
    )  # fmt: skip
    op.create_index("ix_alert_told", "alert", ["shop_id", "created_at"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_alert_told", "alert")
    op.drop_index("ix_orders_waiting", "orders")
    op.drop_table("clock_look")
