"""Paper and photos: two hundred slips, and how often a barcode is read, by kind of photo.

The photos are made up, with one seed: angles from 0 to 90°, small, soft, noisy and dim ones. Each
is looked at once as it stands, and once with everything the reader does; a wrong number is counted
apart, because it is worse than none.
"""

import asyncio
import itertools
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from bench.figures import Row
from bench.waybills import Photo, taken
from bot.printing.making import make
from bot.printing.papers import Block, SlipPaper
from platforms.barcodes.limits import Limits
from platforms.barcodes.looking import texts_of

GOAL_PAGE = 0.05  # seconds: two hundred pages within ten
GOAL_PAUSE = 0.05  # seconds
GOAL_MEMORY = 200  # MB
MEGA = 1e6


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many slips, and photos of a kind."""

    slips: int = 200
    photos: int = 24


def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the rows of slips and of photos."""
    return [*asyncio.run(_slips(sizes.slips)), *_photos(folder, sizes.photos)]


async def _slips(number: int) -> list[Row]:
    """Draw slips in the child, with the event loop's longest pause beside it, and what it costs."""
    papers = [_paper(one) for one in range(number)]
    watch = _Watch()
    watching = asyncio.create_task(watch.run())
    await asyncio.sleep(0)
    started, before = time.perf_counter(), psutil.Process().memory_info().rss
    printed = await make(papers, {"more": "{n}", "cut": "{n}"})
    took = time.perf_counter() - started
    watching.cancel()
    grown = (psutil.Process().memory_info().rss - before) / MEGA
    each = f"{printed.pages / took:,.0f} pages a second, {len(printed.pdf) / 1e3:,.0f} kB"
    told = f"the process that asked grew by {grown:.1f} MB"
    return [
        Row("prints", f"{number} slips: a page", took / printed.pages * MEGA,
            goal=GOAL_PAGE * MEGA, measured=each),
        Row("prints", "slips: the event loop's longest pause", watch.pause * MEGA,
            goal=GOAL_PAUSE * MEGA),
        Row("prints", "slips: the child's memory", watch.child / MEGA, goal=GOAL_MEMORY,
            unit="MB", measured=told),
    ]  # fmt: skip


@dataclass(slots=True)
class _Watch:
    """The longest pause of the event loop in seconds, the largest the child became in bytes."""

    pause: float = 0.0
    child: int = 0

    async def run(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            self.pause = max(self.pause, time.perf_counter() - before - 0.005)
            for one in psutil.Process().children():
                with suppress(psutil.Error):  # it has just ended
                    if "bot.printing.child" in one.cmdline():
                        self.child = max(self.child, one.memory_info().rss)


def _paper(number: int) -> SlipPaper:
    lines = [
        Block("name", f"收 张三丰 139{number:08d}"),
        Block("address", f"浙江省金华市义乌市稠江街道示例路 {number} 号 3 幢 2 单元 1201 室"),
        Block("sender", "寄 林小满 13800001111 浙江省金华市义乌市稠州路 88 号"),
        Block("note", "买家留言：请不要放价格单"),
        Block("product", "双层玻璃杯 330ml 带盖 ×2"), Block("detail", "透明 · C-330"),
        Block("product", "陶瓷马克杯 ×1"), Block("detail", "奶白色 · MUG-01"),
    ]  # fmt: skip
    code = f"K7Q2-69{number:017d}"
    return SlipPaper("K7Q2", code, ["抖店 · 小满优选", "发货截止：11-24 18:00"], lines, "共 3 件")


def kinds(photos: int) -> dict[str, Sequence[Photo]]:
    """Return the made-up photos, by kind; the angles run through every one."""

    def angled(*hows: dict[str, object]) -> list[Photo]:
        made = itertools.islice(itertools.cycle(hows), photos)
        return [
            Photo(f"SF{1234567890123 + n * 7919}", angle=n * 90 / photos, **how)  # type: ignore[arg-type]
            for n, how in enumerate(made)
        ]

    return {
        "sharp, 0–90°": angled({}),
        "small: bars of 1–2 pixels": angled({"bar": 1.0}, {"bar": 1.5}, {"bar": 2.0}),
        "soft: blurred 1–2 pixels": angled({"blur": 1.0}, {"blur": 1.5}, {"blur": 2.0}),
        "noisy": angled({"noise": 10.0}, {"noise": 20.0}, {"noise": 30.0}),
        "dim: 30–80 shades": angled({"light": (120, 150)}, {"light": (60, 140)}),
    }


def _photos(folder: Path, photos: int) -> list[Row]:
    rows: list[Row] = []
    for kind, every in kinds(photos).items():
        plain, turned = (_read(folder, every, turned=one) for one in (False, True))
        told = (
            f"{turned.right}/{len(every)} read, {turned.wrong} wrong; "
            f"as it stands {plain.right}/{len(every)}, {plain.wrong} wrong"
        )
        rows.append(Row("photos", kind, turned.took * MEGA, measured=told))
    return rows


@dataclass(frozen=True, slots=True)
class _Rate:
    right: int
    wrong: int
    took: float


def _read(folder: Path, photos: Sequence[Photo], *, turned: bool) -> _Rate:
    right, wrong, took = 0, 0, []
    for seed, how in enumerate(photos):
        path = taken(how, folder / "photo.jpg", seed)
        started = time.perf_counter()
        found = texts_of(path, Limits(), turned=turned)
        took.append(time.perf_counter() - started)
        right += found == [how.number]
        wrong += any(one != how.number for one in found)
    return _Rate(right, wrong, median(took))
