"""Backups: made by `daifa backup` and by the clock of `daifa run`, deleted when they are too old.

A backup is made while everybody goes on working; it is checked before it bears its name.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.keeping import own_copies
from app.settings import Settings
from storage.copies import Copy, CopyFailed, copies_in, copies_of, copy_whole, drop_older, named
from storage.inspecting import FileRefused, step_in

log = structlog.stdlib.get_logger(__name__)

LOOK: Final = 60.0  # seconds between two looks whether a backup is due, and before the first
AGAIN: Final = timedelta(minutes=30)  # between two tries of one that fails


def back_up(settings: Settings, target: Path | None = None, now: datetime | None = None) -> Copy:
    """Back the database up: into a folder under a name with the time, or under this very name.

    Blocks as long as reading and checking the database takes; others go on writing. Raises
    `storage.copies.CopyFailed`, `storage.inspecting.FileRefused`, `ServersOwn`.
    """
    own_copies(settings)
    path, target = settings.database_path, target or settings.backup_path
    if not path.exists() or not path.stat().st_size:
        raise CopyFailed(target, f"there is none at {path} yet; start `daifa run` once")
    if target == settings.backup_path or target.is_dir():
        target /= named(path, f"step{step_in(path) or '0000'}", now)
    return copy_whole(path, target)


def told(settings: Settings, copy: Copy) -> str:
    """Return what an operator should know about a backup just made."""
    kept = (
        f"Deleted by itself after {settings.backup_keep_days} days."
        if copy.path.parent == settings.backup_path
        else "Nobody deletes it by itself there: it holds personal data, encrypted."
    )
    return (
        f"Backed up and checked: {copy.path} ({copy.size / 1_000_000:,.1f} MB). {kept}\n"
        f"The keys are not in it. Without {settings.keys_path} nobody can read the recipients in "
        "it: keep a copy of that file, in another place than the backups."
    )


def drop_old(settings: Settings, now: datetime | None = None) -> int:
    """Delete backups, and copies made before an upgrade or a restoring, past their age; how many.

    Copies the operator put elsewhere are the operator's.
    """
    before = (now or datetime.now(UTC)) - timedelta(days=settings.backup_keep_days)
    folders = {settings.backup_path, copies_of(settings.database_path)}
    return sum(drop_older(folder, settings.database_path, before) for folder in folders)


def newest_backup(settings: Settings) -> Copy | None:
    """Return the newest backup in the folder of backups."""
    return next(reversed(copies_in(settings.backup_path, settings.database_path)), None)


class Backing(Collector):
    """Makes a backup whenever one is due, beside everything else; its figures are Prometheus's."""

    def __init__(self, settings: Settings, look: float = LOOK) -> None:
        self._settings = settings
        self._look = look
        self._made = self._failed = 0
        self._tried: datetime | None = None

    async def run(self) -> None:
        """Look until cancelled; what is being copied then is finished, or leaves nothing."""
        while True:
            await asyncio.sleep(self._look)
            await self.look(datetime.now(UTC))

    async def look(self, now: datetime) -> None:
        """Back up where it is due, and delete what is too old."""
        if self._due(now):
            self._tried = now
            await self._back_up(now)
        try:
            dropped = await asyncio.to_thread(drop_old, self._settings, now)
        except OSError as error:
            log.error("old backups cannot be deleted", error=error.strerror)
            return
        if dropped:
            log.info("old backups deleted", count=dropped)

    async def _back_up(self, now: datetime) -> None:
        try:
            copy = await asyncio.to_thread(back_up, self._settings, None, now)
        except (CopyFailed, FileRefused) as error:
            self._failed += 1
            log.error("no backup was made", reason=str(error))
        else:
            self._made += 1
            log.info("backed up", file=copy.path.name, megabytes=round(copy.size / 1_000_000, 1))

    def _due(self, now: datetime) -> bool:
        hours = self._settings.backup_hours
        if not hours or (self._tried is not None and abs(now - self._tried) < AGAIN):
            return False
        newest = newest_backup(self._settings)
        # One from the future is from before the clock was set back: it says nothing.
        return newest is None or not timedelta() <= now - newest.made_at < timedelta(hours=hours)

    def collect(self) -> Iterator[Metric]:
        """Give the figures."""
        family = CounterMetricFamily(
            "daifa_backups", "Backups tried by the clock.", labels=["outcome"]
        )
        family.add_metric(["made"], self._made)
        family.add_metric(["failed"], self._failed)
        yield family
        newest = newest_backup(self._settings)
        age = -1.0 if newest is None else (datetime.now(UTC) - newest.made_at).total_seconds()
        yield GaugeMetricFamily(
            "daifa_backup_age_seconds", "Since the newest backup; -1: there is none.", age
        )
