"""A paste of 500 lines: read, matched, shipped in one visit; the floor is its SQL alone.

Every statement our path runs is recorded on one copy of a database and run again by bare sqlite3
on another. Ours is the whole way from the text to the commit; one paste before it warms both, as in
a process that runs: statements are compiled once.
"""

import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from bench.figures import Row, micros, middle
from bench.house import Prepared, prepare
from bench.races import calm_the_collector
from bench.statements import Tape, bare, recording
from bot.house import House
from core.ports import Store
from core.shipments.pasted import Pasted
from core.text.pasting import read_paste


class Sizes(NamedTuple):
    """How many lines, and how often they are pasted."""

    lines: int = 500
    rounds: int = 7


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the row of a paste."""
    calm_the_collector()
    made = await prepare(folder, 2 * sizes.lines)
    async with made.opened(made.path) as house:
        text = await house.database.read(lambda store: _text(store, made))
    lines = text.split("\n")
    warm, measured = "\n".join(lines[: sizes.lines]), "\n".join(lines[sizes.lines :])
    warming, tape = await _recorded(made, warm, measured)
    ours, floor, busy, least = [], [], [], []
    for n in range(1 + sizes.rounds):  # the first round only warms
        async with made.opened(made.copy("ours.sqlite3")) as house:
            await _paste(house, made, warm)
            clock, processor = time.perf_counter(), time.process_time()
            await _paste(house, made, measured)
            took = time.perf_counter() - clock, time.process_time() - processor
        with closing(bare(made.copy("floor.sqlite3"))) as raw:
            warming.run(raw)
            clock, processor = time.perf_counter(), time.process_time()
            tape.run(raw)
            bound = time.perf_counter() - clock, time.process_time() - processor
        _check(made, 2 * sizes.lines)
        if n:
            ours.append([took[0]])
            floor.append([bound[0]])
            busy.append([took[1]])
            least.append([bound[1]])
    what = f"paste of {sizes.lines} lines"
    words = f"{sizes.rounds} × {sizes.lines}; {len(tape.statements)} statements"
    return [
        Row("pastes", what, micros(middle(ours)), micros(middle(floor)), 3.0, measured=words),
        Row("pastes", f"{what}: processor", micros(middle(busy)), micros(middle(least))),
    ]


async def _recorded(made: Prepared, *texts: str) -> list[Tape]:
    async with made.opened(made.copy("recorded.sqlite3")) as house:
        with recording() as tapes:
            for text in texts:
                tapes.append(Tape())
                await _paste(house, made, text)
    return tapes


def _text(store: Store, made: Prepared) -> str:
    """Return a line for each order: by its tag, its number or the end of it, in turn."""
    found = store.assignments.by_ids(made.factory.shop_id, made.assignments)
    named = [(one.tag, one.order_no, one.order_no[-8:])[n % 3] for n, one in enumerate(found)]
    return "\n".join(f"{name}\tSF{n:013d}" for n, name in enumerate(named))


async def _paste(house: House, made: Prepared, text: str) -> None:
    def work(store: Store) -> Pasted:
        lines = read_paste(text)
        return house.services.entering.paste(
            store, made.factory, lines, origin=f"message 1 {len(text)} {text[:40]}"
        )

    await house.database.write(work)


def _check(made: Prepared, lines: int) -> None:
    for name in ("ours.sqlite3", "floor.sqlite3"):
        with closing(bare(made.path.with_name(name))) as raw:
            did = raw.execute("SELECT count(*) FROM assignment WHERE status = 'shipped'").fetchone()
        if did[0] != lines:
            raise RuntimeError(f"{did[0]} of {lines} lines were shipped in {name}")
