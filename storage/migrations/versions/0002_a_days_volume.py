"""a day's volume."""

import sqlalchemy as sa
from alembic import op

from core.columns import UtcDateTime
from core.text.regions import short_province

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables as they are after this step."""
    op.create_table(
        "member_invite",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["account.id"], name=op.f("fk_member_invite_invited_by")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_member_invite_shop_id")),
        sa.ForeignKeyConstraint(["used_by"], ["account.id"], name=op.f("fk_member_invite_used_by")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_member_invite")),
    )
    with op.batch_alter_table("member_invite", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_invite_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "order_filter",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("narrowed", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_order_filter_account_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_order_filter_shop_id")),
        sa.PrimaryKeyConstraint("account_id", "shop_id", name=op.f("pk_order_filter")),
    )
    op.create_table(
        "paste_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("album", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_paste_draft_account_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_paste_draft_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paste_draft")),
    )
    with op.batch_alter_table("paste_draft", schema=None) as batch_op:
        batch_op.create_index(
            "ix_paste_draft_album", ["shop_id", "account_id", "album"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_paste_draft_created_at"), ["created_at"], unique=False)

    op.create_table(
        "assignment_tick",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("ticked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assignment_tick_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_tick_assignment_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_assignment_tick_shop_id")),
        sa.PrimaryKeyConstraint("account_id", "assignment_id", name=op.f("pk_assignment_tick")),
    )
    with op.batch_alter_table("assignment_tick", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_tick_shop_id"), ["shop_id"], unique=False)

    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread_id", sa.Integer(), nullable=True))

    with op.batch_alter_table("assign_draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(
            "ix_assign_draft_batch",
            ["factory_id", "id"],
            unique=False,
            sqlite_where=sa.text("given >= 6"),
            postgresql_where=sa.text("given >= 6"),
        )

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("extra", sa.String(), nullable=False, server_default=""))
        batch_op.drop_index("ix_assignment_draft")
        batch_op.create_index("ix_assignment_draft", ["draft_id", "tab"], unique=False)

    with op.batch_alter_table("assign_draft_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_out", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_shipment_factory_time", ["factory_id", "shipped_at", "id"], unique=False
        )

    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undone_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("orders", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merchant_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("extra", sa.String(), nullable=False, server_default=""))
        batch_op.create_index(
            "ix_order_line_code", ["merchant_id", "product_code", "order_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_order_line_merchant_id"), "shop", ["merchant_id"], ["id"]
        )

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("reversed_no", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("province", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("factory_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_orders_end", ["merchant_id", "reversed_no"], unique=False)
        batch_op.create_index(
            "ix_orders_factory", ["merchant_id", "factory_id", "tab", "sort_at", "id"], unique=False
        )
        batch_op.create_index("ix_orders_import", ["import_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_orders_import_id"), "import_draft", ["import_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_orders_factory_id"), "shop", ["factory_id"], ["id"]
        )

    with op.batch_alter_table("shop", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alert_chat_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("alert_thread_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("alert_account_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_shop_alert_chat_id"), ["alert_chat_id"], unique=False)

    _fill()
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.alter_column("merchant_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("extra", existing_type=sa.String(), server_default=None)
    with op.batch_alter_table("assign_draft", schema=None) as batch_op:
        batch_op.alter_column("given", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.alter_column("extra", existing_type=sa.String(), server_default=None)
    with op.batch_alter_table("assign_draft_item", schema=None) as batch_op:
        batch_op.alter_column("left_out", existing_type=sa.String(), server_default=None)
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.alter_column("orders", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.alter_column("reversed_no", existing_type=sa.String(), server_default=None)
        batch_op.alter_column("province", existing_type=sa.String(), server_default=None)


def _fill() -> None:
    """Give the rows that stand what the new columns say of them."""
    here = op.get_bind()
    op.execute(
        "UPDATE order_line SET merchant_id ="
        " (SELECT merchant_id FROM orders WHERE orders.id = order_line.order_id)"
    )
    op.execute(
        "UPDATE orders SET factory_id ="
        " (SELECT factory_id FROM assignment WHERE assignment.order_id = orders.id"
        "  AND status NOT IN ('declined', 'recalled', 'cancelled')"
        "  ORDER BY assignment.id DESC LIMIT 1)"
    )
    stood = here.execute(
        sa.text(
            "SELECT orders.id, order_no, masked_address FROM orders"
            " LEFT JOIN recipient ON recipient.order_id = orders.id"
        )
    ).all()
    op.execute(
        "UPDATE assign_draft SET given ="
        " (SELECT count(*) FROM assignment WHERE assignment.draft_id = assign_draft.id)"
    )
    filled = [
        {"id": one, "reversed": number[::-1], "province": short_province(address or "")}
        for one, number, address in stood
    ]
    if filled:
        here.execute(
            sa.text(
                "UPDATE orders SET reversed_no = :reversed, province = :province WHERE id = :id"
            ),
            filled,
        )


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("shop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shop_alert_chat_id"))
        batch_op.drop_column("closed_at")
        batch_op.drop_column("alert_account_id")
        batch_op.drop_column("alert_thread_id")
        batch_op.drop_column("alert_chat_id")

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_orders_factory_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_orders_import_id"), type_="foreignkey")
        batch_op.drop_index("ix_orders_import")
        batch_op.drop_index("ix_orders_factory")
        batch_op.drop_index("ix_orders_end")
        batch_op.drop_column("import_id")
        batch_op.drop_column("factory_id")
        batch_op.drop_column("province")
        batch_op.drop_column("reversed_no")

    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_order_line_merchant_id"), type_="foreignkey")
        batch_op.drop_index("ix_order_line_code")
        batch_op.drop_column("extra")
        batch_op.drop_column("merchant_id")

    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.drop_column("orders")
        batch_op.drop_column("undone_at")

    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_index("ix_shipment_factory_time")

    with op.batch_alter_table("assign_draft_item", schema=None) as batch_op:
        batch_op.drop_column("left_out")

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_draft")
        batch_op.create_index("ix_assignment_draft", ["draft_id"], unique=False)
        batch_op.drop_column("extra")

    with op.batch_alter_table("assign_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_assign_draft_batch")
        batch_op.drop_column("given")

    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_column("thread_id")

    with op.batch_alter_table("assignment_tick", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_tick_shop_id"))

    op.drop_table("assignment_tick")
    with op.batch_alter_table("paste_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paste_draft_created_at"))
        batch_op.drop_index("ix_paste_draft_album")

    op.drop_table("paste_draft")
    op.drop_table("order_filter")
    with op.batch_alter_table("member_invite", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_invite_shop_id"))

    op.drop_table("member_invite")
