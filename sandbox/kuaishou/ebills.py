"""E-waybills: up to ten numbers a call for what a factory was allocated, and giving one back."""

from typing import Any

from pydantic import Field

from sandbox import drawing
from sandbox.gateway import Asking, Strict
from sandbox.kuaishou import refusals as refuse
from sandbox.kuaishou.calling import Done, Text, by_code, factory_only, unit_of_factory
from sandbox.kuaishou.words import CARRIERS, new_number
from sandbox.orders import ASSIGNED

AT_ONCE = 10


class Contract(Strict):
    name: Text
    mobile: Text


class Address(Strict):
    provinceName: Text  # noqa: N815  so named by the platform
    cityName: Text  # noqa: N815
    districtName: Text  # noqa: N815
    detailAddress: Text  # noqa: N815


class Drawn(Strict):
    requestId: Text  # noqa: N815
    allocateOrderCode: Text  # noqa: N815
    userCode: Text  # noqa: N815
    expressCompanyCode: Text  # noqa: N815
    senderContract: Contract  # noqa: N815
    senderAddress: Address  # noqa: N815
    packageCode: str = ""  # noqa: N815
    goodsDescription: str = ""  # noqa: N815
    tradeOrderRemark: str = ""  # noqa: N815
    netSiteCode: str = ""  # noqa: N815
    settleAccount: str = ""  # noqa: N815
    templateUrl: str = ""  # noqa: N815


class BatchGet(Strict):
    dsOrderGetReq: list[Drawn] = Field(min_length=1)  # noqa: N815


class CancelBill(Strict):
    waybillCode: Text  # noqa: N815
    expressCompanyCode: Text  # noqa: N815
    userCode: Text  # noqa: N815


def batch_get(asking: Asking, asked: BatchGet) -> Any:
    factory_only(asking)
    if len(asked.dsOrderGetReq) > AT_ONCE:
        raise refuse.Refused(refuse.BAD_PARAM, "一次最多获取10个电子面单")
    return [_drawn(asking, one) for one in asked.dsOrderGetReq]


def _drawn(asking: Asking, one: Drawn) -> dict[str, Any]:
    facts = {"requestId": one.requestId, "allocateOrderCode": one.allocateOrderCode}
    try:
        unit = unit_of_factory(asking, one.allocateOrderCode, one.userCode)
        company = one.expressCompanyCode
        if company not in CARRIERS:
            raise refuse.business("快递公司不存在")
        if unit.status != ASSIGNED:
            raise refuse.business("代发订单状态不允许取号")
        number = drawing.draw(
            asking.world, unit, company, one.packageCode, lambda n: new_number(company, n)
        )
        if number is None:
            raise refuse.business("电子面单余量不足")
    except refuse.Refused as refused:
        return {**facts, "success": False, "errorMsg": refused.said}
    area = unit.order.body["area_ids"]
    return {
        **facts,
        "success": True,
        "errorMsg": "",
        "waybillCode": number,
        "expressCompanyCode": company,
        "printData": {
            "sortCode": f"{area[0][:3]}-{area[2][-3:]} {area[3][-3:]}",
            "destination": unit.order.body["areas"][2],
            "packageCenter": f"{unit.order.body['areas'][1]}集包",
        },
    }


def cancel(asking: Asking, asked: CancelBill) -> Any:
    factory_only(asking)
    merchant = by_code(asking, asked.userCode)
    drawn = drawing.Drawn(asking.shop.id, merchant.id, asked.expressCompanyCode, asked.waybillCode)
    said = drawing.give_back(asking.world, drawn)
    if said:
        raise refuse.business(said)
    return {"success": True}


CALLS = {
    "open.dropshipping.ebill.batch.get": Done(BatchGet, batch_get),
    "open.dropshipping.ebill.cancel": Done(CancelBill, cancel),
}
