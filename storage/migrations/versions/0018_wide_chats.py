"""Telegram's numbers of chats and people have up to 52 bits: a server keeps no such in an Integer.

SQLite keeps any number in any column. https://core.telegram.org/bots/api#chat
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make room."""
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.alter_column("chat_id", existing_type=sa.Integer(), type_=sa.BigInteger(),
                              existing_nullable=False)  # fmt: skip


def downgrade() -> None:
    """Take the step back; a server refuses where such numbers stand."""
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.alter_column("chat_id", existing_type=sa.BigInteger(), type_=sa.Integer(),
                              existing_nullable=False)  # fmt: skip
