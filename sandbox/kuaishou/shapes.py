"""How Kuaishou shows a dropship order: to its merchant, and to the factory it is with.

The wire page names no field of an answer: these names follow those of the requests.
"""

from typing import Any

from sandbox.kuaishou.words import (
    ALLOCATE_STATUS,
    DROPSHIPPING_STATUS,
    NORMAL,
    ORDER_STATUS,
    REFUND_STATUS,
)
from sandbox.orders import Line, Unit


def for_merchant(unit: Unit, factory_code: str) -> dict[str, Any]:
    order, body = unit.order, unit.order.body
    sealed, masked = body["sealed"], body["masked"]
    return {
        "dropshippingOrderCode": unit.id,
        "oid": int(order.id),
        "orderType": body.get("order_type", NORMAL),
        "orderStatus": ORDER_STATUS[order.status],
        "dropshippingStatus": DROPSHIPPING_STATUS[unit.status],
        "refundStatus": _refund(unit.lines),
        "factoryCode": factory_code,
        "allocateTime": unit.assigned,
        "cancelAllocateReason": unit.reason,
        "createTime": order.created,
        "payTime": order.paid,
        "updateTime": unit.updated,
        "promiseDeliverTime": order.deadline,
        "finishTime": order.finished,
        "cancelReason": body.get("cancel_reason", ""),
        "totalFee": order.amount,
        "buyerNote": body["buyer_words"],
        "sellerNote": body["seller_words"],
        "receiverAddress": {
            **_area(body),
            "encryptedDetail": sealed["detail"],
            "desensitiseDetail": masked["detail"],
        },
        "receiverContact": {
            "encryptedName": sealed["name"],
            "desensitiseName": masked["name"],
            "encryptedMobile": sealed["phone"],
            "desensitiseMobile": masked["phone"],
        },
        "orderItemList": [_item(line) for line in unit.lines],
        "waybillList": _waybills(unit),
    }


def for_factory(unit: Unit, user_code: str, user_name: str) -> dict[str, Any]:
    """As far as the district: the rest is the e-waybill's business."""
    order = unit.order
    return {
        "allocateOrderCode": unit.id,
        "userCode": user_code,
        "userName": user_name,
        "orderType": order.body.get("order_type", NORMAL),
        "allocateStatus": ALLOCATE_STATUS[unit.status],
        "refundStatus": _refund(unit.lines),
        "allocateTime": unit.assigned,
        "cancelAllocateReason": unit.reason,
        "updateTime": unit.updated,
        "promiseDeliverTime": order.deadline,
        "buyerNote": order.body["buyer_words"],
        "sellerNote": order.body["seller_words"],
        "receiverId": order.receiver,
        "receiverAddress": _area(order.body),
        "orderItemList": [_item(line) for line in unit.lines],
        "waybillList": _waybills(unit),
    }


def _area(body: dict[str, Any]) -> dict[str, Any]:
    told = {}
    for place, level in enumerate(("province", "city", "district", "town")):
        told[level] = body["areas"][place]
        told[f"{level}Code"] = int(body["area_ids"][place])
    return told


def _item(line: Line) -> dict[str, Any]:
    product = line.product
    return {
        "itemId": product["product"],
        "skuId": product["sku"],
        "itemName": product["name"],
        "skuDesc": ";".join(one["value"] for one in product["spec"]),
        "skuNick": product["code"],
        "quantity": line.count,
        "price": product["price"],
        "refundStatus": REFUND_STATUS[line.after_sale],
    }


def _refund(lines: list[Line]) -> int:
    """Open before all else."""
    states = [line.after_sale for line in lines]
    return REFUND_STATUS["open" if "open" in states else states[0]]


def _waybills(unit: Unit) -> list[dict[str, Any]]:
    return [
        {
            "waybillCode": one.number,
            "expressCompanyCode": one.company,
            "deliverTime": one.at,
            "logisticsId": int(one.id),
        }
        for one in unit.parcels
    ]
