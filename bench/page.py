"""A whole run, written into docs/performance.md between two marks; what stands around them stays.

The table, the goals that were missed, where the time of a tap goes, and what it was measured on.
"""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from bench.figures import Row
from bench.printing import TITLES, cells, machine
from bench.shares import Share

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- written by make bench -->", "<!-- end of what make bench wrote -->"
HEAD = "| what | ours | floor | ratio | goal | met | measured |\n|---|---|---|---|---|---|---|"
SMALLEST = 0.01  # shares below this are left out


def write(
    rows: Sequence[Row], plans: Sequence[str], spent: Mapping[str, Sequence[Share]], folder: Path
) -> None:
    """Put this run in place of the last. Raises `ValueError` when the page has lost its marks."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not ended:
        raise ValueError(f"{PAGE} needs the lines {BEGIN} and {END}: the table goes between them")
    parts = [BEGIN, *_tables(rows), _missed(rows), _scans(plans), _where(spent), _on(folder), END]
    PAGE.write_text(before + "\n\n".join(parts) + after, "utf-8")


def _tables(rows: Sequence[Row]) -> Iterator[str]:
    for group, members in groupby(rows, key=lambda row: row.group):
        title = TITLES[group]
        lines = ["| " + " | ".join(one.strip() for one in cells(row)) + " |" for row in members]
        yield f"### {title[0].upper()}{title[1:]}\n\n{HEAD}\n" + "\n".join(lines)


def _missed(rows: Sequence[Row]) -> str:
    missed = [row for row in rows if row.met is False]
    if not missed:
        return "Every goal was met."
    lines = [
        f"- {row.what.strip()}: {row.ours if row.ratio is None else row.ratio:,.2f}, "
        f"the goal is at most {row.goal:g}"
        for row in missed
    ]
    return "### Missed\n\n" + "\n".join(lines)


def _scans(plans: Sequence[str]) -> str:
    if not plans:
        return "No statement of any list or card scans a large table (`EXPLAIN QUERY PLAN`)."
    return "These statements scan a large table:\n\n```\n" + "\n".join(plans) + "\n```"


def _where(spent: Mapping[str, Sequence[Share]]) -> str:
    return f"### Where the time of an update goes, by whose code\n\n{shares_table(spent)}"


def shares_table(spent: Mapping[str, Sequence[Share]]) -> str:
    """Return a table with a column for each kind of update."""
    parts = {what: dict(shares) for what, shares in spent.items()}
    names = dict.fromkeys(one.whose for each in spent.values() for one in each)
    lines = [f"| | {' | '.join(spent)} |", "|---|" + "---|" * len(spent)]
    for name in names:
        found = [each.get(name, 0.0) for each in parts.values()]
        if max(found) >= SMALLEST:
            lines.append(f"| {name} | {' | '.join(f'{one:.0%}' for one in found)} |")
    return "\n".join(lines)


def _on(folder: Path) -> str:
    return f"{machine(folder)}\nCommit {_commit()}."


def _commit() -> str:
    """Return which commit was measured; one with changes on top says so."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty=, with changes"],
        cwd=PAGE.parent, text=True, capture_output=True, check=False,
    )  # fmt: skip
    return said.stdout.strip() or "unknown"
