"""What a harness saw, written down: `make torture` collects it into `docs/reliability.md`.

The same tests run in `make test` at small sizes and leave the page alone. A part of the page is one
file of tests: running that file again rewrites its part and no other.
"""

import os
import platform
import re
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reliability.md"
HEAD = """# Reliability, as last shown

Each part is a file of tests under `tests/torture`. `make torture` runs all of them at full size
and writes this page; `make torture PART=name` runs one and rewrites its part alone. `make test`
has a short form of each.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One promise, what was seen of it, and what it may be; `held` is false where a test failed."""

    promise: str
    seen: str
    goal: str = ""
    held: bool = True


@dataclass
class Proof:
    """What the tests of this run have seen, by part; `full` when the sizes are those of torture.

    `share`: only so much of them, for a machine or a moment that has no hours.
    """

    full: bool
    share: float = 1.0
    lines: dict[str, list[Line]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def fails(self, part: str, test: str) -> None:
        """A test of this part failed: the page says so."""
        line = Line(test.replace("_", " "), "the test failed", held=False)
        self.lines.setdefault(part, []).append(line)

    def write(self, page: Path = PAGE) -> None:
        """Rewrite the parts that ran; the others stand as they were. Nothing ran: no change."""
        if not self.lines:
            return
        text = page.read_text("utf-8") if page.exists() else HEAD
        for part in sorted(self.lines):
            section = self._section(part)
            found = re.search(rf"<!-- {part} -->.*?<!-- end of {part} -->\n", text, re.DOTALL)
            text = text.replace(found[0], section) if found else f"{text}\n{section}"
        page.write_text(text, "utf-8")

    def _section(self, part: str) -> str:
        day, took = datetime.now(UTC).date(), self.seconds.get(part, 0.0)
        size = "" if self.share == 1 else f"{self.share:.0%} of full size · "
        where = f"{_machine()} · {size}{took:,.0f} s"
        return "\n".join([
            f"<!-- {part} -->", f"## {self.titles[part]}", "",
            f"`make torture PART={part}` · commit {_commit()} · {day} · {where}", "",
            "| promise | seen | goal | held |", "|---|---|---|---|",
            *(f"| {line.promise} | {line.seen} | {line.goal} | {'yes' if line.held else '**no**'} |"
              for line in self.lines[part]),
            "", f"<!-- end of {part} -->", "",
        ])  # fmt: skip


@dataclass(frozen=True)
class Proving:
    """What one test says it saw."""

    proof: Proof
    part: str

    @property
    def full(self) -> bool:
        """Return whether this is `make torture`."""
        return self.proof.full

    def size(self, short: int, full: int) -> int:
        """Return how much of something to do: `short` in `make test`, never less."""
        return max(short, round(full * self.proof.share)) if self.full else short

    def saw(self, promise: str, seen: object, goal: str = "") -> None:
        """Write a line; the test itself asserts that the promise holds."""
        line = Line(promise, str(seen), goal)
        self.proof.lines.setdefault(self.part, []).append(line)
        print(f"{promise}: {seen}" + (f" (goal {goal})" if goal else ""))  # noqa: T201


def part_of(path: Path) -> str:
    """Return the part a file of tests stands for."""
    return path.stem.removeprefix("test_")


def title_of(documentation: str) -> str:
    """Return the first sentence of a module's docstring."""
    return documentation.strip().split("\n")[0].rstrip(".")


def _commit() -> str:
    commit = _git("rev-parse", "--short", "HEAD") or "unknown"
    changed = _git("status", "--porcelain", "--", ".", f":!{PAGE.relative_to(ROOT)}")
    return f"{commit} with changes" if changed else commit


def _git(*asked: str) -> str:
    said = subprocess.run(["git", *asked], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def _machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}"
