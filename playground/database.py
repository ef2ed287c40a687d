"""The file a playground lives in: chats, counters and undelivered updates outlive the process.

`synchronous=OFF` with WAL loses nothing when the process is killed (only when the machine is),
and a commit then costs microseconds, so every request commits before it is answered.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS people(
    id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, username TEXT, language_code TEXT);
CREATE TABLE IF NOT EXISTS bots(
    id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, username TEXT NOT NULL,
    first_name TEXT NOT NULL, settings TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS dialogs(
    bot INTEGER NOT NULL, person INTEGER NOT NULL, blocked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(bot, person)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS groups(
    id INTEGER PRIMARY KEY, type TEXT NOT NULL, title TEXT NOT NULL, migrated_to INTEGER);
CREATE TABLE IF NOT EXISTS members(
    chat INTEGER NOT NULL, member INTEGER NOT NULL, status TEXT NOT NULL,
    PRIMARY KEY(chat, member)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS forums(chat INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS topics(
    chat INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
    closed INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(chat, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages(
    room TEXT NOT NULL, id INTEGER NOT NULL, sender INTEGER NOT NULL, date INTEGER NOT NULL,
    edited INTEGER, reply_to INTEGER, body TEXT NOT NULL, PRIMARY KEY(room, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS updates(
    id INTEGER PRIMARY KEY, bot INTEGER NOT NULL, kind TEXT NOT NULL, room TEXT NOT NULL,
    body TEXT NOT NULL, made REAL NOT NULL, pending INTEGER NOT NULL DEFAULT 1,
    repeated INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS updates_pending ON updates(bot, id) WHERE pending;
CREATE TABLE IF NOT EXISTS callbacks(
    id INTEGER PRIMARY KEY, bot INTEGER NOT NULL, made REAL NOT NULL, answer TEXT);
CREATE TABLE IF NOT EXISTS events(
    seq INTEGER PRIMARY KEY, people TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files(
    id TEXT PRIMARY KEY, unique_id TEXT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL,
    name TEXT, mime TEXT NOT NULL, size INTEGER NOT NULL, width INTEGER, height INTEGER)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS commands(
    bot INTEGER NOT NULL, scope TEXT NOT NULL, language TEXT NOT NULL, commands TEXT NOT NULL,
    PRIMARY KEY(bot, scope, language)) WITHOUT ROWID;
"""


class Database:
    """One connection, used only on the event loop's thread."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(
            folder / "playground.sqlite3", isolation_level=None, cached_statements=256
        )
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "busy_timeout=5000"):
            self._connection.execute(f"PRAGMA {pragma}").close()
        self._connection.executescript(SCHEMA).close()

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction inside another belongs to the outer one."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def run(self, sql: str, *values: Any) -> int:
        """The number of rows changed."""
        return self._connection.execute(sql, values).rowcount

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    def next(self, counter: str) -> int:
        """The counter's next value; counters never restart."""
        row = self.row(
            "INSERT INTO counters VALUES(?, 1) ON CONFLICT(name) DO UPDATE SET value = value + 1 "
            "RETURNING value",
            counter,
        )
        assert row is not None  # noqa: S101  RETURNING always answers
        return int(row[0])

    def current(self, counter: str) -> int:
        row = self.row("SELECT value FROM counters WHERE name = ?", counter)
        return int(row[0]) if row else 0
