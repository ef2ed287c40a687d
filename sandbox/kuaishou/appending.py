"""Gifts, resends and exchanges: orders a merchant appends to an order, and deletes again."""

import json
from typing import Any

from pydantic import Field

from sandbox import making, orders, sealing
from sandbox.acts import touch
from sandbox.gateway import Asking, Strict
from sandbox.kuaishou import refusals as refuse
from sandbox.kuaishou.calling import Done, Text, merchant_only
from sandbox.kuaishou.words import EXCHANGE, GIFT, NORMAL
from sandbox.orders import CANCELLED, UNASSIGNED, Order, Unit


class Item(Strict):
    itemId: int = 0  # noqa: N815  so named by the platform
    itemName: Text  # noqa: N815
    quantity: int = Field(ge=1)


class ReceiverAddress(Strict):
    province: Text
    city: Text
    district: Text
    town: str = ""
    detail: Text


class ReceiverContact(Strict):
    name: Text
    phone: Text


class Appended(Strict):
    requestId: Text  # noqa: N815
    dropshippingOrderCode: Text  # noqa: N815
    orderType: int = Field(ge=GIFT, le=EXCHANGE)  # noqa: N815
    orderItemList: list[Item] = Field(min_length=1)  # noqa: N815
    sellerNote: str = ""  # noqa: N815
    receiverAddress: ReceiverAddress | None = None  # noqa: N815
    receiverContact: ReceiverContact | None = None  # noqa: N815


class Append(Strict):
    appendRequestList: list[Appended] = Field(min_length=1, max_length=100)  # noqa: N815


class Delete(Strict):
    dropshippingOrderCodeList: list[Text] = Field(min_length=1, max_length=100)  # noqa: N815


def append(asking: Asking, asked: Append) -> Any:
    """The same `requestId` appends once and is answered the same again."""
    merchant_only(asking)
    return [_appended(asking, one) for one in asked.appendRequestList]


def _appended(asking: Asking, one: Appended) -> dict[str, Any]:
    database, shop = asking.world.database, asking.shop.id
    before = database.row("SELECT answer FROM requests WHERE shop = ? AND id = ?", shop,
                          one.requestId)  # fmt: skip
    if before:
        return dict(json.loads(before[0]))
    unit = orders.find_units(database, [one.dropshippingOrderCode]).get(one.dropshippingOrderCode)
    if unit is None or unit.merchant != shop:
        return _result(one.requestId, "", "代发订单不存在")
    order_id = making.create(asking.world, _new(asking, unit.order, one))[0]
    made = orders.find(database, order_id)
    assert made is not None  # noqa: S101  made in the line above
    body = json.dumps({**made.body, "order_type": one.orderType}, ensure_ascii=False)
    touch(asking.world, order_id, body=body)
    answer = _result(one.requestId, made.lines[0].unit, "")
    database.run("INSERT INTO requests VALUES(?, ?, ?)", shop, one.requestId, json.dumps(answer))
    return answer


def _new(asking: Asking, order: Order, one: Appended) -> making.NewOrders:
    """To the order's own recipient where none is given; nothing is paid for it."""
    plain = {
        name: (sealing.unseal(order.id, text) or (0, ""))[1]
        for name, text in order.body["sealed"].items()
    }
    areas, detail = order.body["areas"], plain["detail"]
    if one.receiverAddress is not None:
        to = one.receiverAddress
        areas, detail = [to.province, to.city, to.district, to.town], to.detail
    contact = one.receiverContact
    return making.NewOrders(
        shop=asking.shop.id,
        lines=[
            making.NewLine(name=item.itemName, spec={}, code=str(item.itemId or ""), price=0,
                           count=item.quantity)
            for item in one.orderItemList
        ],
        buyer=making.NewBuyer(
            name=contact.name if contact else plain["name"],
            phone=contact.phone if contact else plain["phone"],
            areas=(areas[0], areas[1], areas[2], areas[3]),
            detail=detail,
        ),
        seller_words=one.sellerNote,
    )  # fmt: skip


def delete(asking: Asking, asked: Delete) -> Any:
    """Only what was appended, and is with no factory."""
    merchant_only(asking)
    found = orders.find_units(asking.world.database, asked.dropshippingOrderCodeList)
    results = []
    for code in asked.dropshippingOrderCodeList:
        said = ""
        try:
            _remove(asking, found.pop(code, None))
        except refuse.Refused as refused:
            said = refused.said
        results.append({"dropshippingOrderCode": code, "success": not said, "errorMsg": said})
    return results


def _remove(asking: Asking, unit: Unit | None) -> None:
    if unit is None or unit.merchant != asking.shop.id:
        raise refuse.business("代发订单不存在")
    if unit.order.body.get("order_type", NORMAL) == NORMAL:
        raise refuse.business("只能删除追加的订单")
    if unit.status not in (UNASSIGNED, CANCELLED) or unit.order.parcels:
        raise refuse.business("代发订单状态不允许删除")
    for table, column in (("lines", "order_id"), ("units", "order_id"), ("orders", "id")):
        asking.world.database.run(
            f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608  names from the line above
            unit.order_id,
        )


def _result(request: str, code: str, said: str) -> dict[str, Any]:
    return {
        "requestId": request,
        "dropshippingOrderCode": code,
        "success": not said,
        "errorMsg": said,
    }


CALLS = {
    "open.dropshipping.order.batch.append": Done(Append, append),
    "open.dropshipping.order.batch.delete": Done(Delete, delete),
}
