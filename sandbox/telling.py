"""What a change makes the platform say: messages are owed in the transaction of the change.

Only shops that have authorised the application are spoken of; each platform words it itself.
"""

import json
from collections.abc import Iterable
from typing import Any

from sandbox import orders, tokens
from sandbox.doudian import messages as doudian
from sandbox.kuaishou import messages as kuaishou
from sandbox.orders import Order, Unit
from sandbox.world import World

Message = tuple[int, str, dict[str, Any]]  # shop, tag, data


def tell(world: World, ids: Iterable[str], kind: str, **details: Any) -> None:
    """`kind` happened to these orders; details are those the platforms' wordings name."""
    rows = world.database.rows(
        "SELECT * FROM orders WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        json.dumps(list(ids)),
    )
    for order in orders.load(world.database, rows):
        wording = doudian if order.platform == "doudian" else kuaishou
        owe(world, order, wording.of_order(world, order, kind, details))


def tell_unit(world: World, unit: Unit, kind: str, **details: Any) -> None:
    """`kind` happened to what a factory was assigned: it is told."""
    wording = doudian if unit.order.platform == "doudian" else kuaishou
    owe(world, unit.order, wording.of_unit(world, unit, kind, details))


def owe(world: World, order: Order, messages: list[Message]) -> None:
    """Keep messages to be sent, as the settings say: due now, held, late, or lost at once."""
    pushing = world.kept.of(order.platform).push
    if pushing.mode == "off":
        return
    now = world.now()
    for shop, tag, data in messages:
        if not tokens.authorised(world, shop):
            continue
        n = world.database.next("messages")
        lost = world.kept.of(order.platform).push.lose > 0
        if lost:
            _lose_one(world, order)
        state = "lost" if lost else "held" if pushing.mode == "held" else "due"
        world.database.run(
            "INSERT INTO pushes(platform, id, shop, tag, order_id, made, data, state, due) "
            "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
            order.platform,
            f"{int(now)}{n:010d}",
            shop,
            tag,
            order.id,
            now,
            json.dumps(data, ensure_ascii=False),
            state,
            now + pushing.delay,
        )
    world.bells.ring("pushes")


def _lose_one(world: World, order: Order) -> None:
    left = world.kept.of(order.platform).push.lose - 1
    world.settings.change({order.platform: {"push": {"lose": left}}})
