"""A file whose business went on elsewhere: marked, so that nobody goes on with it by mistake.

The mark is the application id in the file's header, as for backups; where it went stands in a
small file beside it.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from storage.copies import mark
from storage.durable import sync
from storage.inspecting import FileRefused, application_of

MOVED: Final = 0x64616D76  # "damv"


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a file's business went: the server's name, the number of the move, and when."""

    server: str = "a PostgreSQL server"
    number: str = ""
    at: str = ""


class FileMoved(FileRefused):
    """What is in the file has been moved to a server; the message says how to go back."""

    def __init__(self, path: Path, moved: Moved) -> None:
        super().__init__(
            f"What was in {path} has been moved to {moved.server}{moved.at and f' on {moved.at}'}: "
            "set DAIFA_DATABASE_URL to it. To work with the file again, as it stood then: "
            "daifa move --back"
        )
        self.path = path
        self.moved = moved


def moved_to(path: Path) -> Moved | None:
    """Return where the business of a file went, None where it is still in it."""
    if not path.exists() or application_of(path) != MOVED:
        return None
    try:
        return Moved(**json.loads(_beside(path).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Moved()  # the mark counts, whatever became of the file beside it


def refuse_moved(path: Path) -> None:
    """Raise `FileMoved` for a file whose business is elsewhere."""
    moved = moved_to(path)
    if moved is not None:
        raise FileMoved(path, moved)


def mark_moved(path: Path, server: str, number: str) -> None:
    """Mark it, once; call with the house's lock held. Raises `OSError`, `sqlite3.Error`."""
    moved = Moved(server, number, f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    descriptor = os.open(_beside(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(moved), file, ensure_ascii=False)
    sync(_beside(path))
    mark(path, MOVED)
    sync(path)
    sync(path.parent)


def mark_back(path: Path) -> None:
    """Take the mark away: the file is worked with again. Raises as `mark_moved`."""
    mark(path, 0)
    sync(path)
    _beside(path).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.moved")
