"""Whether a migrated database is what the models say, to the last index.

Alembic compares tables, columns, types, defaults, foreign keys, uniqueness and index columns. What
it leaves out on SQLite (primary keys, CHECK rules, the conditions of partial indexes) is compared
here against a database made straight from the models.
"""

from collections.abc import Iterator

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Inspector, MetaData, create_engine, inspect, text


def differences(connection: Connection, tables: MetaData) -> list[str]:
    """One line for each way the database differs from the models; empty if it does not."""
    options = {"target_metadata": tables, "compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    found = [_as_line(difference) for difference in compare_metadata(context, tables)]
    if found:
        return found
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as model:
            tables.create_all(model)
            migrated, expected = set(_details(connection)), set(_details(model))
    finally:
        engine.dispose()
    return [
        *(f"only in the database: {detail}" for detail in sorted(migrated - expected)),
        *(f"only in the models: {detail}" for detail in sorted(expected - migrated)),
    ]


def unnamed(tables: MetaData) -> list[str]:
    """Tables with a constraint that has no name; SQLite could never change it later."""
    return sorted(
        table.name
        for table in tables.tables.values()
        if any(constraint.name is None for constraint in table.constraints)
    )


def _as_line(difference: object) -> str:
    """Alembic's tuple of an action and its subjects, or a list of such for one column."""
    if isinstance(difference, list):
        return "; ".join(_as_line(part) for part in difference)
    if not isinstance(difference, tuple):
        return str(difference)
    return " ".join(
        str(getattr(part, "name", None) or part)
        for part in difference
        if part is not None and not isinstance(part, dict)
    )


def _details(connection: Connection) -> Iterator[str]:
    """What Alembic does not look at, one line each."""
    inspector: Inspector = inspect(connection)
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        yield f"{table}: primary key {inspector.get_pk_constraint(table)['constrained_columns']}"
        for check in inspector.get_check_constraints(table):
            yield f"{table}: check {check['name']} {check['sqltext']}"
    indexes = text("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    for sql in connection.scalars(indexes):
        yield " ".join(sql.replace('"', "").split())
