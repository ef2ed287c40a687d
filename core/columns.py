"""Column types the entities share, because a database forgets what a Python value was.

SQLite keeps no time zones and compares times as text or numbers; PostgreSQL does neither.
`UtcDateTime` hides that: an aware time goes in, the same instant in UTC comes out, and `<`,
`ORDER BY`, `min` and keyset paging mean what they say on both.

Importing this module also gives every constraint a name, for a later migration can change only what
it can call by name.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

# A CHECK rule has to be named where it is written.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out, to the microsecond.

    SQLite holds microseconds since 1970 in a BIGINT (8 bytes, compared as a number), every other
    database its own `TIMESTAMP WITH TIME ZONE`. A naive datetime raises `ValueError` before any SQL
    runs (SQLAlchemy wraps it in `StatementError`). Compare columns with datetimes; do not subtract
    columns in SQL, the result would be a bare number on SQLite.

    Usage: `due_at: datetime = Field(sa_type=UtcDateTime, index=True)`.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column as this database keeps it."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive times; anything aware becomes the same instant in UTC."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        if dialect.name == "sqlite":
            return (value - _EPOCH) // _MICROSECOND
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EPOCH + timedelta(microseconds=value)
        stored: datetime = value
        return stored.astimezone(UTC)
