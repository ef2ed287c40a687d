"""A guide in Markdown: its blocks in order, and whether an answer is shaped as the guide shows it.

What a guide shows of an answer is compared with the real one: the same fields, the same kinds of
values, the same words where a word decides (`status`, `code` …). `…` stands for more of the same.
The numbers it shows are made up; each stands for one real number throughout.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAID = frozenset({"status", "type", "kind", "result", "reason", "door", "stopped", "title"})
MORE = "…"


class Block(NamedTuple):
    """A block of code, in which language, and at what line of its file it begins."""

    kind: str
    text: str
    line: int


def blocks(guide: Path) -> list[Block]:
    """Return the guide's blocks in order."""
    text = guide.read_text("utf-8")
    return [
        Block(found[1], found[2], text.count("\n", 0, found.start()) + 1)
        for found in FENCE.finditer(text)
    ]


def steps(guide: Path, kind: str) -> Iterator[tuple[Block, Block | None]]:
    """Return each block of this kind with the answer shown behind it, if one is."""
    step: Block | None = None
    for block in blocks(guide):
        if block.kind == kind:
            if step is not None:
                yield step, None
            step = block
        elif block.kind in ("json", "http") and step is not None:
            yield step, block
            step = None
    if step is not None:
        yield step, None


class Meaning:
    """What the made-up numbers of a guide stand for."""

    def __init__(self) -> None:
        self.real: dict[int, int] = {}

    def of(self, text: str) -> str:
        """Return a block with the real numbers in it."""
        return re.sub(r"\b\d+\b", lambda one: str(self.real.get(int(one[0]), one[0])), text)

    def learns(self, shown: str, answered: str) -> None:
        """Compare an answer with the one that is shown, and keep what its numbers stand for."""
        self._same(json.loads(shown), json.loads(answered), "")

    def _same(self, shown: Any, real: Any, at: str) -> None:
        name = at.rpartition(".")[2]
        if isinstance(shown, dict):
            assert isinstance(real, dict), at
            fields = shown.keys() - {MORE}
            assert fields <= real.keys() if MORE in shown else fields == real.keys(), (at, real)
            for field in fields:
                self._same(shown[field], real[field], f"{at}.{field}")
        elif isinstance(shown, list):
            assert len(shown) == len(real), (at, real)
            for one, other in zip(shown, real, strict=True):
                self._same(one, other, at)
        elif name in SAID or at == ".code" or shown is None:
            assert shown == real, at
        elif name == "id" or name.endswith("_id") or name == "next":
            assert self.real.setdefault(shown, real) == real, at
        else:
            assert type(shown) is type(real), (at, real)
            if name.endswith(("_at", "_by")):
                assert datetime.fromisoformat(real).tzinfo
