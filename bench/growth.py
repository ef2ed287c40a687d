"""Whether memory grows with updates: people looking around, thousands of times, in one process.

Run as a process of its own (`python -m bench.growth FOLDER UPDATES`), so that what other figures
held does not hide what this one takes.
"""

import asyncio
import gc
import subprocess
import sys
import tempfile
from itertools import cycle
from pathlib import Path
from typing import Any

import psutil
from aiogram import Bot

from bench.figures import Row
from bench.house import FACTORY, MERCHANT, Prepared, prepare
from bench.telegram import TOKEN, Instant, press, says
from bot.dispatcher import routing
from bot.keyboards.data import ListOrders, OpenMenu, ShowAssignment, ShowOrder

MEGA = 1_000_000
ORDERS = 200
WARM = 2_000  # updates until caches have what they will hold


def measure(folder: Path, updates: int) -> Row:
    """Return the row: megabytes more after so many updates."""
    here = Path(__file__).parent.parent
    command = [sys.executable, "-m", "bench.growth", str(folder), str(updates)]
    said = subprocess.run(command, cwd=here, check=True, text=True, capture_output=True)
    return Row("process", f"memory grown after {updates:,} updates", float(said.stdout), None,
               10.0, "MB", "1 ×")  # fmt: skip


async def grown(folder: Path, updates: int, warm: int = WARM) -> float:
    """Feed the updates, after warm ones; return by how many megabytes the process grew."""
    made = await prepare(folder, ORDERS)
    session, tree = Instant(), routing()
    bot = Bot(TOKEN, session=session)
    looks = cycle(_looks(made))
    async with made.opened(made.path) as house:

        async def feed(first: int, last: int) -> None:
            for n in range(first, last):
                raw = next(looks)
                await tree.feed_raw_update(bot, raw | {"update_id": n}, house=house)

        await feed(1, warm)
        before = _held()
        answered = session.calls
        await feed(warm, warm + updates)
        if session.calls - answered < updates:
            raise RuntimeError("not every update was answered")
        return (_held() - before) / MEGA


def _looks(made: Prepared) -> list[dict[str, Any]]:
    """Return a mixed round of looks: lists and cards of both roles, the menu, help, plain text."""
    mine, theirs = made.merchant.shop_id, made.factory.shop_id
    presses = [
        *((MERCHANT, ListOrders(shop=mine, tab=tab)) for tab in ("unassigned", "to_ship")),
        *((FACTORY, ListOrders(shop=theirs, tab=tab)) for tab in ("to_ship", "changed")),
        *((MERCHANT, ShowOrder(shop=mine, order=1 + n)) for n in range(8)),
        *((FACTORY, ShowAssignment(shop=theirs, assignment=one)) for one in made.assignments[:8]),
        (MERCHANT, OpenMenu(shop=mine, place="home")),
        (MERCHANT, OpenMenu(shop=mine, place="partners")),
    ]
    texts = [(MERCHANT, "订单"), (FACTORY, "/help"), (FACTORY, "你好"), (MERCHANT, "/shop")]
    return [
        *(press(0, person, 100 + n, data.pack()) for n, (person, data) in enumerate(presses)),
        *(says(0, person, text) for person, text in texts),
    ]


def _held() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1]) as own:
        sys.stdout.write(str(asyncio.run(grown(Path(own), int(sys.argv[2])))))
