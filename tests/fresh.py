"""An empty database as a first start makes it, made once in a process and copied: half a second."""

import tempfile
from functools import cache
from pathlib import Path

from storage.migrate import upgrade


def fresh_database(path: Path) -> None:
    """Put a migrated database without a row there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_bytes(_migrated())


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fresh.sqlite3"
        upgrade(path)
        return path.read_bytes()
