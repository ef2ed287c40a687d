"""What a plan of PostgreSQL's says of the tables that grow: by what each one's rows are found."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple, get_args

from bench.lists import LARGE

# shop: by a merchant's, a factory's or a shop's id (a binding is one of each). key: by the key of a
# row, or of what it belongs to, that was found before. house: by neither, in an index of what is
# due, newest, or alike. all: from end to end.
By = Literal["shop", "key", "house", "all"]
WAYS: Final[tuple[By, ...]] = get_args(By)
GROWS: Final = frozenset((*LARGE, "order_change"))
_SHOP: Final = re.compile(r"\b(merchant_id|factory_id|shop_id|binding_id) = (?!\(hashed)")
_KEY: Final = re.compile(r"\b(id|\w+_id) = ")
_PART: Final = re.compile(r"_part\d+$")


class Found(NamedTuple):
    """How one statement of an act finds its rows: by table, and in how many parts of a split one.

    `plan` is a line for each scan of a table that grows.
    """

    act: str
    sql: str
    by: Mapping[str, By]
    parts: int
    plan: str

    @property
    def worst(self) -> By:
        """Return the least selective way of any of its tables."""
        return max(self.by.values(), key=WAYS.index)


def found_in(act: str, sql: str, plan: str) -> Found:
    """Read a plan as `EXPLAIN (FORMAT JSON)` gives it."""
    by: dict[str, By] = {}
    parts, lines = Counter[str](), dict[str, None]()
    for node in _scans(json.loads(plan)[0]["Plan"]):
        table = _PART.sub("", node["Relation Name"])
        if table in GROWS:
            parts[table] += node["Relation Name"] != table
            by[table] = max(by.get(table, "shop"), _way(node), key=WAYS.index)
            lines[_line(node)] = None
    return Found(act, sql, by, max(parts.values(), default=0), "\n".join(lines))


def _scans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node["Node Type"].endswith("Scan") and "Relation Name" in node:
        yield node
    for inner in node.get("Plans", ()):
        # A bitmap's index stands beneath the table it is for, with the condition.
        yield from _scans(inner)


def _condition(node: dict[str, Any]) -> str:
    return str(node.get("Index Cond") or node.get("Recheck Cond") or node.get("TID Cond") or "")


def _way(node: dict[str, Any]) -> By:
    condition = _condition(node)
    if _SHOP.search(condition):
        return "shop"
    if _KEY.search(condition):
        return "shop" if _SHOP.search(str(node.get("Filter", ""))) else "key"
    return "all" if node["Node Type"] == "Seq Scan" else "house"


def _line(node: dict[str, Any]) -> str:
    index = f" using {node['Index Name']}" if "Index Name" in node else ""
    filtered = f"; filter {node['Filter']}" if "Filter" in node else ""
    table = node["Relation Name"]
    return f"{node['Node Type']}{index} on {table}: {_condition(node) or 'all of it'}{filtered}"
