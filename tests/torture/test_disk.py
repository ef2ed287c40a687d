"""Full, read-only, torn and emptied: no start over a lost house, nothing half done, goes on after.

Every file of the installation is compared before and after a refused start. The full disk is a
small one of its own where mounting is allowed, and SQLite's own page limit everywhere.
"""

import asyncio
import hashlib
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from app.backing import back_up
from app.building import open_database
from app.failures import STARTING, explained
from app.settings import Settings
from storage.copies import beside, copies_in, copies_of
from storage.errors import DatabaseUnwritable
from storage.inspecting import faults_of, step_in
from storage.keyring import Keyring
from storage.migrate import Migrations
from storage.sealing import Sealer
from tests.conftest import Company, company_in
from tests.core.firm import founded, incoming
from tests.core.truth import faults
from tests.proof import Proving
from tests.torture.checksums import checksums
from tests.torture.commands import ROOT
from tests.torture.older import bring_down

DISK = 24  # MB
LOCKS = (".lock", ".migrating", "-shm")


def settings_of(folder: Path) -> Settings:
    return Settings(_env_file=None, var=folder)


def files(folder: Path) -> dict[str, str]:
    """Return every file with a hash of its bytes; a lock means nothing once its holder has ended,
    and an index of the log is made by whoever only looks.
    """
    found = [one for one in sorted(folder.rglob("*")) if one.is_file()]
    return {
        str(one.relative_to(folder)): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in found
        if not one.name.endswith(LOCKS) and (one.stat().st_size or not one.name.endswith("-wal"))
    }


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house as a kill leaves it: its log is not in the database yet."""
    return asyncio.run(_killed(tmp_path_factory.mktemp("killed")))


async def _killed(folder: Path) -> Path:
    live, left = folder / "live", folder / "left"
    live.mkdir()
    async with founded(live) as firm:
        await firm.binds()
        await firm.imports([incoming(one) for one in range(1, 41)])
        fingerprint = Keyring.load(live / "keys.json").fingerprint()
        await firm.database.write(lambda store: store.key_mark(fingerprint))
        await firm.assigns(*range(1, 21))
        shutil.copytree(live, left)
    return left


@pytest.fixture
def house(tmp_path: Path, killed: Path) -> Path:
    """A copy of it to be broken."""
    shutil.copytree(killed, tmp_path / "var")
    return tmp_path / "var"


# -- what stands there is broken ------------------------------------------------------------------


def settled(house: Path) -> Path:
    """Bring the log into the file, as an orderly end does."""
    path = house / "daifa.sqlite3"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def emptied(house: Path) -> None:
    settled(house).write_bytes(b"")


def emptied_beside_its_log(house: Path) -> None:
    (house / "daifa.sqlite3").write_bytes(b"")


def removed_beside_its_log(house: Path) -> None:
    (house / "daifa.sqlite3").unlink()


def removed_but_backed_up(house: Path) -> None:
    path = settled(house)
    (house / "backups").mkdir()
    path.rename(house / "backups" / "daifa-20260301T000000000000Z-step0001.sqlite3")


def cut(house: Path) -> None:
    path = settled(house)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def beginning_zeroed(house: Path) -> None:
    path = settled(house)
    path.write_bytes(bytes(4096) + path.read_bytes()[4096:])


def pages_zeroed(house: Path) -> None:
    path = settled(house)
    content = bytearray(path.read_bytes())
    for page in range(5, len(content) // 4096, 7):
        content[page * 4096 : page * 4096 + 4096] = bytes(4096)
    path.write_bytes(content)


def scrambled(house: Path) -> None:
    path = settled(house)
    path.write_bytes(path.read_bytes()[:100] + random.Random(3).randbytes(200_000))


def somebody_elses(house: Path) -> None:
    path = settled(house)
    path.unlink()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE song (id INTEGER)")


def words(house: Path) -> None:
    settled(house).write_text("only words " * 4000)


def a_folder(house: Path) -> None:
    path = settled(house)
    path.unlink()
    path.mkdir()


def newer(house: Path) -> None:
    with closing(sqlite3.connect(settled(house))) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9000'")


def keys_gone(house: Path) -> None:
    (house / "keys.json").unlink()


def keys_torn(house: Path) -> None:
    keys = house / "keys.json"
    keys.write_bytes(keys.read_bytes()[:40])


def keys_of_others(house: Path) -> None:
    (house / "keys.json").unlink()
    Keyring.load_or_create(house / "keys.json")


def keys_open_to_all(house: Path) -> None:
    (house / "keys.json").chmod(0o644)


def backup_copied_over_it(house: Path) -> None:
    elsewhere = house.parent / "elsewhere"
    shutil.copytree(house, elsewhere)
    copy = back_up(settings_of(elsewhere)).path
    (house / "daifa.sqlite3").write_bytes(copy.read_bytes())


def restoring_cut_short(house: Path) -> None:
    (house / "daifa.sqlite3.restoring").write_bytes(b"anything")


BROKEN: dict[Callable[[Path], None], str] = {
    emptied: "has been emptied", emptied_beside_its_log: "has been emptied",
    removed_beside_its_log: "is missing", removed_but_backed_up: "is gone", cut: "is damaged",
    beginning_zeroed: "is damaged", pages_zeroed: "is damaged", scrambled: "is damaged",
    somebody_elses: "not one of daifa's", words: "not one of daifa's", a_folder: "cannot be used",
    newer: "newer version", keys_gone: "is missing", keys_torn: "cannot be used",
    keys_of_others: "does not belong", keys_open_to_all: "chmod 600",
    backup_copied_over_it: "daifa restore", restoring_cut_short: "again",
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
async def test_a_start_refuses_what_is_broken_in_a_sentence_and_touches_nothing(
    broken: Callable[[Path], None], house: Path, proves: Proving
) -> None:
    broken(house)
    before = files(house)
    with pytest.raises(STARTING) as refused:
        async with open_database(settings_of(house)):
            pytest.fail("it started")
    said = explained(refused.value)
    assert BROKEN[broken] in said
    assert "\n" not in said
    assert files(house) == before
    proves.saw(f"start refused: {broken.__name__.replace('_', ' ')}", BROKEN[broken])


async def test_a_log_left_by_a_kill_is_taken_up(house: Path, killed: Path) -> None:
    async with open_database(settings_of(house)) as database:
        assert await database.read(faults) == []
        given = await database.read(
            lambda store: store.session.execute(text("SELECT count(*) FROM assignment")).scalar()
        )
    assert given == 20


@pytest.mark.parametrize("broken", ["nonsense", "cut in the middle"])
async def test_a_torn_log_is_taken_up_as_far_as_it_is_whole(broken: str, house: Path) -> None:
    log = beside(house / "daifa.sqlite3")[0]
    content = log.read_bytes()
    log.write_bytes(
        random.Random(1).randbytes(len(content)) if broken == "nonsense"
        else content[: len(content) // 2 + 100]
    )  # fmt: skip
    async with open_database(settings_of(house)) as database:
        assert await database.read(faults) == []
    assert faults_of(house / "daifa.sqlite3") == []


# -- a disk that takes nothing --------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, and small."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Leave not one block free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            with suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    return ballast


def remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


async def starts(var: Path) -> None:
    """Open it and keep something larger than what is free in its files."""
    async with open_database(settings_of(var)) as database:
        await database.write(lambda store: store.session.execute(BALLAST))


BALLAST = text("CREATE TABLE ballast AS SELECT randomblob(4000000) AS content")


async def test_a_full_or_read_only_disk_refuses_the_start_in_a_sentence(
    disk: Path, killed: Path, proves: Proving
) -> None:
    var = disk / "var"
    ballast = fill(disk)
    with pytest.raises(STARTING) as refused:
        await starts(disk / "first")
    assert "room" in explained(refused.value)
    ballast.unlink()
    shutil.copytree(killed, var)
    ballast = fill(disk)
    with pytest.raises(STARTING) as refused:
        await starts(var)
    assert "\n" not in explained(refused.value)
    ballast.unlink()
    remount(disk, "ro")
    with pytest.raises(STARTING) as refused:
        await starts(var)
    assert "write" in explained(refused.value)
    remount(disk, "rw")
    async with open_database(settings_of(var)) as database:
        assert await database.read(faults) == []
    proves.saw("disk full or read-only at start", "refused in a sentence, whole afterwards")


async def test_while_the_disk_is_full_people_are_told_and_served_once_there_is_room(
    disk: Path, begun: tuple[Path, list[str]], tmp_path: Path, proves: Proving
) -> None:
    shutil.copytree(begun[0] / "var", disk / "var")
    own = {"database_path": disk / "var" / "daifa.sqlite3", "keys_path": disk / "var" / "keys.json"}
    async with company_in(tmp_path / "company", begun, **own) as company:
        await told_and_served(company, disk)
    assert faults_of(own["database_path"]) == []
    proves.saw("disk full while serving", "told once, done in order once there was room")


async def told_and_served(company: Company, disk: Path) -> None:
    merchant, database = company.merchant, company.stage.running.database
    await database.settle()  # the log has no room of its own left
    ballast = await asyncio.to_thread(fill, disk)
    with pytest.raises(DatabaseUnwritable):
        await database.write(lambda store: store.session.execute(BALLAST))
    await merchant.sends(f"/bind {company.other_number}", wait=0)
    notice = await merchant.sees("暂时存不了数据")
    assert "请不要重复发送" in notice.text
    await merchant.sends("/bind 不是编号", wait=0)
    ballast.unlink()
    await merchant.sees("等待", after=notice, timeout=30)
    await company.other_factory.sees("有商家申请绑定", anywhere=True)
    said = [one.text for one in await merchant.chat()]
    assert sum("暂时存不了数据" in one for one in said) == 1
    assert await database.read(faults) == []
    assert await rows(company, "SELECT count(*) FROM binding") == 2
    assert await rows(company, "SELECT count(*) FROM poisoned_update") == 0


async def rows(company: Company, sql: str) -> int:
    database = company.stage.running.database
    return int(await database.read(lambda store: store.session.execute(text(sql)).scalar_one()))


# -- killed while a step is done -------------------------------------------------------------------

HELPER = """
import sys
from pathlib import Path
from storage.keyring import Keyring
from storage.migrate import upgrade
from storage.sealing import Sealer
import storage.steps
path = Path(sys.argv[1])
sealer = Sealer(Keyring.load(path.parent / "keys.json"))
print("ready", flush=True)
upgrade(path, sealer)
"""


async def test_killed_in_the_middle_of_any_step_the_next_start_goes_on(
    tmp_path: Path, proves: Proving
) -> None:
    """Every step of the house, from a file with rows in it that an older version left."""
    rng, kills = random.Random(11), proves.size(1, 25)
    older = await older_houses(tmp_path / "older", proves.size(30, 400))
    older = older if proves.full else {number: older[number] for number in (1, max(older))}
    unfinished = 0
    for number, path in older.items():
        for _ in range(kills):
            unfinished += await killed_while_upgrading(path, tmp_path / f"{number}", rng)
            shutil.rmtree(tmp_path / f"{number}")
    proves.saw("killed while a step, its copy or its compacting ran", f"{kills * len(older)} times")
    proves.saw("of these before the last step was committed", unfinished)
    proves.saw("databases harmed", 0, "0")


async def older_houses(folder: Path, orders: int) -> dict[int, Path]:
    """Return a house with orders for each step, brought down to it."""
    head = int(Migrations().head() or 0)
    await asyncio.to_thread(folder.mkdir)
    async with founded(folder) as firm:
        await firm.binds()
        await firm.imports([incoming(one) for one in range(1, orders)])
    path, sealer = folder / "daifa.sqlite3", Sealer(Keyring.load(folder / "keys.json"))
    found = {}
    for number in range(head - 1, 0, -1):
        bring_down(path, f"{number:04}", sealer)
        found[number] = folder / str(number) / "daifa.sqlite3"
        found[number].parent.mkdir()
        shutil.copy(path, found[number])
        shutil.copy(folder / "keys.json", found[number].parent)
    return found


async def killed_while_upgrading(older: Path, folder: Path, rng: random.Random) -> bool:
    shutil.copytree(older.parent, folder)
    path = folder / older.name
    with upgrading(path) as helper:
        assert helper.stdout is not None
        helper.stdout.readline()
        await asyncio.sleep(rng.uniform(0, 1.2))
        helper.kill()
    for copy in copies_in(copies_of(path), path):
        assert checksums(copy.path) == checksums(older)
    halfway = step_in(path) != Migrations().head()
    if halfway:
        assert checksums(path) == checksums(older)
    async with open_database(settings_of(folder)) as database:
        assert await database.read(faults) == []
    assert faults_of(path) == []
    assert not any(name.endswith(".partial") for name in files(folder))
    return halfway


def upgrading(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HELPER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
