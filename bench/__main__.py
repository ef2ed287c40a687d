"""`python -m bench` (`make bench`): measure everything and print one table with floors and goals.

`--quick` measures small sizes, to see that it works: its figures mean nothing. `--write` puts what
a whole run measured into docs/performance.md.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("PTB_TIMEDELTA", "true")  # read by python-telegram-bot at import

from bench import (
    alerts,
    at_once,
    batches,
    growth,
    imports,
    lists,
    page,
    pastes,
    peers,
    printing,
    prints,
    processes,
    programs,
    pushed,
    races,
    shares,
    swelling,
    syncing,
    taps,
    waiting,
)
from bench.figures import Row
from bench.shares import Share


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything."""

    taps: races.Sizes
    lists: lists.Sizes
    imports: imports.Sizes
    batches: batches.Sizes
    pastes: pastes.Sizes
    starts: int
    idle: float
    updates: int
    paper: prints.Sizes
    programs: programs.Sizes
    waiting: waiting.Sizes
    syncing: syncing.Sizes
    pushed: pushed.Sizes
    alerts: alerts.Sizes
    server: at_once.Sizes
    profiled: int  # updates


FULL = Sizes(
    races.Sizes(), lists.Sizes(), imports.Sizes(), batches.Sizes(), pastes.Sizes(),
    starts=5, idle=3.0, updates=100_000, paper=prints.Sizes(), programs=programs.Sizes(),
    waiting=waiting.Sizes(), syncing=syncing.Sizes(), pushed=pushed.Sizes(),
    alerts=alerts.Sizes(), server=at_once.Sizes(), profiled=500,
)  # fmt: skip
QUICK = Sizes(
    races.Sizes(rounds=5, updates=6), lists.Sizes(small=500, large=1_500, rounds=5, looks=3),
    imports.Sizes(rows=300, rounds=1), batches.Sizes(orders=60, rounds=1),
    pastes.Sizes(lines=20, rounds=1),
    starts=1, idle=0.2, updates=100, paper=prints.Sizes(slips=5, photos=3),
    programs=programs.Sizes(asked=5, rounds=1),
    waiting=waiting.Sizes(waiting=20, events=5, rounds=1),
    syncing=syncing.Sizes(orders=300, rounds=1),
    pushed=pushed.Sizes(connections=4, rounds=1, presses=8),
    alerts=alerts.Sizes(chats=10, per_second=50, urgent=1, chat_pause=0.1),
    server=at_once.Sizes(races.Sizes(rounds=1, updates=3), rounds=1, each=1), profiled=5,
)  # fmt: skip
GROUPS = (
    "taps", "peers", "server", "pushed", "alerts", "lists", "process", "imports", "batches",
    "pastes", "prints", "api", "sync",
)  # fmt: skip
MEMORY = Path("/dev/shm")


def main() -> None:
    """Measure and print; leave with 1 when a large table was read from end to end."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, within seconds")
    parser.add_argument("--only", choices=GROUPS, help="one group of rows")
    parser.add_argument("--folder", type=Path, default=None, help="where databases are made")
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    given = parser.parse_args()
    if given.write and (given.only or given.quick):
        parser.error("only a whole run is written: leave out --only and --quick")
    # In memory where that is possible: a disk's flushes would take as long on both sides, and
    # make every ratio look good.
    folder = given.folder or (MEMORY if os.access(MEMORY, os.W_OK) else None)
    with tempfile.TemporaryDirectory(prefix="daifa-bench-", dir=folder) as own:
        sizes = QUICK if given.quick else FULL
        rows, plans = measure(Path(own), sizes, given.only)
        spent: dict[str, list[Share]] = {}
        if given.only in (None, "taps"):
            spent = asyncio.run(shares.measure(Path(own), sizes.profiled))
        printing.show(rows, plans, Path(own).parent)
        if given.write:
            page.write(rows, plans, spent, Path(own).parent)
        elif spent:
            print(page.shares_table(spent))
    sys.exit(1 if plans else 0)


def measure(folder: Path, sizes: Sizes, only: str | None) -> tuple[list[Row], list[str]]:
    """Return all rows, and the plans of queries that scan."""
    rows: list[Row] = []
    plans: list[str] = []

    async def listed() -> list[Row]:
        looked, scanning = await lists.measure(folder, sizes.lists)
        plans.extend(scanning)
        return looked

    async def asked() -> list[Row]:
        return [
            *await programs.measure(folder, sizes.programs),
            *await waiting.measure(folder, sizes.waiting),
        ]

    groups: dict[str, Callable[[], list[Row]]] = {
        "taps": lambda: asyncio.run(taps.measure(folder, sizes.taps)),
        "peers": lambda: asyncio.run(peers.measure(folder, sizes.taps)),
        "server": lambda: asyncio.run(at_once.measure(folder, sizes.server)),
        "pushed": lambda: asyncio.run(pushed.measure(folder, sizes.pushed)),
        "alerts": lambda: asyncio.run(alerts.measure(folder, sizes.alerts)),
        "process": lambda: [
            *processes.measure(folder, sizes.starts, sizes.idle),
            growth.measure(folder, sizes.updates),
        ],
        "imports": lambda: [
            *asyncio.run(imports.measure(folder, sizes.imports)),
            swelling.measure(folder, sizes.imports.rows),
        ],
        "batches": lambda: asyncio.run(batches.measure(folder, sizes.batches)),
        "pastes": lambda: asyncio.run(pastes.measure(folder, sizes.pastes)),
        "lists": lambda: asyncio.run(listed()),
        "prints": lambda: prints.measure(folder, sizes.paper),
        "api": lambda: asyncio.run(asked()),
        "sync": lambda: asyncio.run(syncing.measure(folder, sizes.syncing)),
    }
    for name, measured in groups.items():
        if only in (None, name):
            rows += measured()
    return rows, plans


if __name__ == "__main__":
    main()
