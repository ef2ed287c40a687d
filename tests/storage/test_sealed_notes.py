"""Notes that stood in clear are sealed by the step that does it, and are nowhere in the file."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database
from storage.keyring import Keyring
from storage.migrate import MigrationFailed, Migrations, upgrade
from storage.sealing import Sealer
from storage.store import store_maker

NOTE, REMARK = "放门口 打13712345678 找周海棠", "改寄到周海棠家"
FILL = """
INSERT INTO shop (id, role, number, name, link_token, created_at)
    VALUES (1, 'merchant', '100001', '店', 't', 0);
INSERT INTO orders (id, merchant_id, platform, order_no, reversed_no, province, status, after_sale,
    tab, sort_at, revision, complete, pieces, buyer_note, seller_note, created_at, updated_at)
    SELECT value, 1, 'own', 'N' || value, '', '', 'unassigned', 'none', 'unassigned', 0, 1, 1, 1,
        iif(value % 2, :note, ''), iif(value % 3, '', :remark), 0, 0
    FROM (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 400)
        SELECT value FROM n);
"""


def holds(folder: Path, text: str) -> bool:
    """Whether the database's files hold the text anywhere, free pages and log included."""
    return any(text.encode() in path.read_bytes() for path in folder.glob("daifa.sqlite3*"))


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A database of the step before, with notes in clear and some that were erased since."""
    steps = tmp_path / "versions"
    steps.mkdir()
    for file in Migrations().versions.glob("00*.py"):
        if file.name < "0013":
            shutil.copy(file, steps)
    path = tmp_path / "daifa.sqlite3"
    Migrations(steps).upgrade(path)
    shop, orders = FILL.strip().split(";\n", 1)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(shop)
        raw.execute(orders, {"note": NOTE, "remark": REMARK})
        raw.execute("UPDATE orders SET buyer_note = '' WHERE id > 300")
        raw.commit()
    return path


async def test_notes_are_sealed_where_they_stood_and_in_clear_nowhere(
    before: Path, tmp_path: Path
) -> None:
    sealer = Sealer(Keyring.load_or_create(tmp_path / "keys.json"))
    assert holds(tmp_path, NOTE)
    assert upgrade(before, sealer)
    assert not holds(tmp_path, NOTE)
    assert not holds(tmp_path, REMARK)
    make_store = store_maker(sealer, lambda: datetime(2026, 11, 24, tzinfo=UTC))
    async with Database.open(before, make_store) as database:
        notes = await database.read(lambda store: store.orders.notes(range(1, 401)))
    assert notes[3] == (NOTE, REMARK)
    assert (notes[1], notes[6], notes[306]) == ((NOTE, ""), ("", REMARK), ("", REMARK))
    assert 2 not in notes
    assert 301 not in notes


def test_without_the_keys_nothing_is_changed(before: Path) -> None:
    with pytest.raises(MigrationFailed, match="key file"):
        upgrade(before)
    with closing(sqlite3.connect(before)) as raw:
        assert raw.execute("SELECT buyer_note FROM orders WHERE id = 1").fetchone() == (NOTE,)
