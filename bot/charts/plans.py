"""What is on a picture, already in words and numbers: plain values that cross into the child."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Layer:
    """One colour of a panel's columns; a value of None leaves a gap."""

    name: str
    colour: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Columns:
    """A panel with a column for each day, its layers one upon the other."""

    title: str
    labels: Sequence[str]
    layers: Sequence[Layer]


@dataclass(frozen=True, slots=True)
class Rate:
    """A line of a panel of shares: a name, how many of a hundred (None: nothing yet), a remark."""

    name: str
    share: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Rates:
    """A panel with a bar for each name."""

    title: str
    rows: Sequence[Rate]


@dataclass(frozen=True, slots=True)
class Plan:
    """A picture: a heading, large figures in a row (what, how much), and panels below."""

    title: str
    about: str
    figures: Sequence[tuple[str, str]]
    columns: Sequence[Columns] = ()
    rates: Sequence[Rates] = ()
    empty: str = ""  # said in place of the panels
    foot: str = field(default="")


def written(plan: Plan) -> str:
    """Return the plan as the child reads it."""
    return json.dumps(asdict(plan), ensure_ascii=False)


def plan_of(text: str) -> Plan:
    """Read a plan back."""
    asked: dict[str, Any] = json.loads(text)
    columns = [
        Columns(**{**one, "layers": [Layer(**layer) for layer in one["layers"]]})
        for one in asked.pop("columns")
    ]
    rates = [
        Rates(**{**one, "rows": [Rate(**row) for row in one["rows"]]}) for one in asked.pop("rates")
    ]
    figures = [(what, much) for what, much in asked.pop("figures")]
    return Plan(**asked, figures=figures, columns=columns, rates=rates)
