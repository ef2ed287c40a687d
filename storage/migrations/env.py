"""What Alembic runs to migrate or to compare; `storage.migrate` hands it an open connection.

There is no alembic.ini: everything is set in code, and a migration runs inside the transaction of
the caller.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from core.columns import UtcDateTime


def render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Column types as a migration should name them: as they are, not as SQLModel wraps them."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("\nfrom core.columns import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=attributes["tables"],
    render_as_batch=True,  # SQLite changes a table by making it anew
    render_item=render,
    compare_type=True,
    compare_server_default=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
