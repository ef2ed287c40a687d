"""E-waybills: a factory draws numbers for what it was assigned, so that nobody sees an address."""

from typing import Any

from pydantic import Field

from sandbox import drawing
from sandbox.doudian import refusals as refuse
from sandbox.doudian.calling import Done, Line, factory_only, unit_of_factory
from sandbox.doudian.words import NAMES, new_number
from sandbox.gateway import Asking, Strict
from sandbox.orders import ASSIGNED

NO_STOCK = "10701"
AT_ONCE = 10


class Contact(Strict):
    name: Line
    phone: str = ""
    mobile: str = ""


class Address(Strict):
    countryCode: Line = "CHN"  # noqa: N815  so named by the platform
    provinceCode: str = ""  # noqa: N815
    provinceName: Line  # noqa: N815
    cityCode: str = ""  # noqa: N815
    cityName: Line  # noqa: N815
    districtCode: str = ""  # noqa: N815
    districtName: Line  # noqa: N815
    streetCode: str = ""  # noqa: N815
    streetName: str = ""  # noqa: N815
    detailAddress: Line  # noqa: N815


class Sender(Strict):
    contact: Contact
    address: Address


class Good(Strict):
    item_name: Line
    item_count: int = Field(ge=1)
    item_specs: str = ""
    item_volume: int | None = None
    item_weight: int | None = None
    item_net_weight: int | None = None


class OrderInfo(Strict):
    distr_order_id: Line
    items: list[Good] = Field(min_length=1)
    pack_id: str = Field(default="", pattern=r"^\w*$")
    remark: str = ""
    product_type: str = ""
    pay_method: int | None = None
    total_pack_count: int | None = None


class TradeOrder(Strict):
    user_id: int
    company_code: Line
    order_infos: list[OrderInfo] = Field(min_length=1)


class WaybillGet(Strict):
    sender: Sender
    trade_order_list: list[TradeOrder] = Field(min_length=1)


class WaybillCancel(Strict):
    user_id: int
    company_code: Line
    track_no: Line


def get(asking: Asking, asked: WaybillGet) -> Any:
    factory_only(asking)
    if not (asked.sender.contact.phone or asked.sender.contact.mobile):
        raise refuse.missing("缺少必选参数: sender.contact.mobile")
    if sum(len(one.order_infos) for one in asked.trade_order_list) > AT_ONCE:
        raise refuse.invalid("取号信息一次最多支持10个")
    drawn: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for trade in asked.trade_order_list:
        for one in trade.order_infos:
            answer = _draw(asking, trade, one)
            (failed if "err_code" in answer else drawn).append(answer)
    return {"ebill_infos": drawn, "err_infos": failed}


def _draw(asking: Asking, trade: TradeOrder, one: OrderInfo) -> dict[str, Any]:
    """One number; the same unit and parcel draw the same number again."""
    facts = {"distr_order_id": one.distr_order_id, "pack_id": one.pack_id}
    try:
        unit = unit_of_factory(asking, trade.user_id, one.distr_order_id, 41002)
    except refuse.Refused as refused:
        return {**facts, "err_code": "41002", "err_msg": refused.said}
    if trade.company_code not in NAMES:
        return {**facts, "err_code": "10000", "err_msg": "物流公司不存在"}
    if unit.status != ASSIGNED:
        return {**facts, "err_code": "41000", "err_msg": "代发单状态不允许取号"}
    company = trade.company_code
    number = drawing.draw(
        asking.world, unit, company, one.pack_id, lambda n: new_number(company, n)
    )
    if number is None:
        return {**facts, "err_code": NO_STOCK, "err_msg": "电子面单库存不足"}
    area = unit.order.body["area_ids"]
    return {
        **facts,
        "track_no": number,
        "sort_code": f"{area[0][:3]}-{area[2][-3:]} {area[3][-3:]}",
        "package_code": area[1],
        "package_code_name": f"{unit.order.body['areas'][1]}集包",
        "mark_destination_code": area[2],
        "mark_destination_code_name": unit.order.body["areas"][2],
        "extra": "",
        "extra_resp": "",
        "sub_waybill_codes": "",
    }


def cancel(asking: Asking, asked: WaybillCancel) -> Any:
    """A number that left with a parcel cannot be given back."""
    factory_only(asking)
    merchant = asking.world.by_mask(asked.user_id)
    if merchant is None:
        raise refuse.business(41002, "面单不存在")
    drawn = drawing.Drawn(asking.shop.id, merchant.id, asked.company_code, asked.track_no)
    said = drawing.give_back(asking.world, drawn)
    if said:
        raise refuse.business(41002, said)
    return {"return_result": True}


CALLS = {
    "iop.waybillGet": Done(WaybillGet, get),
    "iop.waybillCancel": Done(WaybillCancel, cancel),
}
