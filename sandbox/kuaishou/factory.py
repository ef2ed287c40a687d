"""The factory's orders: listed, shown, delivered, and a parcel's number changed.

Before it takes a number the platform makes the checks of its wire page (`checking`).
"""

from typing import Any

from pydantic import Field

from sandbox import acts
from sandbox.gateway import Asking, Strict
from sandbox.kuaishou import refusals as refuse
from sandbox.kuaishou.calling import (
    Done,
    Listing,
    Text,
    factory_only,
    page_of,
    unit_of_factory,
)
from sandbox.kuaishou.checking import check_number
from sandbox.kuaishou.shapes import for_factory
from sandbox.kuaishou.words import ALLOCATE_STATUS, BY_UPDATE
from sandbox.orders import ASSIGNED, RETURNED, Unit
from sandbox.telling import tell_unit


class FactoryList(Listing):
    allocateStatus: int | None = None  # noqa: N815  so named by the platform


class DetailQuery(Strict):
    allocateOrderCode: Text  # noqa: N815
    userCode: Text  # noqa: N815


class LogisticsUpdate(DetailQuery):
    waybillCode: Text  # noqa: N815
    expressCompanyCode: Text  # noqa: N815


class Deliver(LogisticsUpdate):
    returnAddressId: int | None = None  # noqa: N815
    serialNumberList: list[str] = Field(default_factory=list)  # noqa: N815
    imeiList: list[str] = Field(default_factory=list)  # noqa: N815


def factory_list(asking: Asking, asked: FactoryList) -> Any:
    factory_only(asking)
    column = "u.updated" if asked.queryType == BY_UPDATE else "u.assigned"
    where, values = "u.factory = ?", [asking.shop.id]
    if asked.allocateStatus is not None:
        numbers = {number: status for status, number in ALLOCATE_STATUS.items()}
        where += " AND u.status = ?"
        values.append(numbers.get(asked.allocateStatus, -1))
    listed, cursor = page_of(asking, asked, column, where, values)
    return {"cursor": cursor, "allocateOrderList": [_told(asking, unit) for unit in listed]}


def detail(asking: Asking, asked: DetailQuery) -> Any:
    return _told(asking, unit_of_factory(asking, asked.allocateOrderCode, asked.userCode))


def _told(asking: Asking, unit: Unit) -> dict[str, Any]:
    merchant = asking.world.shop(unit.merchant)
    return for_factory(unit, str(merchant.mask), merchant.name)


def deliver(asking: Asking, asked: Deliver) -> Any:
    unit = unit_of_factory(asking, asked.allocateOrderCode, asked.userCode)
    if unit.status != ASSIGNED or unit.order.status not in ("paid", "part_shipped"):
        raise refuse.business("order operation reject")
    if unit.after_sale:
        raise refuse.business("订单正在售后中，不允许发货")
    check_number(asking, unit, asked.expressCompanyCode, asked.waybillCode)
    items = {line.id: line.left for line in unit.lines if line.left}
    pack = (asked.expressCompanyCode, asked.waybillCode, items)
    acts.ship(asking.world, unit.order, [pack], unit.id)
    tell_unit(asking.world, unit, "returned", status=1)
    return {"success": True}


def update(asking: Asking, asked: LogisticsUpdate) -> Any:
    unit = unit_of_factory(asking, asked.allocateOrderCode, asked.userCode)
    if unit.status != RETURNED or not unit.parcels:
        raise refuse.business("order operation reject")
    check_number(asking, unit, asked.expressCompanyCode, asked.waybillCode)
    acts.correct(
        asking.world,
        unit.parcels[-1].id,
        unit.order_id,
        asked.expressCompanyCode,
        asked.waybillCode,
    )
    return {"success": True}


_ORDER = "open.dropshipping.order"
CALLS = {
    f"{_ORDER}.list": Done(FactoryList, factory_list),
    f"{_ORDER}.detail.query": Done(DetailQuery, detail),
    f"{_ORDER}.deliver": Done(Deliver, deliver),
    f"{_ORDER}.logistics.update": Done(LogisticsUpdate, update),
}
