"""Assigning 10,000 orders in one go: the use case, whole, beside the same rows by bare SQL.

The floor does in set-based SQL by plain sqlite3, on a copy of the same database and with the same
pragmas, what one confirm must write: assignments and their pieces, the orders, an audit row each,
one alert, the counters. Its tags are drawn before the clock starts. Ours is one visit, from the
proof of who acts to the commit; the dry run, which freezes the selection, is on neither side.
"""

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from bench.figures import Row, micros, middle
from bench.house import Prepared, prepare_batch
from bench.races import calm_the_collector
from bench.statements import bare
from core.text.tags import ALPHABET

NOW = 1_772_400_000_000_000
_COUNTED = """
SELECT (SELECT count(*) FROM assignment), (SELECT sum(quantity) FROM assignment_piece),
       (SELECT count(*) FROM orders WHERE tab = 'to_ship' AND status = 'assigned'),
       (SELECT count(*) FROM audit WHERE act = 'assigned'), (SELECT sum(open_count) FROM binding)
"""

_SETS = (
    """
    INSERT INTO assignment_piece (assignment_id, line_id, quantity)
    SELECT a.id, l.id, l.quantity FROM assignment a JOIN order_line l ON l.order_id = a.order_id
    WHERE a.draft_id = :draft
    """,
    """
    UPDATE orders SET status = 'assigned', tab = 'to_ship', factory_id = :factory
    WHERE id IN (SELECT order_id FROM assignment WHERE draft_id = :draft)
    """,
    """
    INSERT INTO audit (at, account_id, shop_id, order_id, door, act, detail)
    SELECT :now, assigned_by, merchant_id, order_id, 'chat', 'assigned',
           json_object('assignment', id, 'factory', factory_id)
    FROM assignment WHERE draft_id = :draft
    """,
    """
    INSERT INTO alert (chat_id, account_id, shop_id, event, payload, state, due_at, attempts,
                       doubtful, created_at)
    VALUES (:chat, :factory, :factory, 'OrdersAssigned', json_object('draft_id', :draft), 'owed',
            :now, 0, 0, :now)
    """,
    "UPDATE binding SET open_count = open_count + :n WHERE id = :binding",
)


class Sizes(NamedTuple):
    """How many orders in the batch, and how often it is assigned."""

    orders: int = 10_000
    rounds: int = 5


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the row of a batch."""
    calm_the_collector()
    made = await prepare_batch(folder, sizes.orders)
    ours, floor = [], []
    for n in range(1 + sizes.rounds):  # the first round only warms
        took, least = await _ours(made), _floor(made, sizes.orders)
        _check(made)
        if n:
            ours.append([took])
            floor.append([least])
    words = f"{sizes.rounds} × {sizes.orders:,} orders, one visit; without the dry run"
    return [
        Row("batches", f"assign {sizes.orders:,} at once", micros(middle(ours)),
            micros(middle(floor)), 2.0, measured=words)
    ]  # fmt: skip


async def _ours(made: Prepared) -> float:
    async with made.opened(made.copy("ours.sqlite3")) as house:
        assigning, draft_id = house.services.assigning, made.drafts[0]
        await house.database.write(lambda store: store.drafts.get(draft_id))
        start = time.perf_counter()
        await house.database.write(lambda s: assigning.confirm(s, made.merchant, draft_id))
        return time.perf_counter() - start


def _floor(made: Prepared, orders: int) -> float:
    letters = random.Random(1)
    tags: set[str] = set()
    while len(tags) < orders:
        tags.add("".join(letters.choices(ALPHABET, k=4)))
    with closing(bare(made.copy("floor.sqlite3"))) as raw:
        raw.execute("SELECT * FROM assign_draft WHERE id = ?", (made.drafts[0],)).fetchone()
        start = time.perf_counter()
        _assign(raw, made, list(tags))
        return time.perf_counter() - start


def _assign(raw: sqlite3.Connection, made: Prepared, tags: list[str]) -> None:
    draft, shop, factory = made.drafts[0], made.merchant.shop_id, made.factory.shop_id
    raw.execute("BEGIN IMMEDIATE")
    raw.execute(
        "UPDATE assign_draft SET state = 'confirmed', confirmed_at = ? WHERE id = ?", (NOW, draft)
    )
    (binding,) = raw.execute(
        "SELECT id FROM binding WHERE merchant_id = ? AND factory_id = ? AND status = 'bound'",
        (shop, factory),
    ).fetchone()
    orders = raw.execute(
        "SELECT o.id, o.sort_at FROM assign_draft_item i JOIN orders o ON o.id = i.order_id"
        " WHERE i.draft_id = ? AND i.left_out = '' AND o.tab = 'unassigned' AND o.complete"
        " AND o.revision = i.revision AND o.after_sale = 'none' AND o.closed_reason IS NULL"
        " ORDER BY o.sort_at, o.id",
        (draft,),
    ).fetchall()
    raw.executemany(
        "INSERT INTO assignment (order_id, sort_at, tag, merchant_id, factory_id, binding_id,"
        " draft_id, status, tab, extra, assigned_by, assigned_at, decline_reason,"
        " held_reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'assigned', 'to_ship', '', ?, ?, '', '')",
        [
            (one, due, tag, shop, factory, binding, draft, made.merchant.account_id, NOW)
            for (one, due), tag in zip(orders, tags, strict=True)
        ],
    )
    for statement in _SETS:
        values = {
            "draft": draft, "factory": factory, "now": NOW, "n": len(orders), "binding": binding,
            "chat": 1,
        }  # fmt: skip
        raw.execute(statement, values)
    raw.executemany(
        "INSERT INTO counter (shop_id, name, n) VALUES (?, ?, ?)"
        " ON CONFLICT (shop_id, name) DO UPDATE SET n = counter.n + excluded.n",
        [
            (shop, "unassigned", -len(orders)),
            (shop, "to_ship", len(orders)),
            (factory, "to_ship", len(orders)),
        ],
    )
    raw.execute("COMMIT")


def _check(made: Prepared) -> None:
    """Both did the same rows."""
    did = []
    for name in ("ours.sqlite3", "floor.sqlite3"):
        with closing(bare(made.path.with_name(name))) as raw:
            did.append(raw.execute(_COUNTED).fetchone())
    if did[0] != did[1] or not did[0][0]:
        raise RuntimeError(f"ours wrote {did[0]}, the floor {did[1]}")
