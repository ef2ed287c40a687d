"""`daifa keys`: a fresh key for all that is sealed, while the house runs, and the end of old ones.

The key is added first; a running house takes it up within a second (`storage.keyfile`). Then every
row is sealed anew. Killed at any moment, the same command goes on where it stood.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from app.building import open_database
from app.settings import Settings
from storage.copies import copies_in, copies_of
from storage.database import Database
from storage.keyfile import EVERY
from storage.keyring import Keyring
from storage.rotating import At, seal_anew, still_needed, tables
from storage.store import SqlStore


async def rotate(settings: Settings) -> str:
    """Add a key unless a rotation was cut short, seal everything with it; say what was done."""
    async with open_database(settings) as database:
        ring = Keyring.load(settings.keys_path)
        if not await database.read(lambda store: still_needed(store.session, ring.current)):
            ring = ring.rotated(settings.keys_path)
            await asyncio.sleep(EVERY * 1.5)  # nobody seals with the old one after that
        sealed = await _seal_all(database)
        await database.settle()
    spare = ", ".join(str(one) for one in sorted(ring.keys) if one != ring.current)
    return (
        f"Sealed anew with key {ring.current}: {sealed} rows. Back up {settings.keys_path} now.\n"
        f"Older keys ({spare}) still open backups; daifa keys retire takes them away once none "
        "needs them."
    )


async def _seal_all(database: Database[SqlStore]) -> int:
    """Pass over everything until a whole pass finds nothing more."""
    total, found = 0, 1
    while found:
        found, at = 0, At()
        while True:
            step, n = await database.write(
                lambda store, at=at: seal_anew(store.session, store.sealer, at)  # type: ignore[misc]
            )
            found += n
            if step is None:
                break
            at = step
        total += found
    return total


async def retire(settings: Settings) -> str:
    """Take away the keys that nothing needs, neither a row nor a backup; say what was done."""
    async with open_database(settings) as database:
        ring = Keyring.load(settings.keys_path)
        needed = await database.read(lambda store: still_needed(store.session, ring.current))
    kept = dict.fromkeys(needed, "rows of the database: run daifa keys rotate")
    for folder in (settings.backup_path, copies_of(settings.database_path)):
        for copy in copies_in(folder, settings.database_path):
            for one in _keys_in(copy.path) - {ring.current}:
                kept.setdefault(one, f"the backup {copy.path}")
    gone = [one for one in sorted(ring.keys) if one != ring.current and one not in kept]
    if gone:
        ring.without(settings.keys_path, gone)
    lines = [f"Key {one} stays, needed by {why}." for one, why in sorted(kept.items())]
    lines += [f"Key {one} is gone." for one in gone]
    return "\n".join(lines or [f"There is one key only, key {ring.current}."])


async def show(settings: Settings) -> str:
    """Say which keys there are, which is current, and which something is still sealed with."""
    async with open_database(settings) as database:
        ring = Keyring.load(settings.keys_path)
        needed = await database.read(lambda store: still_needed(store.session, ring.current))
    words = {
        one: "current" if one == ring.current else "in use" if one in needed else "for backups"
        for one in sorted(ring.keys)
    }
    return "\n".join(f"Key {one}: {word}" for one, word in words.items())


def _keys_in(copy: Path) -> set[int]:
    """Return the ids of the keys a backup needs; of an older one, of the tables it has."""
    found: set[int] = set()
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as raw:
        for entity, columns in tables():
            found |= _heads(raw, str(entity.__tablename__), [one.name for one in columns])
    return found


def _heads(raw: sqlite3.Connection, table: str, columns: Sequence[str]) -> set[int]:
    have = {name for (_, name, *_) in raw.execute(f"PRAGMA table_info({table})")}
    found: set[int] = set()
    for name in have & set(columns):
        query = f"SELECT DISTINCT substr({name}, 1, 4) FROM {table} WHERE length({name}) > 0"  # noqa: S608 - our own names
        found |= {int.from_bytes(head, "big") for (head,) in raw.execute(query)}
    return found
