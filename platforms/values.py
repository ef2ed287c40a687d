"""The numbers platforms use, in our words: one table each, that an operator can correct.

Not all of them could be confirmed by anybody who does not run a shop there. A value that turns out
otherwise is corrected in a file, without a new version of the house.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Table = Mapping[str, str]
OURS_FIRST = ("asked", "carriers")  # tables of what we say, by our word: any value of theirs


class ValuesRefused(ValueError):
    """A file of corrections that cannot be used; the text says why."""


class Values:
    """One platform's tables by name: `values["order_status"]["2"]`."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables

    def __getitem__(self, table: str) -> Table:
        return self._tables[table]

    def word(self, table: str, value: object) -> str | None:
        """Return our word for the platform's value, None where nobody knows it."""
        return self._tables[table].get(str(value))


def read_values(platform: str, own: Path, corrections: Path | None = None) -> Values:
    """Read a platform's tables and what the operator corrects in them.

    Raises `ValuesRefused` for a table or a word that the platform does not have.
    """
    known = _tables(platform, own)
    if corrections is None:
        return Values(known)
    merged = {name: dict(table) for name, table in known.items()}
    for name, table in _tables(platform, corrections).items():
        if name not in known:
            raise ValuesRefused(f"{corrections}: there is no table [{platform}.{name}].")
        words = set(known[name].values())
        for value, word in table.items():
            if name not in OURS_FIRST and word not in words:
                said = ", ".join(sorted(words))
                raise ValuesRefused(
                    f"{corrections}: [{platform}.{name}] {value} = {word!r} is none of: {said}."
                )
        merged[name].update(table)
    return Values(merged)


def _tables(platform: str, path: Path) -> dict[str, dict[str, str]]:
    try:
        whole: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValuesRefused(f"{path} cannot be read: {error}") from error
    tables = whole.get(platform, {})
    if not isinstance(tables, dict) or not all(isinstance(one, dict) for one in tables.values()):
        raise ValuesRefused(f"{path}: [{platform}] must hold tables.")
    return {
        name: {str(value): str(word) for value, word in table.items()}
        for name, table in tables.items()
    }
