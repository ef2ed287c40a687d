"""What stands on printed paper, already in words: plain values that cross into the child as JSON.

A slip is a flow of blocks below a fixed head, a pick list a table. How they look is `slips`' and
`picks`' business, what they say is `bot.screens.printing`'s.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Style = Literal["name", "sealed", "address", "sender", "note", "product", "detail"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a slip; it is wrapped, and goes on on the next page where it must.

    Products are counted: a page that breaks off among them says how many follow.
    """

    style: Style
    text: str


@dataclass(frozen=True, slots=True)
class Routing:
    """What the carrier's sorting reads above the barcode of an e-waybill, the sort code large."""

    carrier: str
    sort_code: str
    places: str


@dataclass(frozen=True, slots=True)
class SlipPaper:
    """One packing slip: `code` is the barcode and stands in letters below it.

    With `routing` it is the label of an e-waybill: the barcode is its number.
    """

    tag: str
    code: str
    corner: Sequence[str]
    blocks: Sequence[Block]
    total: str
    routing: Routing | None = None


@dataclass(frozen=True, slots=True)
class PickPaper:
    """A pick list: titles above, then a table whose head is repeated on every page."""

    title: str
    about: Sequence[str]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, its pages, and what no font of ours has: the characters, by the paper's number."""

    pdf: bytes
    pages: int
    missing: Mapping[int, str] = field(default_factory=dict)


def request(papers: Sequence[SlipPaper] | PickPaper, words: Mapping[str, str]) -> bytes:
    """Write what the child reads. `words` holds the texts that depend on the layout."""
    kind = "pick" if isinstance(papers, PickPaper) else "slips"
    body = asdict(papers) if isinstance(papers, PickPaper) else [asdict(one) for one in papers]
    return json.dumps({"kind": kind, "papers": body, "words": dict(words)}).encode()


def slips_of(body: Sequence[Mapping[str, Any]]) -> list[SlipPaper]:
    """Read slips back from JSON."""
    return [
        SlipPaper(**{
            **one,
            "blocks": [Block(**block) for block in one["blocks"]],
            "routing": Routing(**one["routing"]) if one["routing"] else None,
        })
        for one in body
    ]  # fmt: skip


def answer(printed: Printed) -> bytes:
    """Write what the parent reads: a line of facts, then the PDF."""
    facts = {"pages": printed.pages, "missing": {str(n): c for n, c in printed.missing.items()}}
    return json.dumps(facts).encode() + b"\n" + printed.pdf


def printed_of(body: bytes) -> Printed:
    """Read the child's answer. Raises `ValueError` when it was cut."""
    head, line_end, pdf = body.partition(b"\n")
    if not line_end or not pdf.rstrip().endswith(b"%%EOF"):
        raise ValueError("the answer is cut")
    facts = json.loads(head)
    return Printed(pdf, facts["pages"], {int(n): c for n, c in facts["missing"].items()})
