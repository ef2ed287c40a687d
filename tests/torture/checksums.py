"""What a database holds, as one figure: every row of every table, whatever file it lies in."""

import hashlib
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path


def checksums(path: Path, without: Collection[str] = ()) -> dict[str, str]:
    """Return each table's name with a hash of its rows, in an order of their own."""
    found = {}
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as raw:
        names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            if name in without or name.startswith("sqlite_"):
                continue
            rows = sorted(map(repr, raw.execute(f'SELECT * FROM "{name}"')))
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found
