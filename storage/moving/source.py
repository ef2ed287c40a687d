"""The file that is moved: read only, as of one moment, rows in the order of their keys."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from storage.inspecting import reading
from storage.moving.shapes import Row, Shape, Tally, tally_of, weighed

MOST: Final = 5_000  # rows taken at once …
HEAVIEST: Final = 4_000_000  # … and bytes: a prepared import alone may have some
Key = list[Any]


@dataclass(slots=True)
class Batch:
    """Some rows, the figure of each, and the bytes of the heaviest."""

    rows: list[Row] = field(default_factory=list)
    figures: list[int] = field(default_factory=list)
    heaviest: int = 0

    def takes(self, row: Row) -> int:
        """Add a row; return its bytes."""
        figure, weight = weighed(row)
        self.rows.append(row)
        self.figures.append(figure)
        self.heaviest = max(self.heaviest, weight)
        return weight


class Source:
    """A file; `opened` gives one. `left_out`: by table, rows with what no PostgreSQL can keep."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self.left_out: Counter[str] = Counter()

    def fingerprint(self) -> str:
        """Return which keys sealed what is in it; empty before its first start."""
        found = self._raw.execute("SELECT fingerprint FROM key_mark").fetchone()
        return str(found[0]) if found else ""

    def count(self, shape: Shape) -> int:
        """Return how many rows a table has."""
        (n,) = self._raw.execute(f'SELECT count(*) FROM "{shape.name}"').fetchone()  # noqa: S608
        return int(n)

    def batches(self, shape: Shape, after: Key | None) -> Iterator[Batch]:
        """Give the rows past a key, some at a time: never more than fits well into memory."""
        batch, weight = Batch(), 0
        for kept in self._rows(shape, ">", after):
            row = shape.tidied(kept)
            self.left_out[shape.name] += row is not kept
            weight += batch.takes(row)
            if len(batch.rows) >= MOST or weight >= HEAVIEST:
                yield batch
                batch, weight = Batch(), 0
        if batch.rows:
            yield batch

    def tally(self, shape: Shape, upto: Key) -> Tally:
        """Return what the rows up to a key come to."""
        return tally_of(map(shape.tidied, self._rows(shape, "<=", upto)))

    def _rows(self, shape: Shape, sign: str, key: Key | None) -> Iterator[Row]:
        columns, keys = (", ".join(f'"{one}"' for one in names)
                         for names in (shape.columns, shape.key))  # fmt: skip
        which = f"WHERE ({keys}) {sign} ({', '.join('?' * len(shape.key))})" if key else ""
        asked = f'SELECT {columns} FROM "{shape.name}" {which} ORDER BY {keys}'  # noqa: S608 - our own names
        return self._raw.execute(asked, key or ())


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open the file; all that is read of it is of one moment. Raises as `inspecting.reading`."""
    with reading(path) as raw:
        raw.execute("BEGIN").close()
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from now on
        yield Source(raw)
