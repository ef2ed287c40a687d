"""A merchant ships itself: the whole order, in several parcels, and with another number later.

The wire page names the calls, but logisticsEditByPack (one parcel of several), which public clients
know; so do they the sub-codes. A request with several parcels is done whole or not at all, and
once under one `request_id`.
"""

import json
from typing import Any

from pydantic import Field

from sandbox import acts, orders
from sandbox.doudian import refusals as refuse
from sandbox.doudian.calling import Done, Line, merchant_only
from sandbox.doudian.words import NAMES, fits
from sandbox.gateway import Asking, Strict
from sandbox.orders import Order

_FORBIDDEN = {
    "unpaid": (60137, "订单未支付，禁止发货"),
    "closed": (60021, "订单已取消，禁止发货"),
    "done": (60113, "订单已完结，禁止发货"),
    "shipped": (60110, "订单已发货，不允许再次执行发货"),
}


class LogisticsAdd(Strict):
    order_id: Line
    company_code: Line
    logistics_code: Line
    is_refund_reject: bool = False
    is_reject_refund: bool = False
    serial_number_list: list[str] = Field(default_factory=list)
    address_id: int | None = None


class Shipped(Strict):
    shipped_order_id: Line
    shipped_num: int


class Pack(Strict):
    shipped_order_info: list[Shipped] = Field(min_length=1)
    logistics_code: Line
    company_code: Line


class LogisticsAddMultiPack(Strict):
    order_id: Line
    request_id: Line
    pack_list: list[Pack] = Field(min_length=1)
    is_refund_reject: bool = False
    is_reject_refund: bool = False
    serial_number_list: list[str] = Field(default_factory=list)
    address_id: str | None = None


class LogisticsEdit(Strict):
    order_id: Line
    company_code: Line
    logistics_code: Line


class LogisticsEditByPack(LogisticsEdit):
    pack_id: Line


def add(asking: Asking, asked: LogisticsAdd) -> Any:
    """The whole order in one parcel."""
    order = _order(asking, asked.order_id)
    rejects = asked.is_refund_reject or asked.is_reject_refund
    if order.status == "part_shipped":
        raise refuse.business(*_FORBIDDEN["shipped"])
    _may_ship(order, {line.id for line in order.lines}, rejects=rejects)
    _fits(asking, order, asked.company_code, asked.logistics_code)
    items = {line.id: line.left for line in order.lines if line.left}
    made = acts.ship(asking.world, order, [(asked.company_code, asked.logistics_code, items)], None)
    return {"pack_id": made[0]}


def add_multi_pack(asking: Asking, asked: LogisticsAddMultiPack) -> Any:
    order = _order(asking, asked.order_id)
    database = asking.world.database
    before = database.row(
        "SELECT answer FROM requests WHERE shop = ? AND id = ?", asking.shop.id, asked.request_id
    )
    if before:
        return json.loads(before[0])
    shipped = [one for pack in asked.pack_list for one in pack.shipped_order_info]
    rejects = asked.is_refund_reject or asked.is_reject_refund
    _may_ship(order, {one.shipped_order_id for one in shipped}, rejects=rejects)
    _count(order, shipped)
    packs = []
    for pack in asked.pack_list:
        _fits(asking, order, pack.company_code, pack.logistics_code)
        items: dict[str, int] = {}
        for one in pack.shipped_order_info:
            items[one.shipped_order_id] = items.get(one.shipped_order_id, 0) + one.shipped_num
        packs.append((pack.company_code, pack.logistics_code, items))
    made = acts.ship(asking.world, order, packs, None)
    answer = {
        "pack_list": [
            {
                "shipped_order_info": [one.model_dump() for one in pack.shipped_order_info],
                "logistics_code": pack.logistics_code,
                "pack_id": parcel,
            }
            for pack, parcel in zip(asked.pack_list, made, strict=True)
        ]
    }
    database.run(
        "INSERT INTO requests VALUES(?, ?, ?)", asking.shop.id, asked.request_id, json.dumps(answer)
    )
    return answer


def edit(asking: Asking, asked: LogisticsEdit) -> Any:
    """Only where one parcel took the whole order."""
    order = _shipped(asking, asked)
    if len(order.parcels) != 1 or order.status != "shipped":
        raise refuse.business(70011, "包裹单号缺失，请修改后重试")
    return _edited(asking, order, order.parcels[0].id, asked)


def edit_by_pack(asking: Asking, asked: LogisticsEditByPack) -> Any:
    order = _shipped(asking, asked)
    if asked.pack_id not in {parcel.id for parcel in order.parcels}:
        raise refuse.business(70011, "包裹不存在，请修改后重试")
    return _edited(asking, order, asked.pack_id, asked)


def _shipped(asking: Asking, asked: LogisticsEdit) -> Order:
    order = _order(asking, asked.order_id)
    if order.status not in ("shipped", "part_shipped"):
        number, said = _FORBIDDEN.get(order.status, (60110, "订单未发货"))
        raise refuse.business(number, said)
    return order


def _edited(asking: Asking, order: Order, parcel: str, asked: LogisticsEdit) -> Any:
    _fits(asking, order, asked.company_code, asked.logistics_code)
    acts.correct(asking.world, parcel, order.id, asked.company_code, asked.logistics_code)
    return {}


def _order(asking: Asking, order_id: str) -> Order:
    merchant_only(asking)
    order = orders.find(asking.world.database, order_id)
    if order is None:
        raise refuse.business(60033, "订单不存在，请仔细检查后重试")
    if order.shop != asking.shop.id:
        raise refuse.business(60101, "非本店铺订单，操作失败")
    return order


def _may_ship(order: Order, lines: set[str], *, rejects: bool) -> None:
    if order.status in _FORBIDDEN:
        raise refuse.business(*_FORBIDDEN[order.status])
    open_refund = any(line.after_sale == "open" for line in order.lines if line.id in lines)
    if open_refund and not rejects:
        raise refuse.business(60040, "发货订单中有退款申请需要处理，请先处理")


def _count(order: Order, shipped: list[Shipped]) -> None:
    asked: dict[str, int] = {}
    for one in shipped:
        if one.shipped_num <= 0:
            raise refuse.business(60080, "商品的发货数量不允许小于0")
        asked[one.shipped_order_id] = asked.get(one.shipped_order_id, 0) + one.shipped_num
    for line_id, pieces in asked.items():
        line = order.line(line_id)
        if line is None:
            raise refuse.business(60102, "商品单不存在，请仔细检查后重试")
        if pieces > line.left:
            raise refuse.business(70023, "已发货，请检查订单状态")


def _fits(asking: Asking, order: Order, company: str, number: str) -> None:
    if company not in NAMES:
        raise refuse.business(60018, "暂不支持该物流公司或物流商已失效，请检查")
    if not fits(company, number):
        raise refuse.invalid("物流单号不符合规则", 60017)
    other = asking.world.database.row(
        "SELECT 1 FROM parcels p JOIN orders o ON o.id = p.order_id "
        "WHERE p.number = ? AND o.platform = 'doudian' AND o.receiver <> ? LIMIT 1",
        number,
        order.receiver,
    )
    if other:
        raise refuse.business(
            70022, "运单已被其他订单使用，且收货人手机号/收货地址不一致，请核对运单"
        )


CALLS = {
    "order.logisticsAdd": Done(LogisticsAdd, add),
    "order.logisticsAddMultiPack": Done(LogisticsAddMultiPack, add_multi_pack),
    "order.logisticsEdit": Done(LogisticsEdit, edit),
    "order.logisticsEditByPack": Done(LogisticsEditByPack, edit_by_pack),
}
