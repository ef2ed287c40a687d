"""Many rows at once: bare tables, bulk inserts, statements kept within what a database takes."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Table, insert
from sqlmodel import Session, SQLModel

T = TypeVar("T")

# SQLite takes 32,766 variables in one statement; a chunk stays well under it.
CHUNK = 5_000


def table_of(entity: type[SQLModel]) -> Table:
    """Return the bare table of an entity, for statements that make no objects."""
    table: Table = entity.__table__  # type: ignore[attr-defined]
    return table


def insert_rows(session: Session, entity: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert many rows in one go, past the objects: ids are the database's."""
    session.flush()
    session.connection().execute(insert(table_of(entity)), rows)


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield `items` in parts small enough for one statement's variables."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
