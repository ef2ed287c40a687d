"""Whether an installation is only half in a database: who starts over it is refused until it is.

What a move has done stands in a schema of its own beside the tables, in the same transactions as
the rows; the steps of the tables know nothing of it.
"""

from typing import Final

from sqlalchemy import URL, Connection, inspect, text

from storage.migrate import MigrationError
from storage.server_url import server_name

SCHEMA: Final = "daifa_move"
_WHOLE = text(f"SELECT whole_at FROM {SCHEMA}.move")  # noqa: S608 - our own name


class MoveUnfinished(MigrationError):
    """Some of an installation is here, and the rest still in its file."""

    def __init__(self, url: URL) -> None:
        super().__init__(
            f"The database {server_name(url)} holds only a part of what is being moved into it. "
            "Run daifa move again: it goes on where it stopped."
        )


def refuse_half_moved(connection: Connection, url: URL) -> None:
    """Raise `MoveUnfinished` while a move into this database is under way or was cut short."""
    if not inspect(connection).has_table("move", schema=SCHEMA):
        return
    begun = connection.execute(_WHOLE).one_or_none()
    if begun is not None and begun.whole_at is None:
        raise MoveUnfinished(url)
