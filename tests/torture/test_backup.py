"""Backups: whole while people work, put back on a fresh folder row for row, never half a file.

Every copy is made by `daifa backup` or the function behind it, and put back by `daifa restore`.
"""

import asyncio
import itertools
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from app.backing import Backing, back_up, drop_old
from app.building import open_database
from app.doctor import examine
from app.keeping import DatabaseLost
from app.restored import put_back
from app.settings import Settings
from core.services import Services
from core.values import Actor, Rules
from playground.people import DEFAULT_BOT
from storage.copies import CopyFailed, copies_in, copies_of, named
from storage.inspecting import DatabaseDamaged, faults_of
from storage.migrate import RestoringCutShort
from storage.ownership import AlreadyOwned, Ownership
from storage.restoring import RestoreRefused
from tests.core.firm import Firm, founded, incoming
from tests.core.truth import faults
from tests.proof import Proving
from tests.torture.checksums import checksums
from tests.torture.commands import ROOT, Operator

# What restoring changes on purpose: it notes what nobody can know about the time since.
NOTED = ("alert", "clock_look", "feed_item", "delivery")


def settings_of(folder: Path, **changes: object) -> Settings:
    return Settings(_env_file=None, var=folder).model_copy(update=changes)


def operator(folder: Path) -> Operator:
    return Operator(folder, "http://127.0.0.1:9", DEFAULT_BOT.token)


async def works(firm: Firm, first: int, n: int = 3) -> None:
    """Bring orders in, assign them, ship one."""
    await firm.imports([incoming(one) for one in range(first, first + n)])
    await firm.assigns(*range(first, first + n))


async def house_with_orders(folder: Path, n: int = 3) -> tuple[Settings, Actor]:
    """Fill a house and leave it; returns its settings and who acts for the factory."""
    async with founded(folder) as firm:
        await firm.binds()
        await works(firm, 1, n)
    settings = settings_of(folder)
    async with open_database(settings):
        return settings, firm.factory


async def somebody_acts(settings: Settings) -> None:
    async with open_database(settings) as database:
        await database.write(lambda store: store.record(None, "order_noted", order_id=1))


def listing(folder: Path) -> set[str]:
    """Return its files; locks stay behind and mean nothing."""
    files = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    return {one for one in files if not one.endswith((".lock", ".migrating"))}


async def test_every_backup_made_while_people_write_is_whole(
    tmp_path: Path, proves: Proving
) -> None:
    wanted, made = proves.size(3, 200), 0
    async with founded(tmp_path) as firm:
        await firm.binds()
        settings, acts = settings_of(tmp_path, backup_path=tmp_path / "elsewhere"), 0

        async def people() -> None:
            nonlocal acts
            while made < wanted:
                await works(firm, acts * 3 + 1)
                acts += 1

        async with asyncio.TaskGroup() as both:
            both.create_task(people())
            while made < wanted:
                copy = await asyncio.to_thread(back_up, settings)
                assert faults_of(copy.path) == []
                assert copy.path.stat().st_mode & 0o777 == 0o600
                kept = settings_of(tmp_path, database_path=copy.path, backup_path=tmp_path / "no")
                if made % 10 == 0:
                    async with open_database(kept) as database:
                        assert await database.read(faults) == []
                copy.path.unlink()
                made += 1
    proves.saw("backups made while people wrote, whole and true", f"{made} of {wanted}", "all")
    proves.saw("acts committed meanwhile", acts * 2)
    assert acts


