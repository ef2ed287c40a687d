"""The benchmarks run: every promised row is there, measured beside its floor.

Starting the whole bot several times is left to `python -m bench --quick`; here one small process.
"""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bench import (
    alerts,
    at_once,
    batches,
    growth,
    imports,
    lists,
    millions,
    page,
    pastes,
    peers,
    plans,
    printing,
    prints,
    processes,
    programs,
    pushed,
    races,
    servers,
    shares,
    taps,
    waiting,
)
from bench.__main__ import QUICK
from bench.figures import Row, middle
from bench.house import prepare
from bench.shares import Share

PROMISED = (
    "确认分配 tap: p50", "确认分配 tap: processor", "number by reply: p50",
    "full routing tree, nothing to do: p50", "merchant: unassigned, first page",
    "merchant: stopped, a page within", "merchant: order card",
    "merchant: find by tag", "merchant: filter common", "merchant: filter matching nothing",
    "merchant: order history", "merchant: binding card",
    "factory: changed, a page within", "factory: order card", "factory: bound merchants",
)  # fmt: skip


async def test_taps_and_lists_are_measured_each_beside_its_floor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = await taps.measure(tmp_path, QUICK.taps)
    looked, plans = await lists.measure(tmp_path, QUICK.lists)
    assert plans == []
    assert {*PROMISED} <= {row.what for row in (*rows, *looked)}
    assert all(row.ours > 0 and row.floor and row.floor > 0 for row in (*rows, *looked))
    await asyncio.to_thread(printing.show, [*rows, *looked], plans, tmp_path)
    printed = capsys.readouterr().out
    assert "Worst list or card" in printed
    assert "SQLite" in printed


async def test_the_peers_are_measured_on_the_same_floors(tmp_path: Path) -> None:
    rows = await peers.measure(tmp_path, races.Sizes(rounds=1, updates=3))
    assert {"bare python-telegram-bot echo, over bare aiogram's: p50",
            "确认分配 tap on stock async SQLModel: p50"} <= {row.what for row in rows}  # fmt: skip
    assert all(row.ours > 0 and row.floor for row in rows)


async def test_a_visit_on_a_server_is_measured_beside_its_statements_by_bare_asyncpg(
    tmp_path: Path,
) -> None:
    rows = await at_once.measure(tmp_path, QUICK.server)
    assert {(row.what, row.goal) for row in rows if row.goal} == {
        ("PostgreSQL: the assign transaction, 1 at once: p50", 2.5),
        ("PostgreSQL: the assign transaction, 16 at once", 3.0),
    }
    assert all(row.ours > 0 and row.floor for row in rows)


async def test_presses_through_the_webhook_are_measured_beside_those_fed_in_process(
    tmp_path: Path,
) -> None:
    rows = await pushed.measure(tmp_path, QUICK.pushed)
    assert [row.goal for row in rows] == [1.35, None, 2.0]
    assert all(row.ours > 0 and row.floor for row in rows)


async def test_alerts_are_counted_as_the_playground_saw_them(tmp_path: Path) -> None:
    rows = await alerts.measure(tmp_path, QUICK.alerts)
    assert rows[0].what == "13 alerts to 10 chats"
    refused, disorder = rows[1:3]
    assert (refused.ours, disorder.ours) == (0, 0)


async def test_a_profile_says_whose_code_the_time_of_a_tap_goes_to(tmp_path: Path) -> None:
    spent = await shares.measure(tmp_path, QUICK.profiled)
    for found in spent.values():
        assert {"SQLAlchemy", "SQLite", "aiogram", "ours: core"} <= {one.whose for one in found}
        assert sum(one.part for one in found) == pytest.approx(1)
    assert "| SQLite |" in page.shares_table(spent)


def test_a_whole_run_takes_the_place_of_the_last_on_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = tmp_path / "performance.md"
    paper.write_text(f"# Speed\n\n{page.BEGIN}\nold\n{page.END}\n\n## More\n", "utf-8")
    monkeypatch.setattr(page, "PAGE", paper)
    met, missed = Row("taps", "a tap", 2.0, 1.0, 3.0), Row("taps", "a reply", 4.0, 1.0, 3.5)
    page.write([met, missed], [], {"a tap": [Share("SQLite", 1.0)]}, tmp_path)
    written = paper.read_text("utf-8")
    assert "old" not in written
    assert "- a reply: 4.00, the goal is at most 3.5" in written
    assert written.startswith("# Speed\n")
    assert written.endswith("## More\n")


