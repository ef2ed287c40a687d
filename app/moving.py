"""`daifa move`: an installation from its SQLite file into PostgreSQL, and back to the file."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from app.keeping import bring_up, disk_of
from app.settings import Settings
from storage.inspecting import newest_in
from storage.moved import mark_back, moved_to
from storage.moving.refusals import MoveRefused
from storage.ownership import Ownership
from storage.restoring import mark_lost
from storage.server_url import server_name

if TYPE_CHECKING:
    from storage.moving.mover import Compared

_NOWHERE = (
    "Say where to move to: DAIFA_DATABASE_URL=postgresql+asyncpg://user:password@host/name, an "
    "empty database."
)


async def move_over(settings: Settings, tell: Callable[[str], object]) -> str:
    """Move all that is in the file; returns what to tell the operator.

    Cut short at any moment, the same again goes on. Raises `storage.moving.refusals.MoveError`,
    `storage.ownership.AlreadyOwned` while the house runs, and as `app.building.open_database`.
    """
    from storage.moving.mover import move

    path, url = settings.database_path, settings.server
    if url is None:
        raise MoveRefused(_NOWHERE)
    began = time.monotonic()
    with _held(path):
        if moved_to(path) is None:
            bring_up(settings, path)
        compared = await move(path, url, tell)
    if not compared:
        return f"{path} is in {server_name(url)} already, whole. Nothing was done."
    took = time.monotonic() - began
    return "\n".join([*_table(compared), _told(settings, compared, took, server_name(url))])


def move_back(settings: Settings) -> str:
    """Let the file be worked with again; returns what to tell the operator.

    What was done elsewhere since is unknown to it, as after putting a backup back. Raises
    `MoveRefused`, `storage.ownership.AlreadyOwned`, `DiskRefused`.
    """
    path = settings.database_path
    with _held(path):
        moved = moved_to(path)
        if moved is None:
            raise MoveRefused(f"{path} has not been moved anywhere: daifa run works with it.")
        mark_lost(path, newest_in(path))
        mark_back(path)
    return (
        f"{path} is worked with again, as it stood on {moved.at}: leave DAIFA_DATABASE_URL empty. "
        f"What was done in {moved.server} since is not in it, as after daifa restore: see "
        "docs/operating.md. To move again, give it an empty database."
    )


def _held(path: Path) -> ExitStack:
    """Keep every house away from the file. Raises `MoveRefused`, `AlreadyOwned`, `DiskRefused`."""
    if not path.exists():
        raise MoveRefused(
            f"There is no database at {path}, so there is nothing to move. To begin with an empty "
            "one on the server: daifa prepare"
        )
    with ExitStack() as held:
        held.enter_context(disk_of(path))
        held.enter_context(Ownership(path.with_suffix(".lock")))
        return held.pop_all()


def _table(compared: "Sequence[Compared]") -> list[str]:
    """Return a line for each table that has rows."""
    return [
        f"{'table':20} {'rows':>12}  checksum in the file and there",
        *(f"{one.name:20} {one.here.rows:12,}  {one.here} {one.there}"
          for one in compared if one.here.rows),
    ]  # fmt: skip


def _told(settings: Settings, compared: "Sequence[Compared]", took: float, where: str) -> str:
    rows = sum(one.here.rows for one in compared)
    return (
        f"Moved into {where}: {rows:,} rows of {len(compared)} tables in {took:.1f} s "
        f"({rows / took:,.0f} a second), read back and compared: all the same.\n"
        f"{settings.database_path} is as it was, and marked: nobody works with it by mistake. "
        f"{settings.keys_path} is needed as before.\n"
        "Start daifa with DAIFA_DATABASE_URL as it is now. Backups are the server's from here on: "
        "docs/operating.md."
    )
