"""Whether a migrated database is what the models say, to the last index.

Alembic compares tables, columns, types, defaults, foreign keys, uniqueness and index columns. What
it leaves out on SQLite (primary keys, CHECK rules, the conditions of partial indexes) is compared
here against a database made straight from the models.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Inspector, MetaData, create_engine, inspect, text

_INDEXES = text("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
_SERVER_INDEXES = text(
    "SELECT indexdef FROM pg_indexes WHERE schemaname = :schema AND tablename != 'alembic_version'"
)
_MODELS = "daifa_models"  # the schema the models are made in for a moment, on PostgreSQL


def differences(connection: Connection, tables: MetaData) -> list[str]:
    """One line for each way the database differs from the models; empty if it does not."""
    options = {"target_metadata": tables, "compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    found = [_as_line(difference) for difference in compare_metadata(context, tables)]
    if found:
        return found
    with _modelled(connection, tables) as expected:
        migrated = set(_details(connection))
    return [
        *(f"only in the database: {detail}" for detail in sorted(migrated - expected)),
        *(f"only in the models: {detail}" for detail in sorted(expected - migrated)),
    ]


@contextmanager
def _modelled(connection: Connection, tables: MetaData) -> Iterator[set[str]]:
    """Give the details of a database made straight from the models; nothing of it stays."""
    if connection.dialect.name == "sqlite":
        engine = create_engine("sqlite://")
        try:
            with engine.begin() as model:
                tables.create_all(model)
                yield set(_details(model))
        finally:
            engine.dispose()
        return
    with connection.begin_nested() as beside:
        connection.execute(text(f"CREATE SCHEMA {_MODELS}"))
        try:
            model = connection.execution_options(schema_translate_map={None: _MODELS})
            tables.create_all(model)
            yield set(_details(connection, _MODELS))
        finally:
            connection.execution_options(schema_translate_map={})
            beside.rollback()


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


def _details(connection: Connection, schema: str | None = None) -> Iterator[str]:
    """What Alembic does not look at, one line each."""
    inspector: Inspector = inspect(connection)
    for table in inspector.get_table_names(schema):
        if table == "alembic_version":
            continue
        keys = inspector.get_pk_constraint(table, schema)["constrained_columns"]
        yield f"{table}: primary key {keys}"
        for check in inspector.get_check_constraints(table, schema):
            yield f"{table}: check {check['name']} {check['sqltext']}"
    of_server = connection.dialect.name != "sqlite"
    for sql in connection.scalars(_SERVER_INDEXES if of_server else _INDEXES,
                                  {"schema": schema or "public"} if of_server else {}):  # fmt: skip
        yield " ".join(sql.replace('"', "").replace(f" {schema or 'public'}.", " ").split())
