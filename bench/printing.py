"""The table, and under it what it was measured on."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from bench.figures import Row

LIBRARIES = (
    "aiogram", "python-telegram-bot", "sqlalchemy", "sqlmodel", "aiosqlite", "asyncpg", "pydantic",
)  # fmt: skip
MARKS = {True: "yes", False: "no", None: ""}
TITLES = {
    "taps": "an update, handled whole; the floor: a bare aiogram echo + the same statements in "
            "bare sqlite3",
    "peers": "the peers: the same echo, and the tap on stock parts over the tap's own floor",
    "server": "one visit on a PostgreSQL in memory; the floor: its statements by bare asyncpg",
    "pushed": "the tap through the webhook; the floor: the same fed in process",
    "alerts": "alerts through a playground that keeps Telegram's limits; the floor: the set rate",
    "imports": "a day's orders from a file; the floor: calamine's parse of that file alone",
    "batches": "many orders at once, one visit; the floor: the same rows by set-based bare SQL",
    "pastes": "many numbers in one paste, one visit; the floor: its statements in bare sqlite3",
    "process": "the process; the floor: one that only imports the same libraries",
    "api": "programs over HTTP; the floor: a bare ASGI application under the same server",
    "sync": "a linked shop's orders; the floor: the platform's answers + the same rows by bare SQL",
    "prints": "paper: drawn in a child, beside an event loop that goes on",
    "photos": "a made-up photo of a barcode, with all retries (median)",
    "lists": "lists and cards of a large database; the floor: the same in a small one",
}  # fmt: skip


def show(rows: Sequence[Row], plans: Sequence[str], folder: Path) -> None:
    """Print one table of everything, the worst list, plans that scan, and the machine."""
    console = Console(width=None if os.isatty(1) else 130)
    table = Table(caption_justify="left")
    table.add_column("what (medians)")
    for name in ("ours", "floor", "ratio", "goal", "met"):
        table.add_column(name, justify="right")
    table.add_column("measured")
    for group, members in groupby(rows, key=lambda row: row.group):
        table.add_row(f"[bold]{TITLES[group]}[/]")
        for row in members:
            table.add_row(*cells(row))
        table.add_section()
    console.print(table)
    listed = [row for row in rows if row.group == "lists"]
    if listed:
        worst = max(listed, key=lambda row: row.ratio or 0)
        scans = f"{len(plans)} statements scan a large table"
        console.print(f"Worst list or card: {worst.what}, {worst.ratio:.2f}. {scans}.")
    for plan in plans:
        console.print(plan, markup=False)
    console.print(machine(folder), markup=False)


def machine(folder: Path) -> str:
    """Return what was measured on, in a few lines."""
    memory = psutil.virtual_memory().total / 1e9
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"{platform.system()} {platform.release()}; load {load}; databases in {folder}.\n"
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}."
    )


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    names = facts.read_text("utf-8").split("model name") if facts.exists() else []
    return names[1].split("\n")[0].strip("\t :") if len(names) > 1 else platform.machine()


def cells(row: Row) -> list[str]:
    """Return a row of the table as text."""
    return [
        f"  {row.what}",
        _number(row.ours, row.unit),
        _number(row.floor, row.unit) if row.floor is not None else "",
        f"{row.ratio:.2f}" if row.ratio is not None else "",
        f"≤ {row.goal:g}" if row.goal is not None else "",
        MARKS[row.met],
        row.measured,
    ]


def _number(value: float, unit: str) -> str:
    return f"{value:,.1f} {unit}" if unit == "MB" else f"{value:,.0f} {unit}".rstrip()
