"""A key is replaced while people work, and killed half-way: every row stays readable.

`daifa keys rotate` is a process of its own beside a house that reads and writes.
"""

import asyncio
import random
from pathlib import Path

from sqlalchemy import LargeBinary, select

from app.backing import back_up
from app.rotating import retire, rotate, show
from app.settings import Settings
from core.tables import metadata
from playground.people import DEFAULT_BOT
from storage.database import Database
from storage.keyfile import KeyFile
from storage.keyring import Keyring
from storage.rotating import At, seal_anew, still_needed
from storage.sealed_places import SEALED
from storage.sealing import Sealer
from storage.store import SqlStore, store_maker
from tests.core.firm import Firm, founded, incoming
from tests.core.truth import faults
from tests.proof import Proving
from tests.torture.commands import Operator


def settings_of(folder: Path) -> Settings:
    return Settings(_env_file=None, var=folder, keys_path=folder / "keys.json")


def opened(store: SqlStore) -> int:
    """Open everything that is sealed; returns how many values that was."""
    n = 0
    for one in SEALED:
        for row in store.session.scalars(select(one.entity)):
            if sealed := getattr(row, one.name):
                tenant, place, field = one.place(row)
                store.sealer.open(sealed, tenant=tenant, row=place, field=field)
                n += 1
    return n


async def fill(firm: Firm, orders: int) -> None:
    """Let there be something in the tables: orders with notes, a draft, a question, a talk."""
    await firm.binds()
    for start in range(1, orders + 1, 500):
        some = range(start, min(start + 500, orders + 1))
        await firm.imports([incoming(n, note=f"留言 {n}") for n in some])
    [given] = await firm.assigns(1)
    asked = await firm.does(firm.services.asking.ask, firm.factory, given, "寄给谁？")
    assert asked
    await firm.database.write(
        lambda store: store.accounts.ask(firm.merchant.account_id, "edit_note", {"said": "x"})
    )


def test_every_sealed_column_is_known_to_the_rotation() -> None:
    listed = {(one.entity.__tablename__, one.name) for one in SEALED}
    held = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert listed == held


async def test_a_running_house_takes_a_new_key_up(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    ring = Keyring.load_or_create(path)
    running = Sealer(ring, KeyFile(path, ring))
    old = running.seal("张三", tenant=1, row="r", field="name")
    newer = Sealer(ring.rotated(path)).seal("李四", tenant=1, row="r", field="name")
    assert running.open(newer, tenant=1, row="r", field="name") == "李四"
    assert running.current_key == 2
    assert running.open(old, tenant=1, row="r", field="name") == "张三"
    path.write_bytes(b"cut short")
    assert running.open(newer, tenant=1, row="r", field="name") == "李四"


async def test_a_rotation_that_stops_anywhere_goes_on_where_it_stood(tmp_path: Path) -> None:
    async with founded(tmp_path) as firm:
        await fill(firm, 520)
        ring = Keyring.load(tmp_path / "keys.json").rotated(tmp_path / "keys.json")
        sealer, steps, at = Sealer(ring), 0, At()
        count = await firm.looks(opened_with(sealer))
        step: At | None = at
        while step is not None:
            here = step
            step, _ = await firm.database.write(
                lambda store, here=here: seal_anew(store.session, sealer, here)  # type: ignore[misc]
            )
            steps += 1
            assert await firm.looks(opened_with(sealer)) == count
        assert await firm.looks(lambda s: still_needed(s.session, ring.current)) == set()
        assert steps > len({one.entity for one in SEALED})


def opened_with(sealer: Sealer):  # type: ignore[no-untyped-def]
    def work(store: SqlStore) -> int:
        store.sealer = sealer
        return opened(store)

    return work


async def test_killed_half_way_while_people_work_every_row_is_readable(
    tmp_path: Path, proves: Proving
) -> None:
    kills, orders = proves.size(2, 40), proves.size(600, 6_000)
    chance = random.Random(7)
    path = tmp_path / "keys.json"
    async with founded(tmp_path) as firm:
        await fill(firm, orders)
    operator = Operator(
        tmp_path, "http://127.0.0.1:9", DEFAULT_BOT.token, (("DAIFA_KEYS_PATH", str(path)),)
    )
    died, ring = 0, Keyring.load(path)
    make = store_maker(Sealer(ring, KeyFile(path, ring)))
    async with Database.open(tmp_path / "daifa.sqlite3", make) as house:
        log = (tmp_path / "rotate.log").open("w")
        for _ in range(kills):
            process = operator.starts(log, "keys", "rotate")
            await asyncio.sleep(chance.uniform(1.5, 3.5))
            died += process.poll() is None
            process.kill()
            await asyncio.to_thread(process.wait)
            assert await house.read(opened) > orders * 3
            await house.write(lambda store: store.accounts.ask(1, "edit_note", {"said": "y"}))
        done = await operator.runs("keys", "rotate")
        log.close()
        assert done.code == 0, done.text
        current = Keyring.load(path).current
        assert await house.read(lambda store: still_needed(store.session, current)) == set()
        n = await house.read(opened)
        assert await house.read(faults) == []
    proves.saw(
        "`daifa keys rotate` killed half-way beside a working house: every sealed value opens",
        f"{n:,} of {n:,} values, {died} of {kills} kills before its end", "all",
    )  # fmt: skip


async def test_a_key_goes_only_when_neither_a_row_nor_a_backup_needs_it(tmp_path: Path) -> None:
    async with founded(tmp_path) as firm:
        await fill(firm, 3)
    settings = settings_of(tmp_path)
    copy = back_up(settings)
    assert "Sealed anew with key 2" in await rotate(settings)
    assert "Key 1 stays, needed by the backup" in await retire(settings)
    assert "Key 1: for backups" in await show(settings)
    copy.path.unlink()
    assert "Key 1 is gone" in await retire(settings)
    assert sorted(Keyring.load(tmp_path / "keys.json").keys) == [2]
    assert "one key only" in await retire(settings)
