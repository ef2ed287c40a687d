"""`python -m bench` (`make bench`): measure everything and print one table with floors and goals.

`--quick` measures small sizes, to see that it works: its figures mean nothing.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("PTB_TIMEDELTA", "true")  # read by python-telegram-bot at import

from bench import (
    batches,
    growth,
    imports,
    lists,
    pastes,
    printing,
    prints,
    processes,
    programs,
    races,
    syncing,
    taps,
    waiting,
)
from bench.figures import Row


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


FULL = Sizes(
    races.Sizes(), lists.Sizes(), imports.Sizes(), batches.Sizes(), pastes.Sizes(),
    starts=5, idle=3.0, updates=20_000, paper=prints.Sizes(), programs=programs.Sizes(),
    waiting=waiting.Sizes(), syncing=syncing.Sizes(),
)  # fmt: skip
QUICK = Sizes(
    races.Sizes(rounds=5, updates=6), lists.Sizes(small=500, large=1_500, rounds=5, looks=3),
    imports.Sizes(rows=300, rounds=1), batches.Sizes(orders=60, rounds=1),
    pastes.Sizes(lines=20, rounds=1),
    starts=1, idle=0.2, updates=100, paper=prints.Sizes(slips=5, photos=3),
    programs=programs.Sizes(asked=5, rounds=1),
    waiting=waiting.Sizes(waiting=20, events=5, rounds=1),
    syncing=syncing.Sizes(orders=300, rounds=1),
)  # fmt: skip
GROUPS = ("taps", "lists", "process", "imports", "batches", "pastes", "prints", "api", "sync")
MEMORY = Path("/dev/shm")


def main() -> None:
    """Measure and print; leave with 1 when a large table was read from end to end."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, within seconds")
    parser.add_argument("--only", choices=GROUPS, help="one group of rows")
    parser.add_argument("--folder", type=Path, default=None, help="where databases are made")
    given = parser.parse_args()
    # In memory where that is possible: a disk's flushes would take as long on both sides, and
    # make every ratio look good.
    folder = given.folder or (MEMORY if os.access(MEMORY, os.W_OK) else None)
    with tempfile.TemporaryDirectory(prefix="daifa-bench-", dir=folder) as own:
        rows, plans = measure(Path(own), QUICK if given.quick else FULL, given.only)
        printing.show(rows, plans, Path(own).parent)
    sys.exit(1 if plans else 0)


def measure(folder: Path, sizes: Sizes, only: str | None) -> tuple[list[Row], list[str]]:
    """Return all rows, and the plans of queries that scan."""
    rows: list[Row] = []
    plans: list[str] = []
    if only in (None, "process"):
        rows += processes.measure(folder, sizes.starts, sizes.idle)
        rows.append(growth.measure(folder, sizes.updates))
    if only in (None, "taps"):
        rows = asyncio.run(taps.measure(folder, sizes.taps)) + rows
    if only in (None, "lists"):
        looked, plans = asyncio.run(lists.measure(folder, sizes.lists))
        rows += looked
    alike: dict[str, Callable[[], Coroutine[Any, Any, list[Row]]]] = {
        "imports": lambda: imports.measure(folder, sizes.imports),
        "batches": lambda: batches.measure(folder, sizes.batches),
        "pastes": lambda: pastes.measure(folder, sizes.pastes),
        "sync": lambda: syncing.measure(folder, sizes.syncing),
    }
    for group, measured in alike.items():
        if only in (None, group):
            rows += asyncio.run(measured())
    if only in (None, "prints"):
        rows += prints.measure(folder, sizes.paper)
    if only in (None, "api"):
        rows += asyncio.run(programs.measure(folder, sizes.programs))
        rows += asyncio.run(waiting.measure(folder, sizes.waiting))
    return rows, plans


if __name__ == "__main__":
    main()
