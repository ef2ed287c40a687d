"""nothing slips."""

import sqlalchemy as sa
from alembic import op

from core.columns import UtcDateTime

revision = "0003"
down_revision = "0002"

# The audit is append-only: the database itself refuses to change or delete a row. A step that makes
# the table anew must make these again. PostgreSQL writes the same rule as a trigger function.
APPEND_ONLY = {
    "audit_never_changed": "UPDATE",
    "audit_never_deleted": "DELETE",
}


def _append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, act in APPEND_ONLY.items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
    )


def _writable() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {name}")
        return
    op.execute("DROP TRIGGER audit_append_only ON audit")
    op.execute("DROP FUNCTION audit_append_only()")


def upgrade() -> None:
    """Make the tables as they are after this step."""
    op.create_table(
        "quiet_hours",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_quiet_hours")),
    )
    op.create_table(
        "day_tally",
        sa.Column("merchant_id", sa.Integer(), nullable=False),
        sa.Column("factory_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("assigned", sa.Integer(), nullable=False),
        sa.Column("declined", sa.Integer(), nullable=False),
        sa.Column("shipped", sa.Integer(), nullable=False),
        sa.Column("on_time", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["shop.id"], name=op.f("fk_day_tally_merchant_id")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "factory_id", "day", name=op.f("pk_day_tally")),
    )
    op.create_table(
        "digest",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("told", sa.Date(), nullable=True),
        sa.Column("tallied", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_digest_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_digest")),
    )
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_digest_due_at"), ["due_at"], unique=False)

    op.create_table(
        "assign_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("factory_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_assign_rule_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["factory_id"], ["shop.id"], name=op.f("fk_assign_rule_factory_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_assign_rule_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assign_rule")),
    )
    with op.batch_alter_table("assign_rule", schema=None) as batch_op:
        batch_op.create_index("ix_assign_rule_shop", ["shop_id", "place"], unique=False)

    op.create_table(
        "change_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("merchant_id", sa.Integer(), nullable=False),
        sa.Column("factory_id", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("repeated_at", UtcDateTime(), nullable=True),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("seen_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_change_notice_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["order_change.id"], name=op.f("fk_change_notice_change_id")
        ),
        sa.ForeignKeyConstraint(
            ["factory_id"], ["shop.id"], name=op.f("fk_change_notice_factory_id")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["shop.id"], name=op.f("fk_change_notice_merchant_id")
        ),
        sa.ForeignKeyConstraint(["seen_by"], ["account.id"], name=op.f("fk_change_notice_seen_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_notice")),
        sa.UniqueConstraint("assignment_id", "change_id", name="uq_change_notice"),
    )
    with op.batch_alter_table("change_notice", schema=None) as batch_op:
        batch_op.create_index("ix_change_notice_change", ["change_id"], unique=False)
        batch_op.create_index(
            "ix_change_notice_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )

    op.create_table(
        "order_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("from_shop", sa.Integer(), nullable=False),
        sa.Column("to_shop", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_order_question_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_order_question_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_order_question_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_shop"], ["shop.id"], name=op.f("fk_order_question_from_shop")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_question_order_id")
        ),
        sa.ForeignKeyConstraint(["to_shop"], ["shop.id"], name=op.f("fk_order_question_to_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_question")),
    )
    with op.batch_alter_table("order_question", schema=None) as batch_op:
        batch_op.create_index("ix_order_question_assignment", ["assignment_id", "id"], unique=False)

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_until", UtcDateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("held_reason", sa.String(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("held_agreed_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("hold_due_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("recall_asked_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rule_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("remind_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("silent_at", UtcDateTime(), nullable=True))
        batch_op.create_index(
            "ix_assignment_given", ["merchant_id", "factory_id", "assigned_at"], unique=False
        )
        batch_op.create_index(
            "ix_assignment_remind",
            ["remind_at"],
            unique=False,
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_assignment_hold",
            ["hold_due_at"],
            unique=False,
            sqlite_where=sa.text("hold_due_at IS NOT NULL"),
            postgresql_where=sa.text("hold_due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_assignment_silent",
            ["silent_at"],
            unique=False,
            sqlite_where=sa.text("silent_at IS NOT NULL"),
            postgresql_where=sa.text("silent_at IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_assignment_recall_asked_by"), "account", ["recall_asked_by"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_assignment_rule_id"), "assign_rule", ["rule_id"], ["id"]
        )

    with op.batch_alter_table("order_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("happened_at", UtcDateTime(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_order_change_account_id"), "account", ["account_id"], ["id"]
        )

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("let_go_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("as_of", sa.JSON(), nullable=True))
        batch_op.create_index("ix_orders_created", ["merchant_id", "created_at"], unique=False)

    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verdict", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("shop", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reminders", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("silent_hours", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("unseen_minutes", sa.Integer(), nullable=True))

    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.alter_column("verdict", existing_type=sa.String(), server_default=None)
    _fill()
    _append_only()


def _fill() -> None:
    """Changes that nobody has seen yet are told again, as those to come will be."""
    op.execute(
        "INSERT INTO change_notice"
        " (change_id, assignment_id, merchant_id, factory_id, told_at, due_at)"
        " SELECT (SELECT max(order_change.id) FROM order_change"
        "         WHERE order_change.order_id = assignment.order_id),"
        " id, merchant_id, factory_id, changed_at, changed_at FROM assignment"
        " WHERE changed_at IS NOT NULL AND EXISTS"
        " (SELECT 1 FROM order_change WHERE order_change.order_id = assignment.order_id)"
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.alter_column("held_reason", existing_type=sa.String(), server_default=None)


def downgrade() -> None:
    """Take the step back."""
    _writable()
    with op.batch_alter_table("shop", schema=None) as batch_op:
        batch_op.drop_column("unseen_minutes")
        batch_op.drop_column("silent_hours")
        batch_op.drop_column("reminders")

    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_column("verdict")

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_created")
        batch_op.drop_column("as_of")
        batch_op.drop_column("let_go_at")
        batch_op.drop_column("held_at")

    with op.batch_alter_table("order_change", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_order_change_account_id"), type_="foreignkey")
        batch_op.drop_column("happened_at")
        batch_op.drop_column("account_id")

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_assignment_rule_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_assignment_recall_asked_by"), type_="foreignkey")
        batch_op.drop_index(
            "ix_assignment_hold",
            sqlite_where=sa.text("hold_due_at IS NOT NULL"),
            postgresql_where=sa.text("hold_due_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_assignment_silent",
            sqlite_where=sa.text("silent_at IS NOT NULL"),
            postgresql_where=sa.text("silent_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_assignment_remind",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_assignment_given")
        batch_op.drop_column("silent_at")
        batch_op.drop_column("remind_at")
        batch_op.drop_column("rule_id")
        batch_op.drop_column("recall_asked_by")
        batch_op.drop_column("hold_due_at")
        batch_op.drop_column("held_agreed_at")
        batch_op.drop_column("held_reason")
        batch_op.drop_column("held_until")

    with op.batch_alter_table("order_question", schema=None) as batch_op:
        batch_op.drop_index("ix_order_question_assignment")

    op.drop_table("order_question")
    with op.batch_alter_table("change_notice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_change_notice_due",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_change_notice_change")

    op.drop_table("change_notice")
    with op.batch_alter_table("assign_rule", schema=None) as batch_op:
        batch_op.drop_index("ix_assign_rule_shop")

    op.drop_table("assign_rule")
    with op.batch_alter_table("digest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_digest_due_at"))

    op.drop_table("digest")
    op.drop_table("day_tally")
    op.drop_table("quiet_hours")