async def test_a_paste_is_measured_beside_its_statements(tmp_path: Path) -> None:
    rows = await pastes.measure(tmp_path, QUICK.pastes)
    assert rows[0].what == "paste of 20 lines"
    assert rows[0].goal == 3.0
    assert all(row.ours > 0 and row.floor and row.floor > 0 for row in rows)


async def test_a_file_is_measured_from_its_bytes_to_stored_beside_its_parse(tmp_path: Path) -> None:
    rows = await imports.measure(tmp_path, QUICK.imports)
    assert rows[0].what == "300-row .xlsx to stored"
    assert rows[0].goal == 5.0
    assert all(row.ours > 0 and row.floor and row.floor > 0 for row in rows)


async def test_a_batch_is_measured_beside_the_same_rows_by_bare_sql(tmp_path: Path) -> None:
    [row] = await batches.measure(tmp_path, QUICK.batches)
    assert (row.what, row.goal) == ("assign 60 at once", 2.0)
    assert row.ours > 0
    assert row.floor


async def test_programs_are_measured_beside_a_bare_application(tmp_path: Path) -> None:
    rows = await programs.measure(tmp_path, QUICK.programs)
    rows += await waiting.measure(tmp_path, QUICK.waiting)
    assert [(row.what, row.goal) for row in rows if row.goal] == [
        ("typed list of 50 assignments: p50", 6.0), ("event to a waiting program: p50", 15.0),
        ("memory of a waiting program", 3.0),
    ]  # fmt: skip
    assert all(row.ours > 0 and row.floor is not None for row in rows)


def test_paper_and_photos_are_measured(tmp_path: Path) -> None:
    rows = prints.measure(tmp_path, QUICK.paper)
    assert {"5 slips: a page", "sharp, 0–90°", "noisy"} <= {row.what for row in rows}
    assert all(row.ours > 0 for row in rows)
    [sharp] = [row for row in rows if row.what.startswith("sharp")]
    assert sharp.measured.startswith("3/3 read, 0 wrong")


def test_a_process_is_measured_from_its_start_until_it_says_that_it_is_ready() -> None:
    command = [sys.executable, "-c", processes.FLOOR, "structlog of_nobody"]
    took, held = processes.held(command, dict(os.environ), "imported", idle=0)
    assert 0 < took < processes.PATIENCE
    assert held > processes.MEGA


async def test_people_looking_around_make_no_process_grow_much(tmp_path: Path) -> None:
    assert await growth.grown(tmp_path, updates=100, warm=100) < 10


async def test_made_up_orders_point_at_each_other_and_are_counted_right(tmp_path: Path) -> None:
    filled = await millions.fill(tmp_path, tmp_path / "keys.json", 2_000)
    assert await asyncio.to_thread(millions.broken, filled.path) == []


async def test_a_statement_that_reads_a_large_table_from_end_to_end_is_found(
    tmp_path: Path,
) -> None:
    made = await prepare(tmp_path, 2)
    by_pieces = "SELECT id FROM orders WHERE pieces = ?"
    by_number = "SELECT id FROM orders WHERE merchant_id = ? AND order_no = ?"
    assert lists.scans_in(made.path, by_pieces, (1,))
    assert not lists.scans_in(made.path, by_number, (1, "1"))


async def test_what_a_shop_asks_a_server_is_found_by_its_id_or_by_keys_it_has(
    tmp_path: Path,
) -> None:
    with servers.booted(tmp_path) as server:
        # So few rows are read from end to end for cheapness: only where no index fits, here.
        seen = await plans.survey(tmp_path, server, 1_000, 10, "SET enable_seqscan = off")
    assert len(seen.whole) > 80
    assert [one for one in seen.whole if one.worst == "all"] == []
    merchants = [
        parted
        for whole, parted in zip(seen.whole, seen.parted, strict=True)
        if whole.by == {"orders": "shop"}
    ]
    assert len(merchants) > 10
    assert {one.parts for one in merchants} == {1}, "split by merchant, one part has it all"


def test_one_disturbed_round_does_not_move_the_figure() -> None:
    assert middle([[1, 2, 3], [1, 2, 3], [90, 90, 90]]) == 2


@pytest.mark.parametrize(("ours", "met"), [(19.0, True), (21.0, False)])
def test_a_goal_bounds_the_ratio(ours: float, met: bool) -> None:
    assert Row("lists", "a card", ours, 10.0, goal=2.0).met is met
