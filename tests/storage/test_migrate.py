"""Every start brings the database to the tables of the code: once, whole or not at all."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from core.columns import NAMING, UtcDateTime
from storage.copies import copies_of
from storage.inspecting import DatabaseForeign
from storage.migrate import (
    DatabaseNewer,
    MigrationFailed,
    Migrations,
    main,
)
from storage.ownership import Ownership
from storage.steps import UnnamedConstraints

STEP = '''
"""{about}."""
from alembic import op
revision = "{number:04}"
down_revision = {before}

def upgrade():
    {code}

def downgrade():
    pass
'''


def warehouse() -> MetaData:
    """The tables of the tests."""
    tables = MetaData(naming_convention=NAMING)
    Table(
        "shelf",
        tables,
        Column("id", Integer, primary_key=True),
        Column("name", String(20), nullable=False),
        Column("amount", Integer, nullable=False, server_default=text("0")),
        Column("counted_at", UtcDateTime, index=True),
        CheckConstraint("amount >= 0", name="ck_shelf_amount"),
        UniqueConstraint("name"),
        Index("ix_shelf_empty", "name", sqlite_where=text("amount = 0")),
    )
    Table("parcel", tables, Column("id", Integer, primary_key=True), _on_a_shelf())
    return tables


def _on_a_shelf() -> Column[int]:
    return Column("shelf_id", ForeignKey("shelf.id"), nullable=False)


@pytest.fixture
def steps(tmp_path: Path) -> Migrations:
    """Steps that make the tables above, the first one written by `new`."""
    (tmp_path / "versions").mkdir()
    steps = Migrations(tmp_path / "versions", warehouse)
    assert steps.new("Shelves and parcels") == steps.versions / "0001_shelves_and_parcels.py"
    return steps


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "daifa.sqlite3"


def add_step(steps: Migrations, number: int, code: str) -> None:
    before = f'"{number - 1:04}"' if number > 1 else None
    content = STEP.format(about=code, number=number, before=before, code=code)
    (steps.versions / f"{number:04}_step.py").write_text(content.lstrip())


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        return raw.execute(sql).fetchall()


def test_a_missing_database_is_made_as_the_models_say(steps: Migrations, path: Path) -> None:
    assert steps.upgrade(path) is True
    assert steps.differences(path) == []
    assert query(path, "SELECT * FROM alembic_version") == [("0001",)]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert not copies_of(path).exists()


def test_a_database_up_to_date_is_left_alone_without_loading_alembic(
    steps: Migrations, path: Path
) -> None:
    steps.upgrade(path)
    code = (
        "import sys; from pathlib import Path; from storage.migrate import Migrations;"
        "print(Migrations(Path(sys.argv[1])).upgrade(Path(sys.argv[2])),"
        " *{'alembic', 'sqlalchemy'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, str(steps.versions), str(path)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    assert ran.stdout == "False\n"


def test_of_many_starting_at_once_one_migrates(steps: Migrations, path: Path) -> None:
    with ThreadPoolExecutor(8) as starters:
        assert sorted(starters.map(steps.upgrade, [path] * 8)) == [False] * 7 + [True]
    assert steps.differences(path) == []


def test_before_a_change_the_database_is_copied_and_three_copies_are_kept(
    steps: Migrations, path: Path
) -> None:
    steps.upgrade(path)
    query(path, "INSERT INTO shelf (name) VALUES ('boxes')")
    cut_short = copies_of(path) / f"{path.stem}-1.partial"
    cut_short.parent.mkdir()
    cut_short.touch()
    for number in range(2, 6):
        add_step(steps, number, f"op.execute('UPDATE shelf SET amount = {number}')")
        assert steps.upgrade(path) is True
    copies = sorted(copies_of(path).iterdir())
    assert [copy.name.split("-")[-1] for copy in copies] == [
        f"step000{number}.sqlite3" for number in (2, 3, 4)
    ]
    assert [query(copy, "SELECT name, amount FROM shelf") for copy in copies] == [
        [("boxes", amount)] for amount in (2, 3, 4)
    ]
    assert {copy.stat().st_mode & 0o777 for copy in copies} == {0o600}
    assert query(path, "SELECT amount FROM shelf") == [(5,)]


def test_a_step_that_fails_takes_the_steps_before_it_back(steps: Migrations, path: Path) -> None:
    steps.upgrade(path)
    add_step(steps, 2, "op.execute('CREATE TABLE half (id INTEGER)')")
    add_step(steps, 3, "op.execute('INSERT INTO nowhere VALUES (1)')")
    with pytest.raises(MigrationFailed, match=r"is unchanged.*nowhere"):
        steps.upgrade(path)
    assert query(path, "SELECT version_num FROM alembic_version") == [("0001",)]
    assert steps.differences(path) == []
    with Ownership(path.with_name(f"{path.name}.migrating")):
        assert len(list(copies_of(path).iterdir())) == 1


def test_a_table_may_be_made_anew_under_those_that_point_at_it(
    steps: Migrations, path: Path
) -> None:
    steps.upgrade(path)
    query(path, "INSERT INTO shelf (id, name) VALUES (7, 'boxes')")
    query(path, "INSERT INTO parcel (shelf_id) VALUES (7)")
    remake = "with op.batch_alter_table('shelf', recreate='always'): pass"
    add_step(steps, 2, remake)
    steps.upgrade(path)
    assert query(path, "SELECT shelf_id FROM parcel JOIN shelf ON shelf.id = shelf_id") == [(7,)]
    assert steps.differences(path) == []


def test_a_step_may_not_leave_rows_pointing_nowhere(steps: Migrations, path: Path) -> None:
    steps.upgrade(path)
    query(path, "INSERT INTO shelf (id, name) VALUES (7, 'boxes')")
    query(path, "INSERT INTO parcel (shelf_id) VALUES (7)")
    add_step(steps, 2, "op.execute('DELETE FROM shelf')")
    with pytest.raises(MigrationFailed, match="1 rows, the first in parcel"):
        steps.upgrade(path)
    assert query(path, "SELECT id FROM shelf") == [(7,)]


def test_a_database_of_a_newer_version_is_refused(steps: Migrations, path: Path) -> None:
    steps.upgrade(path)
    query(path, "UPDATE alembic_version SET version_num = '0012'")
    with pytest.raises(DatabaseNewer, match=r"step 0012.*up to 0001.*newer version"):
        steps.upgrade(path)


def test_somebody_elses_database_is_refused(steps: Migrations, tmp_path: Path) -> None:
    other, words = tmp_path / "other.sqlite3", tmp_path / "words.txt"
    query(other, "CREATE TABLE song (id)")
    words.write_text("only words " * 400)
    for path in (other, words):
        with pytest.raises(DatabaseForeign, match="DAIFA_DATABASE_PATH"):
            steps.upgrade(path)


Change = Callable[[Table], object]


def _drop(table: Table, name: str) -> None:
    table.constraints -= {each for each in table.constraints if each.name == name}


def _change_condition(table: Table) -> None:
    table.indexes -= {index for index in table.indexes if index.name == "ix_shelf_empty"}
    Index("ix_shelf_empty", table.c.name, sqlite_where=text("amount = 1"))


def _widen_key(shelf: Table) -> None:
    tables = shelf.metadata
    tables.remove(tables.tables["parcel"])
    wider: Column[int] = Column("shelf_id", ForeignKey("shelf.id"), primary_key=True)
    Table("parcel", tables, Column("id", Integer, primary_key=True), wider)


@pytest.mark.parametrize(
    ("told", "change"),
    [
        ("add_column", lambda shelf: shelf.append_column(Column("room", String))),
        ("modify_type", lambda shelf: setattr(shelf.c.amount, "type", String(9))),
        ("modify_nullable", lambda shelf: setattr(shelf.c.name, "nullable", True)),
        ("modify_default", lambda shelf: setattr(shelf.c.amount, "server_default", None)),
        ("add_index", lambda shelf: Index("ix_shelf_amount", shelf.c.amount)),
        ("remove_constraint", lambda shelf: _drop(shelf, "uq_shelf_name")),
        ("add_constraint", lambda shelf: shelf.append_constraint(UniqueConstraint("amount"))),
        ("ck_shelf_amount", lambda shelf: _drop(shelf, "ck_shelf_amount")),
        ("WHERE amount = 0", _change_condition),
        ("primary key", _widen_key),
    ],
)
def test_whatever_the_models_change_is_told(
    steps: Migrations, path: Path, told: str, change: Change
) -> None:
    steps.upgrade(path)
    changed = warehouse()
    change(changed.tables["shelf"])
    found = Migrations(steps.versions, lambda: changed).differences(path)
    assert told in "\n".join(found)


def test_the_commands_say_what_they_found(
    steps: Migrations, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"], steps) == 0
    assert main(["new", "Nothing"], steps) == 0
    grown = warehouse()
    Table("room", grown, Column("id", Integer, primary_key=True))
    behind = Migrations(steps.versions, lambda: grown)
    assert main(["check"], behind) == 1
    assert "add_table room" in capsys.readouterr().out
    assert main(["new", "Rooms"], behind) == 0
    assert "0002_rooms.py" in capsys.readouterr().out
    assert main(["check"], behind) == 0


def test_constraints_without_names_are_not_written(steps: Migrations) -> None:
    careless = MetaData()
    Table("room", careless, Column("id", Integer, primary_key=True))
    with pytest.raises(UnnamedConstraints, match="room"):
        Migrations(steps.versions, lambda: careless).new("Rooms")
