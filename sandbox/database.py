"""The file a sandbox lives in: shops, tokens, orders and messages owed outlive the process.

`synchronous=OFF` with WAL loses nothing when the process is killed (only when the machine is),
and a commit then costs microseconds, so every call commits before it is answered.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shops(
    id INTEGER PRIMARY KEY, platform TEXT NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL,
    mask INTEGER NOT NULL UNIQUE, ships_from INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS bindings(
    merchant INTEGER NOT NULL, factory INTEGER NOT NULL, status INTEGER NOT NULL,
    applied INTEGER NOT NULL, bound INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(merchant, factory)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS codes(
    code TEXT PRIMARY KEY, shop INTEGER NOT NULL, expires REAL NOT NULL,
    used INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tokens(
    access TEXT PRIMARY KEY, refresh TEXT NOT NULL UNIQUE, shop INTEGER NOT NULL,
    expires REAL NOT NULL, refresh_expires REAL NOT NULL, replaced INTEGER NOT NULL DEFAULT 0)
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tokens_shop ON tokens(shop);
CREATE TABLE IF NOT EXISTS orders(
    id TEXT PRIMARY KEY, platform TEXT NOT NULL, shop INTEGER NOT NULL, status TEXT NOT NULL,
    created INTEGER NOT NULL, paid INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL,
    deadline INTEGER NOT NULL DEFAULT 0, shipped INTEGER NOT NULL DEFAULT 0,
    finished INTEGER NOT NULL DEFAULT 0, receiver TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS orders_updated ON orders(shop, updated, id);
CREATE INDEX IF NOT EXISTS orders_created ON orders(shop, created, id);
CREATE INDEX IF NOT EXISTS orders_newest ON orders(created, id);
CREATE TABLE IF NOT EXISTS lines(
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL, place INTEGER NOT NULL, unit TEXT NOT NULL,
    count INTEGER NOT NULL, shipped INTEGER NOT NULL DEFAULT 0,
    after_sale TEXT NOT NULL DEFAULT 'none', body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lines_order ON lines(order_id, place);
CREATE INDEX IF NOT EXISTS lines_unit ON lines(unit);
CREATE TABLE IF NOT EXISTS units(
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL, merchant INTEGER NOT NULL, factory INTEGER,
    status INTEGER NOT NULL DEFAULT 0, assigned INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '', extra TEXT NOT NULL DEFAULT '')
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS units_order ON units(order_id);
CREATE INDEX IF NOT EXISTS units_merchant ON units(merchant, updated, id);
CREATE INDEX IF NOT EXISTS units_factory ON units(factory, updated, id);
CREATE INDEX IF NOT EXISTS units_assigned ON units(factory, assigned, id);
CREATE TABLE IF NOT EXISTS parcels(
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL, unit TEXT, company TEXT NOT NULL,
    number TEXT NOT NULL, at INTEGER NOT NULL, items TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS parcels_order ON parcels(order_id);
CREATE INDEX IF NOT EXISTS parcels_number ON parcels(number);
CREATE TABLE IF NOT EXISTS waybills(
    number TEXT PRIMARY KEY, company TEXT NOT NULL, factory INTEGER NOT NULL, unit TEXT NOT NULL,
    pack TEXT NOT NULL, cancelled INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS waybills_unit ON waybills(unit);
CREATE TABLE IF NOT EXISTS waybill_stock(
    factory INTEGER NOT NULL, company TEXT NOT NULL, left INTEGER NOT NULL,
    PRIMARY KEY(factory, company)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pickups(number TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS decryptions(
    shop INTEGER NOT NULL, day TEXT NOT NULL, used INTEGER NOT NULL, PRIMARY KEY(shop, day))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests(
    shop INTEGER NOT NULL, id TEXT NOT NULL, answer TEXT NOT NULL, PRIMARY KEY(shop, id))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pushes(
    n INTEGER PRIMARY KEY AUTOINCREMENT, platform TEXT NOT NULL, id TEXT NOT NULL, shop INTEGER NOT NULL, tag TEXT NOT NULL,
    order_id TEXT NOT NULL, made REAL NOT NULL, data TEXT NOT NULL, state TEXT NOT NULL,
    due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, log TEXT NOT NULL DEFAULT '[]');
CREATE INDEX IF NOT EXISTS pushes_due ON pushes(platform, due) WHERE state = 'due';
"""  # noqa: E501  one table's columns


class Database:
    """One connection, used only on the event loop's thread."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(file, isolation_level=None, cached_statements=256)
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "busy_timeout=5000"):
            self._connection.execute(f"PRAGMA {pragma}").close()
        self._connection.executescript(SCHEMA).close()

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Not to be begun inside another."""
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

    def many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._connection.executemany(sql, rows).close()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    def next(self, counter: str, by: int = 1) -> int:
        """The last of the counter's next `by` values; counters never restart."""
        row = self.row(
            "INSERT INTO counters VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET "
            "value = value + ?2 RETURNING value",
            counter,
            by,
        )
        assert row is not None  # noqa: S101  RETURNING always answers
        return int(row[0])
