"""Orders as the sandbox holds them, platform-neutral: states are words, times are milliseconds.

A `unit` is what is assigned to a factory: on Doudian a line of an order, on Kuaishou a whole one.
Lists are read in a fixed number of questions, whatever their length.
"""

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.cast import Platform
from sandbox.database import Database

Status = Literal["unpaid", "paid", "part_shipped", "shipped", "closed", "done"]
AfterSale = Literal["none", "open", "refunded", "refused", "closed"]
UNASSIGNED, ASSIGNED, RETURNED, CANCELLED = 0, 1, 2, 3


@dataclass
class Line:
    id: str
    order_id: str
    place: int
    unit: str
    count: int
    shipped: int
    after_sale: AfterSale
    product: dict[str, Any]

    @property
    def left(self) -> int:
        """Pieces still to ship: none where the line was refunded."""
        return 0 if self.after_sale == "refunded" else self.count - self.shipped


@dataclass
class Parcel:
    """`items`: line id → pieces."""

    id: str
    order_id: str
    unit: str | None
    company: str
    number: str
    at: int
    items: dict[str, int]


@dataclass
class Order:
    id: str
    platform: Platform
    shop: int
    status: Status
    created: int
    paid: int
    updated: int
    deadline: int
    shipped: int
    finished: int
    receiver: str
    body: dict[str, Any]
    lines: list[Line] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)

    @property
    def after_sale(self) -> bool:
        return any(line.after_sale == "open" for line in self.lines)

    @property
    def amount(self) -> int:
        """Fen, with what was changed by hand."""
        goods = sum(line.product["price"] * line.count for line in self.lines)
        return int(goods + self.body.get("modified", 0))

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)


@dataclass
class Unit:
    """`updated` is never before the order's own."""

    id: str
    order_id: str
    merchant: int
    factory: int | None
    status: int
    assigned: int
    updated: int
    reason: str
    order: Order
    lines: list[Line]

    @property
    def left(self) -> int:
        return sum(line.left for line in self.lines)

    @property
    def after_sale(self) -> bool:
        return any(line.after_sale == "open" for line in self.lines)

    @property
    def parcels(self) -> list[Parcel]:
        own = {line.id for line in self.lines}
        return [parcel for parcel in self.order.parcels if own & set(parcel.items)]


def load(database: Database, rows: list[sqlite3.Row]) -> list[Order]:
    """The orders of these rows of `orders`, in their order, with lines and parcels."""
    ids = json.dumps([row["id"] for row in rows])
    lines: dict[str, list[Line]] = defaultdict(list)
    for row in database.rows(
        "SELECT * FROM lines WHERE order_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY order_id, place",
        ids,
    ):
        lines[row["order_id"]].append(_line(row))
    parcels: dict[str, list[Parcel]] = defaultdict(list)
    for row in database.rows(
        "SELECT * FROM parcels WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY id", ids
    ):
        parcels[row["order_id"]].append(_parcel(row))
    return [
        Order(
            **{name: row[name] for name in _ORDER_COLUMNS},
            body=json.loads(row["body"]),
            lines=lines[row["id"]],
            parcels=parcels[row["id"]],
        )
        for row in rows
    ]


_ORDER_COLUMNS = (
    "id", "platform", "shop", "status", "created", "paid", "updated", "deadline", "shipped",
    "finished", "receiver",
)  # fmt: skip


def _line(row: sqlite3.Row) -> Line:
    return Line(
        row["id"],
        row["order_id"],
        row["place"],
        row["unit"],
        row["count"],
        row["shipped"],
        row["after_sale"],
        json.loads(row["body"]),
    )


def _parcel(row: sqlite3.Row) -> Parcel:
    return Parcel(
        row["id"],
        row["order_id"],
        row["unit"],
        row["company"],
        row["number"],
        row["at"],
        json.loads(row["items"]),
    )


def find(database: Database, order_id: str) -> Order | None:
    rows = database.rows("SELECT * FROM orders WHERE id = ?", order_id)
    return load(database, rows)[0] if rows else None


def load_units(database: Database, rows: list[sqlite3.Row]) -> list[Unit]:
    """The units of these rows of `units`, in their order, each with its order and lines."""
    ids = json.dumps(sorted({row["order_id"] for row in rows}))
    found = database.rows("SELECT * FROM orders WHERE id IN (SELECT value FROM json_each(?))", ids)
    orders = {order.id: order for order in load(database, found)}
    units = []
    for row in rows:
        order = orders[row["order_id"]]
        own = [line for line in order.lines if line.unit == row["id"]]
        facts = {name: row[name] for name in _UNIT_COLUMNS}
        units.append(Unit(**facts, order=order, lines=own))
    return units


_UNIT_COLUMNS = (
    "id", "order_id", "merchant", "factory", "status", "assigned", "updated", "reason",
)  # fmt: skip


def find_units(database: Database, ids: list[str]) -> dict[str, Unit]:
    rows = database.rows(
        "SELECT * FROM units WHERE id IN (SELECT value FROM json_each(?))", json.dumps(ids)
    )
    return {unit.id: unit for unit in load_units(database, rows)}


def units_of(database: Database, order_id: str) -> list[Unit]:
    rows = database.rows("SELECT * FROM units WHERE order_id = ? ORDER BY id", order_id)
    return load_units(database, rows)
