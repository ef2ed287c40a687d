"""The merchant's orders: listed by cursor, shown, allocated to factories and taken back in part."""

from typing import Any

from pydantic import Field

from sandbox import orders, units
from sandbox.gateway import Asking, Strict
from sandbox.kuaishou import refusals as refuse
from sandbox.kuaishou.calling import Done, Listing, Text, by_code, merchant_only, page_of
from sandbox.kuaishou.shapes import for_merchant
from sandbox.kuaishou.words import BY_UPDATE, DROPSHIPPING_STATUS, ORDER_STATUS, REFUND_STATUS
from sandbox.orders import ASSIGNED, CANCELLED, UNASSIGNED, Unit


class MerchantList(Listing):
    factoryCode: str | None = None  # noqa: N815  so named by the platform
    dropshippingStatus: int | None = None  # noqa: N815
    orderStatus: int | None = None  # noqa: N815
    refundStatus: int | None = None  # noqa: N815
    orderType: int | None = None  # noqa: N815


class Detail(Strict):
    dropshippingOrderCode: Text  # noqa: N815


class Allocate(Strict):
    dropshippingOrderCodeList: list[Text] = Field(min_length=1, max_length=100)  # noqa: N815
    factoryCode: Text  # noqa: N815


class CancelAllocate(Strict):
    dropshippingOrderCodeList: list[Text] = Field(min_length=1, max_length=100)  # noqa: N815
    cancelAllocateReason: str = ""  # noqa: N815


def merchant_list(asking: Asking, asked: MerchantList) -> Any:
    merchant_only(asking)
    column = "u.updated" if asked.queryType == BY_UPDATE else "o.created"
    where, values = _filters(asking, asked)
    listed, cursor = page_of(asking, asked, column, where, values)
    codes = _codes(asking)
    told = [for_merchant(unit, codes.get(unit.factory or 0, "")) for unit in listed]
    return {"cursor": cursor, "dropshippingOrderList": told}


def _filters(asking: Asking, asked: MerchantList) -> tuple[str, list[Any]]:
    choices = (
        (asked.factoryCode, "u.factory", lambda code: by_code(asking, code).id),
        (asked.dropshippingStatus, "u.status", _back(DROPSHIPPING_STATUS)),
        (asked.orderStatus, "o.status", _back(ORDER_STATUS)),
        (asked.orderType, "coalesce(json_extract(o.body, '$.order_type'), 1)", lambda kind: kind),
    )
    where, values = "u.merchant = ? AND o.paid > 0", [asking.shop.id]
    for given, column, read in choices:
        if given is not None:
            where += f" AND {column} = ?"
            values.append(read(given))
    if asked.refundStatus is not None:
        where += " AND EXISTS (SELECT 1 FROM lines l WHERE l.unit = u.id AND l.after_sale = ?)"
        values.append(_back(REFUND_STATUS)(asked.refundStatus))
    return where, values


def _back(table: dict[Any, int]) -> Any:
    """From their number to our word; a number of no meaning finds nothing."""
    words = {number: word for word, number in table.items()}
    return lambda number: words.get(number, "?")


def _codes(asking: Asking) -> dict[int, str]:
    return {shop.id: str(shop.mask) for shop in asking.world.shops("kuaishou")}


def detail(asking: Asking, asked: Detail) -> Any:
    merchant_only(asking)
    code = asked.dropshippingOrderCode
    unit = orders.find_units(asking.world.database, [code]).get(code)
    if unit is None or unit.merchant != asking.shop.id or not unit.order.paid:
        raise refuse.business("代发订单不存在")
    return for_merchant(unit, _codes(asking).get(unit.factory or 0, ""))


def allocate(asking: Asking, asked: Allocate) -> Any:
    merchant_only(asking)
    factory = by_code(asking, asked.factoryCode)
    if not units.bound(asking.world, asking.shop.id, factory.id):
        raise refuse.business("与该厂家没有绑定关系")
    found = orders.find_units(asking.world.database, asked.dropshippingOrderCodeList)
    results = []
    for code in asked.dropshippingOrderCodeList:
        unit = found.get(code)
        said = _forbids(asking, unit)
        if unit is not None and not said:
            units.assign(asking.world, unit, factory.id)
            unit.status = ASSIGNED
        results.append(_result(code, said))
    return results


def _forbids(asking: Asking, unit: Unit | None) -> str:
    if unit is None or unit.merchant != asking.shop.id:
        return "代发订单不存在"
    if unit.status not in (UNASSIGNED, CANCELLED):
        return "代发订单状态不允许分配"
    if unit.order.status not in ("paid", "part_shipped") or unit.after_sale:
        return "订单状态不允许分配"
    return ""


def cancel_allocate(asking: Asking, asked: CancelAllocate) -> Any:
    merchant_only(asking)
    found = orders.find_units(asking.world.database, asked.dropshippingOrderCodeList)
    results = []
    for code in asked.dropshippingOrderCodeList:
        unit = found.get(code)
        if unit is None or unit.merchant != asking.shop.id:
            results.append(_result(code, "代发订单不存在"))
        elif unit.status != ASSIGNED:
            results.append(_result(code, "代发订单状态不允许取消分配"))
        else:
            units.unassign(asking.world, unit, asked.cancelAllocateReason or "商家取消分配")
            unit.status = CANCELLED
            results.append(_result(code, ""))
    return results


def _result(code: str, said: str) -> dict[str, Any]:
    return {"dropshippingOrderCode": code, "success": not said, "errorMsg": said}


_ORDER = "open.dropshipping.order"
CALLS = {
    f"{_ORDER}.merchant.list": Done(MerchantList, merchant_list),
    f"{_ORDER}.merchant.detail": Done(Detail, detail),
    f"{_ORDER}.batch.allocate": Done(Allocate, allocate),
    f"{_ORDER}.batch.allocate.cancel": Done(CancelAllocate, cancel_allocate),
}
