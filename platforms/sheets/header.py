"""Which row is the header, whose file it is, and where each field stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.imports.incoming import MissingColumns, NoHeader
from core.text.plain import one_line
from platforms.sheets.alias_table import AliasTable, column_key
from platforms.sheets.aliases import REQUIRED, USEFUL, Field, Platform
from platforms.sheets.cells import Cell

SEARCHED_ROWS = 10
_FEWEST_NAMES = 3
_ADDRESSES: tuple[Field, ...] = ("address", "whole_address")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a sheet are. `index` counts rows from 0, `columns` cells from 0.

    A field may stand in several columns: the first that is filled counts.
    """

    index: int
    platform: Platform
    columns: dict[Field, tuple[int, ...]]
    names: dict[Field, str]
    missing: tuple[str, ...]
    titles: tuple[str, ...]


def find_header(rows: Sequence[Sequence[Cell]], table: AliasTable) -> Header:
    """The header among the first ten rows (exports may have a title above it).

    Raises NoHeader, or MissingColumns naming what an order cannot do without.
    """
    best = max(
        ((known_names(row, table), -index) for index, row in enumerate(rows[:SEARCHED_ROWS])),
        default=(0, 0),
    )
    if best[0] < _FEWEST_NAMES:
        raise NoHeader
    index = -best[1]
    keys = [column_key(cell) if isinstance(cell, str) else "" for cell in rows[index]]
    platform = max(table.known, key=lambda each: len(table.known[each].intersection(keys)))
    columns = _columns(table, platform, keys)
    _require(table, platform, columns)
    missing = tuple(
        table.usual(platform, field)
        for field in USEFUL
        # Who fills in our own sheet leaves out what they have no use for.
        if platform != "own" and field not in columns and table.fields[platform].get(field)
    )
    titles = tuple(one_line(str(cell)) for cell in rows[index])
    names = {field: titles[places[0]] for field, places in columns.items()}
    return Header(index, platform, columns, names, missing, titles)


def known_names(row: Sequence[Cell], table: AliasTable) -> int:
    """How many cells of a row are column names of the platform that knows most of them."""
    keys = {column_key(cell) for cell in row if isinstance(cell, str)}
    return max(len(names & keys) for names in table.known.values())


def _columns(
    table: AliasTable, platform: Platform, keys: list[str]
) -> dict[Field, tuple[int, ...]]:
    found = {
        field: tuple(keys.index(name) for name in names if name in keys)
        for field, names in table.keys[platform].items()
    }
    return {field: places for field, places in found.items() if places}


def _require(table: AliasTable, platform: Platform, columns: dict[Field, tuple[int, ...]]) -> None:
    required = REQUIRED if platform == "own" else (*REQUIRED, "order_status")
    missing = [table.usual(platform, field) for field in required if field not in columns]
    if not any(field in columns for field in _ADDRESSES):
        asked = next(field for field in _ADDRESSES if field in table.fields[platform])
        missing.append(table.usual(platform, asked))
    if missing:
        raise MissingColumns(tuple(missing), platform)
