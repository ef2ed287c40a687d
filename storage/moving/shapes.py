"""What a table's rows are in a SQLite file and what on a PostgreSQL server, and a figure over both.

The figure is made of each side's own values, brought to what the file keeps: numbers, text, bytes.
So a value that was changed on its way shows, whichever side changed it. It is a sum, and the same
in whatever order rows are read.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import Column, Table
from sqlalchemy.types import TypeDecorator

from storage.sqlite import compact_json

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_CIRCLE: Final = 1 << 128
_NOT_KEPT: Final = {"lease"}  # who leads just now is nobody's business

Row = Sequence[Any]
Change = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows, and one figure over what is in them."""

    rows: int = 0
    figure: int = 0

    def __str__(self) -> str:
        return f"{self.figure:032x}"

    def and_of(self, figures: Iterable[int]) -> "Tally":
        """Return it with the rows of these figures more."""
        rows, figure = self.rows, self.figure
        for one in figures:
            rows += 1
            figure += one
        return Tally(rows, figure % _CIRCLE)


@dataclass(frozen=True)
class Shape:
    """A table, as far as moving its rows goes."""

    table: Table

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @cached_property
    def columns(self) -> list[str]:
        """Its columns, in the order rows have here."""
        return [column.name for column in self.table.columns]

    @cached_property
    def key(self) -> list[str]:
        """The columns of its primary key."""
        return [column.name for column in self.table.primary_key]

    @cached_property
    def numbered(self) -> str | None:
        """The column by which its rows are numbered, where they are."""
        [*keys] = self.table.primary_key
        return keys[0].name if len(keys) == 1 and _kind(keys[0]) is int else None

    @cached_property
    def _at(self) -> list[int]:
        return [self.columns.index(name) for name in self.key]

    def key_of(self, row: Row) -> list[Any]:
        """Return a row's key, as the file has it."""
        return [row[n] for n in self._at]

    @cached_property
    def _to_server(self) -> list[tuple[int, Change]]:
        return self._changes(_TO_SERVER)

    @cached_property
    def _from_server(self) -> list[tuple[int, Change]]:
        return self._changes(_FROM_SERVER)

    @cached_property
    def _tidying(self) -> list[tuple[int, Change]]:
        return self._changes(_TIDY)

    def _changes(self, by_type: Mapping[type, Change]) -> list[tuple[int, Change]]:
        kinds = [_kind(column) for column in self.table.columns]
        return [(n, by_type[kind]) for n, kind in enumerate(kinds) if kind in by_type]

    def tidied(self, row: Row) -> Row:
        """Return a row of the file without what no PostgreSQL can keep, the character NUL.

        The very row where there is none.
        """
        tidy = _changed(row, self._tidying)
        return row if tuple(tidy) == row else tidy

    def to_server(self, row: Row) -> Row:
        """Return a tidied row as the server takes it."""
        return _changed(row, self._to_server)

    def from_server(self, row: Row) -> Row:
        """Return a row of the server as the file has it."""
        return _changed(row, self._from_server)


def shapes() -> list[Shape]:
    """Return every table, those first that others refer to."""
    from core.tables import metadata

    return [Shape(table) for table in metadata.sorted_tables if table.name not in _NOT_KEPT]


def _figure_of(row: Row) -> int:
    return int.from_bytes(blake2b(repr(tuple(row)).encode(), digest_size=16).digest(), "big")


def weighed(row: Row) -> tuple[int, int]:
    """Return the figure of one row of the file, and about how many bytes it takes."""
    written = repr(tuple(row)).encode()
    return int.from_bytes(blake2b(written, digest_size=16).digest(), "big"), len(written)


def tally_of(rows: Iterable[Row]) -> Tally:
    """Return how many these are, and their figure; `rows` are the file's."""
    return Tally().and_of(weighed(row)[0] for row in rows)


def _kind(column: Column[Any]) -> type:
    """Return what its values are in Python."""
    kept = column.type
    inner = kept.impl_instance if isinstance(kept, TypeDecorator) else kept
    kind: type = inner.python_type
    return kind


def _changed(row: Row, changes: list[tuple[int, Change]]) -> Row:
    if not changes:
        return row
    values = list(row)
    for n, change in changes:
        if values[n] is not None:
            values[n] = change(values[n])
    return values


def _text(text: str) -> str:
    return text.replace("\0", "") if "\0" in text else text


def _json(kept: Any) -> str:
    text = kept if isinstance(kept, str) else str(kept)  # SQLite makes a number of a bare one
    return compact_json(_bare(json.loads(text))) if "\\u0000" in text else text


def _bare(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_bare(one) for one in value]
    if isinstance(value, dict):
        return {_text(name): _bare(one) for name, one in value.items()}
    return value


# By the values a column gives in Python.
_TIDY: Final[Mapping[type, Change]] = {str: _text, dict: _json}
_TO_SERVER: Final[Mapping[type, Change]] = {
    datetime: lambda microseconds: _EPOCH + microseconds * _MICROSECOND,
    date: date.fromisoformat,
    bool: bool,
}
_FROM_SERVER: Final[Mapping[type, Change]] = {
    datetime: lambda moment: (moment - _EPOCH) // _MICROSECOND,
    date: date.isoformat,
    bool: int,
}
