"""Which row is the header, whose file it is, and where each field stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.incoming import MissingColumns, NoHeader
from core.plain import half_width, one_line
from platforms.sheets.aliases import ALIASES, ALSO_THERE, REQUIRED, USEFUL, Field, Platform
from platforms.sheets.cells import Cell

SEARCHED_ROWS = 10
_FEWEST_NAMES = 3
_ADDRESSES: tuple[Field, ...] = ("address", "whole_address")


def _key(name: str) -> str:
    return "".join(half_width(one_line(name)).split()).lower()


_NAMES: dict[Platform, frozenset[str]] = {
    platform: frozenset(
        _key(name) for names in (*fields.values(), ALSO_THERE[platform]) for name in names
    )
    for platform, fields in ALIASES.items()
}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a sheet are. `index` counts rows from 0, `columns` cells from 0."""

    index: int
    platform: Platform
    columns: dict[Field, int]
    names: dict[Field, str]
    missing: tuple[str, ...]


def find_header(rows: Sequence[Sequence[Cell]]) -> Header:
    """The header among the first ten rows (exports may have a title above it).

    Raises NoHeader, or MissingColumns naming what an order cannot do without.
    """
    best = max(
        ((known_names(row), -index) for index, row in enumerate(rows[:SEARCHED_ROWS])),
        default=(0, 0),
    )
    if best[0] < _FEWEST_NAMES:
        raise NoHeader
    index = -best[1]
    keys = [_key(cell) if isinstance(cell, str) else "" for cell in rows[index]]
    platform = max(_NAMES, key=lambda each: len(_NAMES[each].intersection(keys)))
    columns = _columns(platform, keys)
    _require(platform, columns)
    missing = tuple(
        _usual(platform, field) for field in USEFUL if _absent(platform, columns, field)
    )
    names = {field: one_line(str(rows[index][place])) for field, place in columns.items()}
    return Header(index, platform, columns, names, missing)


def known_names(row: Sequence[Cell]) -> int:
    """How many cells of a row are column names of the platform that knows most of them."""
    keys = {_key(cell) for cell in row if isinstance(cell, str)}
    return max(len(names & keys) for names in _NAMES.values())


def _columns(platform: Platform, keys: list[str]) -> dict[Field, int]:
    columns: dict[Field, int] = {}
    for field, names in ALIASES[platform].items():
        place = next((keys.index(key) for key in map(_key, names) if key in keys), None)
        if place is not None:
            columns[field] = place
    return columns


def _require(platform: Platform, columns: dict[Field, int]) -> None:
    required = REQUIRED if platform == "own" else (*REQUIRED, "order_status")
    missing = [_usual(platform, field) for field in required if field not in columns]
    if not any(field in columns for field in _ADDRESSES):
        missing.append(next(_usual(platform, f) for f in _ADDRESSES if f in ALIASES[platform]))
    if missing:
        raise MissingColumns(tuple(missing), platform)


def _absent(platform: Platform, columns: dict[Field, int], field: Field) -> bool:
    return bool(ALIASES[platform].get(field)) and field not in columns


def _usual(platform: Platform, field: Field) -> str:
    return ALIASES[platform][field][0]
