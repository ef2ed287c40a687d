"""Putting a backup in the place of the database: checked first, and what stood there kept aside.

What happened after the backup is unknown to it, so some of what it holds is marked before anybody
works with it: alerts that were due may have been sent already, buttons shown since may name ids
that will be given again (`bot.restored`), recipients shown since must still vanish, and programs
hold cursors this house has yet to reach.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from storage import inspecting
from storage.copies import beside, copies_of, file_copied, mark, named
from storage.durable import sync
from storage.inspecting import FileRefused
from storage.keyring import Keyring

AHEAD: Final = 1_000_000  # cursors that programs may have been given since the backup
SINCE, UNTIL = "restored_from", "restored_at"  # rows of `clock_look`: the time that was lost


class RestoreRefused(Exception):
    """Nothing was touched; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What now stands: the backup's last act, what was put aside and how many rows each has."""

    newest: datetime | None
    aside: Path | None
    tallies: list[tuple[str, int, int]]  # name, in the backup, in what was put aside


def restore(
    backup: Path, path: Path, keys: Keyring, head: str, *, force: bool, now: datetime | None = None
) -> Restored:
    """Put `backup` in the place of `path`; call it with the house's lock held.

    Raises `RestoreRefused`, `FileRefused`, `OSError` (no room …); then what stood there stands.
    """
    staged = path.with_name(f"{path.name}.staged")
    try:
        _stage(backup, staged)
        _belongs(backup, staged, keys, head)
        tallies = _compared(staged, path, backup, force=force)
        newest = inspecting.newest_in(staged)
        mark_lost(staged, newest, now)
        if tallies:
            _keep_vanishing(staged, path)
        mark(staged, 0)
        sync(staged)
        aside = _swap(staged, path)
    finally:
        for left in (staged, *beside(staged)):
            left.unlink(missing_ok=True)
    return Restored(newest, aside, tallies)


def _stage(backup: Path, staged: Path) -> None:
    """Copy it beside the database: the backup itself is never opened for writing."""
    for left in (staged, *beside(staged)):
        left.unlink(missing_ok=True)
    if not backup.is_file() or not backup.stat().st_size:
        raise RestoreRefused(f"There is no backup at {backup}. Name a file of the backup folder.")
    file_copied(backup, staged)
    log, staged_log = beside(backup)[0], beside(staged)[0]
    if log.exists() and log.stat().st_size:
        file_copied(log, staged_log)


def _belongs(backup: Path, staged: Path, keys: Keyring, head: str) -> None:
    try:
        step = inspecting.step_in(staged)
        whole = inspecting.faults_of(staged)
        mark = inspecting.fingerprint_in(staged) if step else None
    except FileRefused as error:
        raise RestoreRefused(f"{backup} is no whole backup: {error}") from error
    if step is None:
        raise RestoreRefused(f"{backup} has no tables. Choose another backup.")
    if whole:
        raise RestoreRefused(f"{backup} is damaged ({whole[0]}). Choose another backup.")
    if step > head:
        raise RestoreRefused(
            f"{backup} is of a newer version (step {step}, this one knows {head}). "
            "Install that version, then restore."
        )
    if mark is not None and mark != keys.fingerprint():
        raise RestoreRefused(
            f"{backup} was sealed with other keys than those of the key file. "
            "Put the key file back that belongs to it, or point DAIFA_KEYS_PATH at it."
        )


def _compared(staged: Path, path: Path, backup: Path, *, force: bool) -> list[tuple[str, int, int]]:
    """Return what the two hold; refuse where what stands has seen more, unless forced."""
    try:
        if not path.exists() or not path.stat().st_size or inspecting.step_in(path) is None:
            return []
        inspecting.look_over(path, None)
        stands, kept = inspecting.newest_in(path), inspecting.newest_in(staged)
        now, then = inspecting.tally(path), inspecting.tally(staged)
    except FileRefused:
        return []  # damaged: the reason to restore
    if stands is not None and (kept is None or stands > kept) and not force:
        raise RestoreRefused(
            f"{path} has seen more than {backup}: its last act was at {_told(stands)}, the "
            f"backup's at {_told(kept)}. To put it aside all the same: daifa restore --force"
        )
    return [(name, then[name], now[name]) for name in then]


def mark_lost(path: Path, newest: datetime | None, now: datetime | None = None) -> None:
    """Note in a file what nobody can know any more about the time since its newest act."""
    now = now or datetime.now(UTC)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE").close()
        raw.execute(
            "UPDATE alert SET doubtful = 1, lease_until = NULL "
            "WHERE state = 'owed' AND due_at <= ?", (_kept(now),)
        ).close()  # fmt: skip
        names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
        if "feed_item" in names:
            _skip_cursors(raw, names)
        if "clock_look" in names:
            times = ((SINCE, _kept(newest or now)), (UNTIL, _kept(now)))
            raw.executemany("REPLACE INTO clock_look (name, at) VALUES (?, ?)", times).close()
        raw.execute("COMMIT").close()


def _skip_cursors(raw: sqlite3.Connection, names: set[str]) -> None:
    """Number the feed on from beyond every cursor given since: its newest item is told again."""
    (last,) = raw.execute("SELECT max(id) FROM feed_item").fetchone()
    if last is None:
        return
    raw.execute("UPDATE feed_item SET id = ? WHERE id = ?", (last + AHEAD, last)).close()
    if "delivery" in names:
        raw.execute(
            "UPDATE delivery SET feed_id = ? WHERE feed_id = ?", (last + AHEAD, last)
        ).close()


def _keep_vanishing(staged: Path, path: Path) -> None:
    """Take over which messages show a recipient just now: they must be gone in time."""
    columns = "bot_id, chat_id, message_id, due_at"
    with closing(sqlite3.connect(staged, isolation_level=None, uri=True)) as raw:
        raw.execute("ATTACH ? AS old", (f"{path.resolve().as_uri()}?mode=ro",)).close()
        raw.execute(
            f"INSERT OR IGNORE INTO main.vanishing ({columns}) "  # noqa: S608 - our own words
            f"SELECT {columns} FROM old.vanishing"
        ).close()


def _kept(moment: datetime) -> int:
    """Return a moment as `core.columns.UtcDateTime` keeps it."""
    return (moment - inspecting.EPOCH) // timedelta(microseconds=1)


def _swap(staged: Path, path: Path) -> Path | None:
    """Put the old aside and the new in its place; cut short in between, no start goes on."""
    ready = path.with_name(f"{path.name}.restoring")
    staged.replace(ready)
    sync(path.parent)
    aside = None
    if path.exists():
        folder = copies_of(path)
        folder.mkdir(exist_ok=True, mode=0o700)
        aside = folder / named(path, "replaced")
        path.replace(aside)
    for old, kept in zip(beside(path), beside(aside or path), strict=True):
        if old.exists() and aside is not None:
            old.replace(kept)
        old.unlink(missing_ok=True)
    ready.replace(path)
    sync(path.parent)
    return aside


def _told(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
