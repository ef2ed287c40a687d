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
    """`kind` happened to these orders of one platform; details are those its wording names."""
    rows = world.database.rows(
        "SELECT * FROM orders WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        json.dumps(list(ids)),
    )
    told = orders.load(world.database, rows)
    if not told:
        return
    wording = doudian if told[0].platform == "doudian" else kuaishou
    owe(world, [(order, wording.of_order(world, order, kind, details)) for order in told])


def tell_unit(world: World, unit: Unit, kind: str, **details: Any) -> None:
    """`kind` happened to what a factory was assigned: it is told."""
    wording = doudian if unit.order.platform == "doudian" else kuaishou
    owe(world, [(unit.order, wording.of_unit(world, unit, kind, details))])


def owe(world: World, told: list[tuple[Order, list[Message]]]) -> None:
    """Keep messages to be sent, as the settings say: due now, held, late, or lost at once.

    The orders are of one platform.
    """
    platform = told[0][0].platform
    push = world.kept.of(platform).push
    if push.mode == "off":
        return
    shops = {shop for _, messages in told for shop, _, _ in messages}
    spoken_of = {shop for shop in shops if tokens.authorised(world, shop)}
    kept = [(order.id, *one) for order, messages in told for one in messages if one[0] in spoken_of]
    if not kept:
        return
    now, lost = world.now(), min(push.lose, len(kept))
    first = world.database.next("messages", len(kept)) - len(kept) + 1
    state = "held" if push.mode == "held" else "due"
    world.database.many(
        "INSERT INTO pushes(platform, id, shop, tag, order_id, made, data, state, due) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                platform,
                f"{int(now)}{first + place:010d}",
                shop,
                tag,
                order_id,
                now,
                json.dumps(data, ensure_ascii=False),
                "lost" if place < lost else state,
                now + push.delay,
            )
            for place, (order_id, shop, tag, data) in enumerate(kept)
        ],
    )
    if lost:
        world.settings.change({platform: {"push": {"lose": push.lose - lost}}})
    world.bells.ring("pushes")
