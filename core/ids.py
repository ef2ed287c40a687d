"""The id of a stored row, which is only optional in the type because a new row has none yet."""

from typing import Protocol


class Row(Protocol):
    """Anything with a database id."""

    id: int | None


def key(row: Row) -> int:
    """Return the row's id. A row without one was never stored: a programming error."""
    if row.id is None:
        raise RuntimeError(f"{type(row).__name__} was never stored")
    return row.id