async def test_the_command_backs_up_and_restores_on_a_fresh_folder_row_for_row(
    tmp_path: Path, proves: Proving
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    settings, factory = await house_with_orders(old)
    with Ownership(settings.database_path.with_suffix(".lock")):  # the house runs
        said = await operator(old).runs("backup")
        assert said.code == 0, said.text
    assert "keys are not in it" in said.text
    [copy] = copies_in(settings.backup_path, settings.database_path)
    assert checksums(copy.path) == checksums(settings.database_path)

    new.mkdir()
    said = await operator(new).runs("restore", str(copy.path))
    assert (said.code, "key file" in said.text) == (1, True)
    shutil.copy2(settings.keys_path, new / "keys.json")
    said = await operator(new).runs("restore", str(copy.path))
    assert said.code == 0, said.text
    fresh = settings_of(new)
    same = checksums(fresh.database_path, NOTED)
    assert same == checksums(settings.database_path, NOTED)
    async with open_database(fresh) as database:
        assert await database.read(faults) == []
        look = Services(Rules()).looking.look
        seen = await database.write(lambda store: look(store, factory, 1, (1, 2, 3)))
    assert "13912345678" in repr(seen)
    proves.saw("restored on a fresh folder with equal checksums", f"{len(same)} tables", "all")


async def test_restoring_refuses_before_it_touches_anything(tmp_path: Path) -> None:
    settings, _ = await house_with_orders(tmp_path / "house")
    copy = back_up(settings, tmp_path / "copy.sqlite3").path
    with pytest.raises(CopyFailed, match="choose another"):
        back_up(settings, copy)
    others, _ = await house_with_orders(tmp_path / "other", 1)
    foreign = back_up(others, tmp_path / "foreign.sqlite3").path
    torn = tmp_path / "torn.sqlite3"
    torn.write_bytes(copy.read_bytes()[:200_000])
    later = tmp_path / "later.sqlite3"
    shutil.copy(copy, later)
    with closing(sqlite3.connect(later)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    await somebody_acts(settings)
    before, files = checksums(settings.database_path), listing(tmp_path / "house")
    for file, reason in (
        (foreign, "other keys"), (torn, "no whole backup"), (later, "newer version"),
        (tmp_path / "none", "no backup at"), (copy, "has seen more"),
    ):  # fmt: skip
        with pytest.raises(RestoreRefused, match=reason):
            put_back(settings, file, force=False)
    with (
        Ownership(settings.database_path.with_suffix(".lock")),
        pytest.raises(AlreadyOwned),
    ):
        put_back(settings, copy, force=True)
    assert checksums(settings.database_path) == before
    assert listing(tmp_path / "house") == files


async def test_what_stood_there_is_put_aside_and_comes_back_as_it_was(tmp_path: Path) -> None:
    settings, _ = await house_with_orders(tmp_path)
    copy = back_up(settings)
    await somebody_acts(settings)
    stood = checksums(settings.database_path)
    said = put_back(settings, copy.path, force=True)
    [aside] = copies_in(copies_of(settings.database_path), settings.database_path)
    assert str(aside.path) in said
    assert "daifa erase" in said
    assert checksums(aside.path) == stood
    assert checksums(settings.database_path, NOTED) == checksums(copy.path, NOTED)
    put_back(settings, aside.path, force=True)
    assert checksums(settings.database_path, NOTED) == {
        name: rows for name, rows in stood.items() if name not in NOTED
    }


async def test_after_restoring_alerts_that_were_due_are_doubtful_and_cursors_run_ahead(
    tmp_path: Path,
) -> None:
    settings, _ = await house_with_orders(tmp_path)
    copy = back_up(settings)
    put_back(settings, copy.path, force=False)
    with closing(sqlite3.connect(settings.database_path)) as raw:
        owed = raw.execute("SELECT count(*), sum(doubtful) FROM alert WHERE state = 'owed'")
        n, doubtful = owed.fetchone()
        looks = dict(raw.execute("SELECT name, at FROM clock_look WHERE name LIKE 'restored%'"))
    assert n == doubtful > 0
    assert looks["restored_from"] < looks["restored_at"]


async def test_a_recipient_shown_after_the_backup_still_vanishes(tmp_path: Path) -> None:
    settings, _ = await house_with_orders(tmp_path)
    copy = back_up(settings)
    await somebody_acts(settings)
    with closing(sqlite3.connect(settings.database_path)) as raw, raw:
        raw.execute("INSERT INTO vanishing VALUES (1, 2, 3, 4, 'shown')")
    put_back(settings, copy.path, force=True)
    with closing(sqlite3.connect(settings.database_path)) as raw:
        assert raw.execute("SELECT message_id FROM vanishing").fetchall() == [(3,)]


async def test_the_clock_backs_up_when_it_is_due_and_nothing_outlives_its_days(
    tmp_path: Path, proves: Proving
) -> None:
    settings, _ = await house_with_orders(tmp_path)
    path, folder = settings.database_path, settings.backup_path
    aside = copies_of(path)
    aside.mkdir()
    began = datetime(2026, 3, 1, tzinfo=UTC)
    for what in ("step0001", "replaced"):
        for end in ("", "-wal"):
            (aside / f"{named(path, what, began)}{end}").write_bytes(b"old")
    backing = Backing(settings)
    for hour in range(24 * 40):
        await backing.look(began + timedelta(hours=hour, minutes=3))
        now = began + timedelta(hours=hour, minutes=3)
        ages = [now - one.made_at for place in (folder, aside) for one in copies_in(place, path)]
        assert all(timedelta() <= age <= timedelta(days=settings.backup_keep_days) for age in ages)
    assert list(aside.iterdir()) == []
    newest = copies_in(folder, path)
    assert len(newest) == settings.backup_keep_days
    steps = {late.made_at - early.made_at for early, late in itertools.pairwise(newest)}
    assert steps == {timedelta(hours=24)}
    proves.saw("oldest copy after 40 days of a backup a day", "14 days", "≤ 14 days")


async def test_a_backup_that_fails_is_logged_counted_and_told_by_the_doctor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, _ = await house_with_orders(tmp_path)
    settings = settings.model_copy(update={"backup_path": tmp_path / "file"})
    (tmp_path / "file").write_text("no folder")
    backing = Backing(settings)
    with capture_logs() as logs:
        await backing.look(datetime.now(UTC))
        await backing.look(datetime.now(UTC))  # not again at once
    assert [one["event"] for one in logs] == ["no backup was made"]
    figures = {(one.name, *one.labels.values()): one.value
               for family in backing.collect() for one in family.samples}  # fmt: skip
    assert figures["daifa_backups_total", "failed"] == 1
    assert figures["daifa_backup_age_seconds",] == -1
    with closing(sqlite3.connect(settings.database_path)) as raw, raw:
        raw.execute("UPDATE key_mark SET since = 0")
    token = SecretStr(DEFAULT_BOT.token)
    known = settings.model_copy(update={"bot_token": token, "telegram_api": "http://127.0.0.1:9"})
    assert not await examine(known)
    assert "run daifa backup" in " ".join(capsys.readouterr().out.split())


async def test_a_damaged_database_is_not_backed_up_as_if_it_were_whole(tmp_path: Path) -> None:
    settings, _ = await house_with_orders(tmp_path, 30)
    content = bytearray(settings.database_path.read_bytes())
    for page in range(len(content) // 4096 - 40, len(content) // 4096):
        content[page * 4096 : (page + 1) * 4096] = bytes(4096)
    settings.database_path.write_bytes(content)
    with pytest.raises((DatabaseDamaged, CopyFailed)):
        back_up(settings)
    assert listing(settings.backup_path) == set()


# -- killed --------------------------------------------------------------------------------------

HELPER = """
import sys
from pathlib import Path
from app.backing import back_up
from app.restored import put_back
from app.settings import Settings
settings = Settings(_env_file=None, var=Path(sys.argv[1]))
sys.stdin.readline()
while True:
    copy = back_up(settings)
    print("made", flush=True)
    if sys.argv[2] == "restore":
        put_back(settings, copy.path, force=True)
        print("restored", flush=True)
    copy.path.unlink()
"""


async def test_killed_while_copying_and_restoring_no_half_file_has_a_name(
    tmp_path: Path, proves: Proving
) -> None:
    settings, _ = await house_with_orders(tmp_path, 40)
    path, kept = settings.database_path, back_up(settings, tmp_path / "kept.sqlite3")
    rng, kills = random.Random(7), proves.size(6, 300)
    rows = checksums(path, NOTED)
    seconds, cut_short, whole = measure(settings), 0, 0
    for kill in range(kills):
        what = ("backup", "restore")[kill % 2]
        with at_it(tmp_path, what) as helper:
            assert helper.stdin is not None
            assert helper.stdout is not None
            print("go", file=helper.stdin, flush=True)
            helper.stdout.readline()
            await asyncio.sleep(rng.uniform(0, seconds * 2))
            helper.kill()
        for copy in copies_in(settings.backup_path, path):
            assert checksums(copy.path, NOTED) == rows
            copy.path.unlink()
            whole += 1
        try:
            async with open_database(settings) as database:
                assert await database.read(faults) == []
        except (RestoringCutShort, DatabaseLost):
            cut_short += 1
            put_back(settings, kept.path, force=True)
        assert checksums(path, NOTED) == rows
        drop_old(settings, datetime.now(UTC) + timedelta(days=400))
    proves.saw("killed while copying or restoring", f"{kills} times")
    proves.saw("copies under a final name that were not whole", "0", "0")
    proves.saw("restorings cut short, refused at start and run again", cut_short)
    async with open_database(settings):
        pass


def at_it(folder: Path, what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HELPER, str(folder), what], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def measure(settings: Settings) -> float:
    began = time.perf_counter()
    back_up(settings).path.unlink()
    return time.perf_counter() - began
