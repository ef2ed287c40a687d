"""What Kuaishou pushes for each change: one encrypted message at a time.

The envelope is the wire page's. It names no events: these names, and what `info` says, are the
sandbox's own after the platform's one published example, to be corrected when they are known.
"""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from sandbox import orders
from sandbox.cast import App
from sandbox.orders import ASSIGNED, Order, Unit
from sandbox.world import World

Message = tuple[int, str, dict[str, Any]]
EVENTS = {
    "created": "kwaishop_order_addOrder",
    "paid": "kwaishop_order_paySuccess",
    "part_shipped": "kwaishop_order_partDelivery",
    "shipped": "kwaishop_order_deliverGoods",
    "logistics": "kwaishop_order_logisticsUpdate",
    "done": "kwaishop_order_orderSuccess",
    "cancelled": "kwaishop_order_orderFail",
    "address": "kwaishop_order_addressChange",
    "amount": "kwaishop_order_priceUpdate",
    "remark": "kwaishop_order_updateRemark",
    "deadline": "kwaishop_order_promiseTimeUpdate",
    "refund_opened": "kwaishop_aftersales_addRefund",
    "refund_agreed": "kwaishop_aftersales_updateRefund",
    "refund_refused": "kwaishop_aftersales_updateRefund",
    "refund_done": "kwaishop_aftersales_updateRefund",
    "refund_closed": "kwaishop_aftersales_updateRefund",
}
UNIT_EVENTS = {
    "assigned": "kwaishop_dropshipping_allocate",
    "unassigned": "kwaishop_dropshipping_cancelAllocate",
    "address": "kwaishop_dropshipping_addressUpdate",
    "remark": "kwaishop_dropshipping_noteUpdate",
    "returned": "kwaishop_dropshipping_deliver",
}


def of_order(world: World, order: Order, kind: str, details: dict[str, Any]) -> list[Message]:
    info = {
        "oid": int(order.id),
        "sellerId": order.shop,
        "dropshippingOrderCode": order.lines[0].unit,
        "updateTime": order.updated,
    }
    if "line" in details:
        info["refundId"] = int(f"7{order.id[-15:]}")
    told: list[Message] = [(order.shop, EVENTS[kind], info)]
    if kind in ("address", "remark"):
        for unit in orders.units_of(world.database, order.id):
            if unit.status == ASSIGNED:
                told += of_unit(world, unit, kind, details)
    return told


def of_unit(world: World, unit: Unit, kind: str, details: dict[str, Any]) -> list[Message]:  # noqa: ARG001
    if unit.factory is None:
        return []
    info = {
        "allocateOrderCode": unit.id,
        "userCode": str(world.shop(unit.merchant).mask),
        "updateTime": world.ms(),
    }
    return [(unit.factory, UNIT_EVENTS[kind], info)]


def envelope(app: App, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "eventId": row["id"],
        "bizId": int(row["order_id"]),
        "userId": row["shop"],
        "openId": f"open{row['shop']}",
        "appKey": app.key,
        "event": row["tag"],
        "info": row["data"],
        "createTime": int(row["made"] * 1000),
        "test": False,
    }


def encrypted(app: App, message: dict[str, Any]) -> bytes:
    """AES-CBC with an IV of zeroes and PKCS5 padding, base64."""
    key = base64.b64decode(app.message_key)
    padder = PKCS7(128).padder()
    plain = json.dumps(message, ensure_ascii=False).encode()
    padded = padder.update(plain) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize())


def body(world: World, rows: list[dict[str, Any]]) -> bytes:
    app = world.config.app("kuaishou")
    return encrypted(app, envelope(app, rows[0]))
