"""What every merchant's shop has beside the dropship programme: who it is, its own shipping.

Names and parameters of the calls are those of the platform's public documents: goods.deliver
ships a whole order, goods.logistics.append adds a parcel to one that was shipped, logistics.update
changes a number. Which parcel, where there are several, says `logisticsId`; where a program learns
it from, the documents do not say, so the list of a dropship order's parcels has it here.
"""

from typing import Any

from pydantic import Field

from sandbox import acts, orders
from sandbox.gateway import Asking, Strict
from sandbox.kuaishou import refusals as refuse
from sandbox.kuaishou.calling import Done, Text, merchant_only
from sandbox.kuaishou.checking import check_number
from sandbox.orders import Unit


class Nothing(Strict):
    pass


class Number(Strict):
    expressCode: int  # noqa: N815  so named by the platform
    expressNo: Text  # noqa: N815


class Deliver(Number):
    orderId: int  # noqa: N815
    returnAddressId: int | None = None  # noqa: N815
    serialNumberList: list[str] = Field(default_factory=list)  # noqa: N815
    imeiList: list[str] = Field(default_factory=list)  # noqa: N815


class Append(Number):
    oid: int


class Update(Number):
    orderId: int  # noqa: N815
    logisticsId: int | None = None  # noqa: N815


def seller(asking: Asking, asked: Nothing) -> Any:  # noqa: ARG001
    return {"name": asking.shop.name, "sellerId": asking.shop.id, "openId": f"open{asking.shop.id}"}


def deliver(asking: Asking, asked: Deliver) -> Any:
    """The order whole: what is in the parcel is not said."""
    unit = _own(asking, asked.orderId)
    if unit.order.status != "paid":
        raise refuse.business("order operation reject")
    if unit.order.after_sale:
        raise refuse.business("订单正在售后中，不允许发货")
    _leaves(asking, unit, asked, {line.id: line.left for line in unit.lines if line.left})
    return True


def append(asking: Asking, asked: Append) -> Any:
    unit = _own(asking, asked.oid)
    if unit.order.status != "shipped":
        raise refuse.business("order operation reject")
    _leaves(asking, unit, asked, {unit.lines[0].id: 0})
    return True


def update(asking: Asking, asked: Update) -> Any:
    unit = _own(asking, asked.orderId)
    parcels = unit.order.parcels
    meant = [one for one in parcels if asked.logisticsId in (None, int(one.id))]
    if len(meant) != 1 or unit.order.status != "shipped":
        raise refuse.business("order operation reject")
    check_number(asking, unit, str(asked.expressCode), asked.expressNo)
    company, number = str(asked.expressCode), asked.expressNo
    acts.correct(asking.world, meant[0].id, unit.order_id, company, number)
    return True


def _own(asking: Asking, order_id: int) -> Unit:
    merchant_only(asking)
    units = orders.units_of(asking.world.database, str(order_id))
    if not units or units[0].merchant != asking.shop.id:
        raise refuse.business("order operation reject")
    return units[0]


def _leaves(asking: Asking, unit: Unit, asked: Number, items: dict[str, int]) -> None:
    company = str(asked.expressCode)
    check_number(asking, unit, company, asked.expressNo)
    acts.ship(asking.world, unit.order, [(company, asked.expressNo, items)], None)


_ORDER = "open.seller.order"
CALLS = {
    "open.user.seller.get": Done(Nothing, seller),
    f"{_ORDER}.goods.deliver": Done(Deliver, deliver),
    f"{_ORDER}.goods.logistics.append": Done(Append, append),
    f"{_ORDER}.logistics.update": Done(Update, update),
}
