"""Every code a problem may have, with its status and its facts: where `Problem.type` leads.

Made from the refusals themselves, so none is missing; some of them only people in chat can meet.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from html import escape
from typing import NamedTuple

from api.problems import OF_HTTP, code_of, status_of, title_of
from core.errors import CoreError


class Listed(NamedTuple):
    """One code, and what it says."""

    code: str
    status: int
    title: str
    facts: tuple[str, ...] = ()


def listed() -> list[Listed]:
    """Return every code, those of requests first."""
    refusals = [
        Listed(code_of(kind), status_of(kind), title_of(kind), _facts(kind))
        for kind in _kinds(CoreError)
    ]
    return [*(Listed(*one) for one in OF_HTTP), *sorted(refusals)]


def table() -> str:
    """Return them as a table in HTML, each under an anchor of its own."""
    rows = (
        f'<tr id="{one.code}"><td><code>{one.code}</code></td><td>{one.status}</td>'
        f"<td>{escape(one.title)}</td><td>{', '.join(one.facts)}</td></tr>"
        for one in listed()
    )
    head = "<tr><th>code</th><th>status</th><th>it means</th><th>facts</th></tr>"
    return "\n".join(("<h1>Problems</h1>", "<table>", head, *rows, "</table>"))


def _kinds(kind: type[CoreError]) -> Iterator[type[CoreError]]:
    """Return the refusals that are raised: each is of no further kind."""
    below = kind.__subclasses__()
    if not below:
        yield kind
    for one in below:
        yield from _kinds(one)


def _facts(kind: type[CoreError]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
