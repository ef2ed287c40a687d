"""Bringing a day's orders in: from the file to stored, over calamine's parse of that file alone.

Ours is what a person waits for, both halves: the file read in its own process, kept and previewed,
then confirmed. Ours, then the floor, in turn. What came in is handed to a factory, waits for
goods, is taken back and undone, as the worker does it: how long others wait for the writer.
"""

import gc
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

import xlsxwriter
from python_calamine import load_workbook

from app.sample_export import COLUMNS
from bench.figures import Row
from bench.house import MERCHANT, Prepared, prepare
from bench.races import calm_the_collector
from bot.house import Database
from core.answers.fulfilling import Answering, Some
from core.answers.holding import day_in
from core.answers.holding_many import waiting
from core.imports.import_slices import Applied, ImportSlices, Slice
from core.imports.importing import ImportPreview
from core.imports.undoing import ImportUndoing, Undone
from core.ports import Store
from core.services import Services
from core.shipments.batches import SLICE, Batches
from core.values import Actor
from platforms.sheets.reading import parse_file

T = TypeVar("T")

# What a merchant who ticks only the columns that are read would export.
FEW = (
    "主订单编号", "子订单编号", "选购商品", "商品规格", "商品数量", "商家编码", "商品单价",
    "收件人", "收件人手机号", "省", "市", "区", "街道", "详细地址", "买家留言", "商家备注",
    "支付完成时间", "承诺发货时间", "订单状态", "售后状态",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows, how often."""

    rows: int = 10_000
    rounds: int = 5


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one round."""

    read: float
    kept: float
    confirmed: float
    floor: float
    longest: float
    holding: float
    recalling: float
    undoing: float

    @property
    def whole(self) -> float:
        """From the file to stored."""
        return self.read + self.kept + self.confirmed


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the rows of the imports."""
    calm_the_collector()
    made = await prepare(folder, 1)
    all_columns = await _rounds(made, write_export(folder / "all.xlsx", COLUMNS, sizes.rows), sizes)
    few_columns = await _rounds(made, write_export(folder / "few.xlsx", FEW, sizes.rows), sizes)
    what = f"{sizes.rows:,}-row .xlsx to stored"
    of = f"{len(COLUMNS)} columns, {sizes.rounds} rounds"
    return [
        _row(what, [one.whole for one in all_columns], all_columns, of, goal=5.0),
        _row("  read in its process", [one.read for one in all_columns], all_columns),
        _row("  kept and previewed", [one.kept for one in all_columns], all_columns),
        _row("  confirmed", [one.confirmed for one in all_columns], all_columns),
        _row("  longest others wait for the writer", [one.longest for one in all_columns],
             all_columns),
        _row("  … while a batch of them is put to waiting", [one.holding for one in all_columns],
             all_columns),
        _row("  … while a batch of them is taken back", [one.recalling for one in all_columns],
             all_columns),
        _row("  … while the import is undone", [one.undoing for one in all_columns], all_columns),
        _row(f"{what}, few columns", [one.whole for one in few_columns], few_columns,
             f"the {len(FEW)} columns that are read"),
    ]  # fmt: skip


def _row(
    what: str,
    ours: Sequence[float],
    rounds: Sequence[Spent],
    measured: str = "",
    goal: float | None = None,
) -> Row:
    floor = median(one.floor for one in rounds)
    return Row("imports", what, median(ours) * 1e3, floor * 1e3, goal, "ms", measured)


async def _rounds(made: Prepared, file: Path, sizes: Sizes) -> list[Spent]:
    return [await _round(made, file) for _ in range(sizes.rounds)]


async def _round(made: Prepared, file: Path) -> Spent:
    gc.collect()
    async with made.opened(made.copy("import.sqlite3")) as house:
        importing, who = house.services.importing, made.merchant
        began = time.perf_counter()
        sheet = await parse_file(file, file.name)
        read = time.perf_counter()
        writes = Writes(house.database)
        draft_id = await writes(
            lambda store: importing.keep(store, who, sheet, file.name, (MERCHANT, 1))
        )
        preview = await house.database.read(lambda store: importing.preview(store, who, draft_id))
        previewed = time.perf_counter()
        done = await confirm(writes, house.services.import_slices, who, preview)
        confirmed = time.perf_counter()
        assert done.new == len(sheet.orders)
        holding, recalling, undoing = (Writes(house.database) for _ in range(3))
        batch = await house.database.write(lambda store: _give(store, house.services, made))
        await _hold(holding, house.services, made, batch)
        await _take_back(recalling, house.services, who, batch)
        await _undo(undoing, house.services.undoing, who, draft_id)
    gc.collect()
    alone = time.perf_counter()
    rows = sum(1 for _ in load_workbook(str(file)).get_sheet_by_index(0).iter_rows())
    floor = time.perf_counter() - alone
    assert rows == len(sheet.orders) + 1
    return Spent(read - began, previewed - read, confirmed - previewed, floor, writes.longest,
                 holding.longest, recalling.longest, undoing.longest)  # fmt: skip


class Writes:
    """The writer, and the longest that one visit has held it, in seconds."""

    def __init__(self, database: Database) -> None:
        self.database, self.longest = database, 0.0

    async def __call__(self, work: Callable[[Store], T]) -> T:
        began = time.perf_counter()
        result = await self.database.write(work)
        self.longest = max(self.longest, time.perf_counter() - began)
        return result


async def confirm(
    writes: Writes, slices: ImportSlices, who: Actor, preview: ImportPreview
) -> ImportPreview:
    """As the worker does."""
    draft_id, seen, applied = preview.draft_id, preview.digest, Applied()
    await writes(lambda store: slices.begin(store, who, draft_id, taken=False))
    plan = await writes.database.read(
        lambda store: slices.plan(store, who, draft_id, seen, applied)
    )
    for some in plan.slices:
        applied = await writes(partial(_apply, slices, who, draft_id, some, applied))
    return await writes(lambda store: slices.end(store, who, draft_id, plan, applied))


def _give(store: Store, services: Services, made: Prepared) -> int:
    """Hand all to the factory in one visit; returns the batch."""
    who, assigning = made.merchant, services.assigning
    chosen = assigning.take_all(store, who)
    run = assigning.dry_run(store, who, chosen.draft_id, made.factory.shop_id)
    return assigning.confirm(store, who, run.draft_id).draft_id


async def _hold(writes: Writes, services: Services, made: Prepared, batch: int) -> None:
    """Let the whole batch wait for goods as the worker does."""
    who, use = made.factory, services.batches
    day = await writes.database.read(lambda store: day_in(store, 3))
    act, done = waiting(day, "缺货"), list[int]()
    meant = await writes(lambda store: use.begin(store, who, "batch", batch))
    for at in range(0, len(meant), SLICE):
        some = await writes(partial(_waits, use, who, meant[at : at + SLICE], act))
        done += [one.id for one in some.fit]
    assert len(done) == len(meant)
    await writes(lambda store: use.told(store, who, done, act))


def _waits(use: Batches, who: Actor, ids: Sequence[int], act: Answering, store: Store) -> Some:
    return use.some(store, who, ids, act)


async def _take_back(writes: Writes, services: Services, who: Actor, batch: int) -> None:
    """Take the whole batch back as the worker does."""
    recalling, taken = services.recalling, list[int]()
    while some := await writes(lambda store: recalling.some(store, who, batch)):
        taken += some
    await writes(lambda store: recalling.told(store, batch, taken))


async def _undo(writes: Writes, undoing: ImportUndoing, who: Actor, draft_id: int) -> None:
    """As the worker does."""
    done = await writes(lambda store: undoing.begin(store, who, draft_id))
    plan = await writes.database.read(partial(undoing.plan, draft_id=draft_id, done=done))
    for some in plan:
        done = await writes(partial(_out, undoing, who, draft_id, some, done))
    await writes(partial(undoing.end, draft_id=draft_id, done=done))


def _out(
    undoing: ImportUndoing, who: Actor, draft_id: int, some: Sequence[int], done: Undone,
    store: Store,
) -> Undone:  # fmt: skip
    return undoing.take_out(store, who, draft_id, some, done)


def _apply(
    slices: ImportSlices, who: Actor, draft_id: int, some: Slice, applied: Applied, store: Store
) -> Applied:
    return slices.apply(store, who, draft_id, some, applied)


def write_export(file: Path, columns: Sequence[str], rows: int) -> Path:
    """Write an export of so many orders of one product each; people and addresses are made up."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name)
        for number in range(rows):
            cells = _cells(number)
            for place, name in enumerate(columns):
                sheet.write_string(number + 1, place, cells.get(name, "-"))
    file.write_bytes(content.getvalue())
    return file


def _cells(number: int) -> dict[str, str]:
    return {
        "主订单编号": f"68{number:017d}\t", "子订单编号": f"68{number:017d}1\t",
        "选购商品": "双层玻璃杯 330ml", "商品规格": "透明;单只", "商品数量": str(1 + number % 3),
        "商品ID": f"36{number:017d}\t", "商家编码": f"C-{number % 50:04d}\t", "商品单价": "12.90",
        "订单应付金额": "12.90", "运费": "0.00", "支付方式": "支付宝", "收件人": "张三",
        "收件人手机号": f"138{number:08d}\t", "省": "浙江省", "市": "金华市", "区": "义乌市",
        "街道": "稠江街道", "详细地址": f"示例路 {number} 号",
        "订单提交时间": "2026-11-20 09:58:00",
        "支付完成时间": "2026-11-20 10:00:00", "承诺发货时间": "2026-11-22 10:00:00",
        "订单状态": "待发货",
    }  # fmt: skip
