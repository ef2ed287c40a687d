"""What the operator's side shows: orders with everything about them, shops, messages.

The operator of a sandbox may see whom it invented, so recipients are shown opened here.
"""

import json
from typing import Any

from sandbox import orders, sealing, tokens
from sandbox.orders import Order
from sandbox.world import World


def order_rows(world: World, platform: str, before: str, limit: int) -> dict[str, Any]:
    """Newest first, from the one after order `before` on."""
    rows = world.database.rows(
        "SELECT * FROM orders WHERE ?1 IN ('', platform) AND (?2 = '' OR (created, id) < "
        "(SELECT created, id FROM orders WHERE id = ?2)) ORDER BY created DESC, id DESC LIMIT ?3",
        platform,
        before,
        limit,
    )
    return {"orders": [order_told(world, order) for order in orders.load(world.database, rows)]}


def order_told(world: World, order: Order) -> dict[str, Any]:
    sealed = order.body["sealed"]
    opened = {name: sealing.unseal(order.id, text) for name, text in sealed.items()}
    plain = {name: one[1] if one else "" for name, one in opened.items()}
    return {
        "id": order.id,
        "platform": order.platform,
        "shop": order.shop,
        "shop_name": world.shop(order.shop).name,
        "status": order.status,
        "created": order.created,
        "paid": order.paid,
        "updated": order.updated,
        "deadline": order.deadline,
        "amount": order.amount,
        "after_sale": order.after_sale,
        "buyer_words": order.body["buyer_words"],
        "seller_words": order.body["seller_words"],
        "cancel_reason": order.body.get("cancel_reason", ""),
        "recipient": {**plain, "areas": order.body["areas"], "receiver_id": order.receiver},
        "lines": [
            {
                "id": line.id,
                "unit": line.unit,
                "name": line.product["name"],
                "spec": " ".join(one["value"] for one in line.product["spec"]),
                "code": line.product["code"],
                "price": line.product["price"],
                "count": line.count,
                "shipped": line.shipped,
                "after_sale": line.after_sale,
            }
            for line in order.lines
        ],
        "units": [
            {"id": row["id"], "status": row["status"], "factory": row["factory"],
             "reason": row["reason"]}
            for row in world.database.rows(
                "SELECT * FROM units WHERE order_id = ? ORDER BY id", order.id
            )
        ],
        "parcels": [
            {"id": one.id, "company": one.company, "number": one.number, "items": one.items}
            for one in order.parcels
        ],
    }  # fmt: skip


def shops(world: World) -> list[dict[str, Any]]:
    return [
        {
            "id": shop.id,
            "platform": shop.platform,
            "role": shop.role,
            "name": shop.name,
            "mask": shop.mask,
            "authorised": tokens.authorised(world, shop.id),
        }
        for shop in world.shops()
    ]


def bindings(world: World) -> list[dict[str, Any]]:
    rows = world.database.rows("SELECT merchant, factory, status FROM bindings ORDER BY 1, 2")
    return [dict(row) for row in rows]


def pushes(world: World, after: int) -> list[dict[str, Any]]:
    """The newest first, at most 500."""
    rows = world.database.rows("SELECT * FROM pushes WHERE n > ? ORDER BY n DESC LIMIT 500", after)
    return [
        {**dict(row), "data": json.loads(row["data"]), "log": json.loads(row["log"])}
        for row in rows
    ]
