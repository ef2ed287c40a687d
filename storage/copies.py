"""A whole copy of the database before anything irreversible is done to it.

`VACUUM INTO` reads one snapshot and writes a compact file, while others go on working
(https://sqlite.org/lang_vacuum.html). The key file is not part of it.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

_KEPT = 3


def copies_of(path: Path) -> Path:
    """The folder the copies of this database go to."""
    return path.parent / "copies"


def copy_aside(path: Path, step: str) -> Path:
    """Copy the database, name the copy with the time and its step, keep the last three.

    A copy that was cut short never bears a final name. Raises `sqlite3.Error` (disk full …).
    """
    folder = copies_of(path)
    folder.mkdir(exist_ok=True, mode=0o700)
    for cut_short in folder.glob(f"{path.stem}-*.partial"):
        cut_short.unlink()
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    copy = folder / f"{path.stem}-{moment}-step{step}{path.suffix}"
    partial = copy.with_suffix(".partial")
    partial.touch(mode=0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("VACUUM INTO ?", (str(partial),))
    partial.replace(copy)
    for older in sorted(folder.glob(f"{path.stem}-*-step*{path.suffix}"))[:-_KEPT]:
        older.unlink()
    return copy
