"""What Doudian pushes for each change: tag and data, to the merchant and to its factories.

Tags are the wire page's. The data's field names are those public clients of the platform read;
names and addresses in them are masked or sealed.
"""

import json
from collections.abc import Callable
from typing import Any

from sandbox import orders
from sandbox.doudian.words import (
    AFTER_SALE,
    AFTER_SHIPPING,
    BEFORE_SHIPPING,
    ORDER_STATUS,
)
from sandbox.orders import ASSIGNED, Order, Unit
from sandbox.world import World

Message = tuple[int, str, dict[str, Any]]


def of_order(world: World, order: Order, kind: str, details: dict[str, Any]) -> list[Message]:
    tag, make = _ORDER[kind]
    told = [(order.shop, tag, make(world, order, details))]
    if kind == "address":
        told.append((order.shop, "111", _applied(world, order, details)))
    if kind in ("address", "remark"):
        for unit in orders.units_of(world.database, order.id):
            if unit.status == ASSIGNED:
                told += of_unit(world, unit, kind, details)
    return told


def of_unit(world: World, unit: Unit, kind: str, details: dict[str, Any]) -> list[Message]:
    """To the factory; `user_id` is the merchant's mask."""
    if unit.factory is None:
        return []
    data: dict[str, Any] = {
        "distr_order_id": unit.id,
        "shop_id": unit.factory,
        "user_id": world.shop(unit.merchant).mask,
    }
    if kind == "remark":
        data["seller_remark"] = unit.order.body["seller_words"]
    if kind == "returned":
        data["return_status"] = int(details["status"])
    return [(unit.factory, _unit_tag(world, kind), data)]


def _unit_tag(world: World, kind: str) -> str:
    if kind == "unassigned":
        return world.kept.doudian.unassigned_tag
    return {"remark": "500", "assigned": "501", "address": "504", "returned": "505"}[kind]


def body(world: World, rows: list[dict[str, Any]]) -> bytes:
    """The array of messages as sent, in the shape set now."""
    push = world.kept.doudian.push
    made = []
    for row in rows:
        data = row["data"] if push.data == "text" else json.loads(row["data"])
        tag = row["tag"] if push.tag == "text" else int(row["tag"])
        made.append({"tag": tag, push.msg_id: row["id"], "data": data})
    return json.dumps(made, ensure_ascii=False).encode()


def _base(order: Order) -> dict[str, Any]:
    return {
        "p_id": order.id,
        "s_ids": [line.id for line in order.lines],
        "shop_id": order.shop,
        "order_status": ORDER_STATUS[order.status],
        "order_type": 0,
        "biz": 2,
    }


def _at(name: str, column: str) -> Callable[[World, Order, dict[str, Any]], dict[str, Any]]:
    """The base and one time of the order, in seconds."""

    def made(world: World, order: Order, details: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
        return {**_base(order), name: getattr(order, column) // 1000}

    return made


def _paid(world: World, order: Order, details: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    paid = {"pay_time": order.paid // 1000, "pay_type": 4, "pay_amount": order.amount}
    return {**_base(order), **paid}


def _cancelled(world: World, order: Order, details: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    facts = {
        "cancel_time": order.finished // 1000,
        "cancel_reason": order.body.get("cancel_reason", ""),
    }
    return {**_base(order), **facts}


def _amount(world: World, order: Order, details: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    facts = {
        "modify_time": order.updated // 1000,
        "total_amount": order.amount,
        "post_amount": 0,
    }
    return {**_base(order), **facts}


def _remark(world: World, order: Order, details: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {
        "p_id": order.id,
        "shop_id": order.shop,
        "update_time": order.updated // 1000,
        "remark": order.body["seller_words"],
        "star": order.body["star"],
    }


def _receiver(knows: dict[str, Any]) -> dict[str, Any]:
    names, ids, sealed = knows["areas"], knows["area_ids"], knows["sealed"]
    levels = ("province", "city", "town", "street")
    area = {
        level: {"id": int(ids[place]), "name": names[place]} for place, level in enumerate(levels)
    }
    return {
        "name": knows["masked"]["name"],
        "tel": knows["masked"]["phone"],
        "encrypt_name": sealed["name"],
        "encrypt_tel": sealed["phone"],
        "addr": {**area, "detail": knows["masked"]["detail"], "encrypt_detail": sealed["detail"]},
    }


def _address(world: World, order: Order, details: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    facts = {"update_time": order.updated // 1000, "receiver_msg": _receiver(order.body)}
    return {**_base(order), **facts}


def _applied(world: World, order: Order, details: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    return {
        "p_id": order.id,
        "shop_id": order.shop,
        "apply_time": order.updated // 1000,
        "post_receiver_msg": _receiver(details["before"]),
        "receiver_msg": _receiver(order.body),
    }


def _shipped(world: World, order: Order, details: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    parcel = next(one for one in order.parcels if one.id == details["parcels"][-1])
    lines = {line.id: line for line in order.lines}
    logistics = {
        "express_company_id": parcel.company,
        "logistics_code": parcel.number,
        "pack_id": parcel.id,
        "shipped_order_info": [
            {
                "shipped_order_id": line_id,
                "product_id": lines[line_id].product["product"],
                "sku_id": lines[line_id].product["sku"],
                "sku_num": lines[line_id].count,
                "shipped_num": pieces,
            }
            for line_id, pieces in parcel.items.items()
        ],
    }
    facts = {
        "update_time": order.updated // 1000,
        "receiver_msg": _receiver(order.body),
        "logistics_msg": logistics,
    }
    return {**_base(order), **facts}


def _refund(name: str) -> Callable[[World, Order, dict[str, Any]], dict[str, Any]]:
    def made(world: World, order: Order, details: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
        line = order.line(details["line"])
        assert line is not None  # noqa: S101  acts name lines of this order
        status = AFTER_SALE[line.after_sale][0]
        return {
            "p_id": order.id,
            "s_id": line.id,
            "shop_id": order.shop,
            "aftersale_id": f"7{line.id}",
            "aftersale_status": status,
            "aftersale_type": AFTER_SHIPPING if line.shipped else BEFORE_SHIPPING,
            "refund_amount": line.product["price"] * line.count,
            "refund_post_amount": 0,
            "refund_voucher_num": 0,
            "reason_code": 1,
            name: order.updated // 1000,
        }

    return made


_ORDER: dict[str, tuple[str, Callable[[World, Order, dict[str, Any]], dict[str, Any]]]] = {
    "created": ("100", _at("create_time", "created")),
    "paid": ("101", _paid),
    "shipped": ("102", _shipped),
    "done": ("103", _at("complete_time", "finished")),
    "logistics": ("104", _shipped),
    "address": ("105", _address),
    "cancelled": ("106", _cancelled),
    "part_shipped": ("108", _shipped),
    "amount": ("109", _amount),
    "remark": ("113", _remark),
    "deadline": ("126", _at("exp_ship_time", "deadline")),
    "refund_opened": ("200", _refund("apply_time")),
    "refund_agreed": ("201", _refund("agree_time")),
    "refund_refused": ("204", _refund("refuse_time")),
    "refund_done": ("206", _refund("success_time")),
    "refund_closed": ("207", _refund("close_time")),
}
