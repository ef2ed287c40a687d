"""By how much the bot's process swells while a day's orders come in: its peak over before.

A process of its own (`python -m bench.swelling FOLDER SMALL LARGE`), which has done a small import
before, as a bot that runs has. The file is read in a child, whose memory is given back with it.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from app.sample_export import COLUMNS
from bench.figures import Row
from bench.growth import MEGA
from bench.house import MERCHANT, Prepared, prepare
from bench.imports import Writes, confirm, write_export
from platforms.sheets.reading import parse_file

SMALL = 100  # rows of the import before
KILO = 1024


def measure(folder: Path, rows: int) -> Row:
    """Return the row: megabytes the process grew by at the most."""
    files = [write_export(folder / f"{n}.xlsx", COLUMNS, n) for n in (SMALL, rows)]
    command = [sys.executable, "-m", "bench.swelling", str(folder), *map(str, files)]
    here = Path(__file__).parent.parent
    said = subprocess.run(command, cwd=here, check=True, text=True, capture_output=True)
    return Row("imports", f"  memory swollen by at the most, {rows:,} rows", float(said.stdout),
               None, 60.0, "MB", "1 ×, in a process of its own")  # fmt: skip


async def swollen(folder: Path, small: Path, large: Path) -> float:
    """Return by how many megabytes bringing in the large file swells the process at the most."""
    made = await prepare(folder, 1)
    await _bring(made, small)
    before: int = psutil.Process().memory_info().rss
    await _bring(made, large)
    return (_peak() - before) / MEGA


def _peak() -> int:
    """Return the most bytes this process ever held; `getrusage` would count its parent's too."""
    said = Path("/proc/self/status").read_text("utf-8")
    [peak] = [line.split()[1] for line in said.splitlines() if line.startswith("VmHWM:")]
    return int(peak) * KILO


async def _bring(made: Prepared, file: Path) -> None:
    async with made.opened(made.copy("import.sqlite3")) as house:
        importing, who, writes = house.services.importing, made.merchant, Writes(house.database)
        sheet = await parse_file(file, file.name)
        draft_id = await writes(
            lambda store: importing.keep(store, who, sheet, file.name, (MERCHANT, 1))
        )
        preview = await house.database.read(lambda store: importing.preview(store, who, draft_id))
        await confirm(writes, house.services.import_slices, who, preview)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1]) as own:
        sys.stdout.write(str(asyncio.run(swollen(Path(own), *map(Path, sys.argv[2:])))))
