"""inside the platform: factories' links, partners there, assignments told."""

import sqlalchemy as sa
from alembic import op

from core.columns import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables as they are after this step; every link so far is a merchant's."""
    op.create_table(
        "outside_partner",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("outside_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mask", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["platform_link.id"], name=op.f("fk_outside_partner_link_id")
        ),
        sa.PrimaryKeyConstraint("link_id", "outside_id", name=op.f("pk_outside_partner")),
    )
    with op.batch_alter_table("platform_call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assignment_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("factory_link_id", sa.Integer(), nullable=True))
        batch_op.alter_column("shipment_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(
            batch_op.f("ix_platform_call_factory_link_id"), ["factory_link_id"], unique=False
        )
        batch_op.create_unique_constraint("uq_platform_call_assignment", ["assignment_id", "kind"])
        batch_op.create_foreign_key(
            batch_op.f("fk_platform_call_factory_link_id"),
            "platform_link", ["factory_link_id"], ["id"],
        )  # fmt: skip
        batch_op.create_foreign_key(
            batch_op.f("fk_platform_call_assignment_id"), "assignment", ["assignment_id"], ["id"]
        )

    with op.batch_alter_table("platform_link", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("role", sa.String(), nullable=False, server_default="merchant")
        )
        batch_op.add_column(sa.Column("partners_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("platform_link", schema=None) as batch_op:
        batch_op.alter_column("role", existing_type=sa.String(), server_default=None)


def downgrade() -> None:
    """Take the step back: what only this step could hold is gone."""
    op.execute("DELETE FROM platform_call WHERE shipment_id IS NULL")
    with op.batch_alter_table("platform_link", schema=None) as batch_op:
        batch_op.drop_column("partners_at")
        batch_op.drop_column("role")

    with op.batch_alter_table("platform_call", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_platform_call_assignment_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_platform_call_factory_link_id"), type_="foreignkey")
        batch_op.drop_constraint("uq_platform_call_assignment", type_="unique")
        batch_op.drop_index(batch_op.f("ix_platform_call_factory_link_id"))
        batch_op.alter_column("shipment_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("factory_link_id")
        batch_op.drop_column("assignment_id")

    op.drop_table("outside_partner")
