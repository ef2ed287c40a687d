"""The factory's calls: what it was assigned, and returning the numbers of its parcels.

Of the codes that say a state forbids shipping the wire page gives 41000, 41001 and 41004 without
telling them apart: here assignment taken back, already returned, order or after-sale.
"""

from typing import Any

from pydantic import Field

from sandbox import acts, orders
from sandbox.doudian import refusals as refuse
from sandbox.doudian.calling import (
    Done,
    Line,
    Page,
    Size,
    factory_only,
    unit_of_factory,
    window,
)
from sandbox.doudian.merchant import about, where
from sandbox.doudian.words import IN_AFTER_SALE, NAMES, NO_AFTER_SALE
from sandbox.gateway import Asking, Strict
from sandbox.orders import ASSIGNED, CANCELLED, RETURNED, Unit
from sandbox.telling import tell_unit

TAKEN_BACK, ALREADY, NOT_FOUND, NO_SHIP_FROM, FORBIDDEN = 41000, 41001, 41002, 41003, 41004
NO_PARCEL, MISCOUNTED = 41005, 41007


class OrderList(Strict):
    page: Page
    size: Size
    start_update_time: int | None = None
    end_update_time: int | None = None
    start_distr_time: int | None = None
    end_distr_time: int | None = None
    distr_status: int | None = Field(default=None, ge=1, le=3)


class OrderInfo(Strict):
    user_id: int
    distr_order_id: Line


class Pack(Strict):
    track_no: Line
    ship_num: int = Field(ge=1)
    company_code: Line


class Place(Strict):
    id: str
    name: str


class SendAddr(Strict):
    province: Place
    city: Place
    town: Place
    street: Place
    detail: str
    landmark: str


class WaybillReturn(Strict):
    user_id: int
    distr_order_id: Line
    pack_list: list[Pack] = Field(default_factory=list)
    company_code: str = ""
    track_no: str = ""
    is_refund_reject: bool = False
    address_id: int | None = None
    send_addr: SendAddr | None = None
    serial_number_list: list[str] = Field(default_factory=list)


class WaybillUpdate(Strict):
    user_id: int
    distr_order_id: Line
    delivery_id: Line
    track_no: Line
    company_code: Line


def order_list(asking: Asking, asked: OrderList) -> Any:
    factory_only(asking)
    if asked.start_update_time is not None or asked.end_update_time is not None:
        span, column = window(asked.start_update_time, asked.end_update_time), "updated"
    else:
        span, column = window(asked.start_distr_time, asked.end_distr_time), "assigned"
    values: list[Any] = [asking.shop.id, *span]
    source = f"FROM units WHERE factory = ? AND {column} BETWEEN ? AND ?"
    if asked.distr_status is not None:
        source += " AND status = ?"
        values.append(asked.distr_status)
    database = asking.world.database
    total = database.row(f"SELECT count(*) {source}", *values)
    rows = database.rows(
        f"SELECT * {source} ORDER BY {column} DESC, id LIMIT ? OFFSET ?",
        *values,
        asked.size,
        asked.page * asked.size,
    )
    masks = {shop.id: (shop.mask, shop.name) for shop in asking.world.shops("doudian")}
    listed = [_told(unit, *masks[unit.merchant]) for unit in orders.load_units(database, rows)]
    return {"order_list": listed, "total": total[0] if total else 0}


def order_info(asking: Asking, asked: OrderInfo) -> Any:
    factory_only(asking)
    unit = unit_of_factory(asking, asked.user_id, asked.distr_order_id, 40000)
    return _told(unit, asked.user_id, asking.world.shop(unit.merchant).name)


def _told(unit: Unit, mask: int, name: str) -> dict[str, Any]:
    order, line = unit.order, unit.lines[0]
    parcels = unit.parcels
    return {
        "distr_order_id": unit.id,
        "user_id": mask,
        "user_name": name,
        "distr_time": unit.assigned // 1000,
        "distr_status": unit.status,
        "distr_cancel_reason": unit.reason,
        "aftersale_status": IN_AFTER_SALE if unit.after_sale else NO_AFTER_SALE,
        "exp_ship_time": order.deadline // 1000,
        "ship_time": parcels[-1].at // 1000 if parcels else 0,
        "seller_words": order.body["seller_words"],
        "buyer_words": order.body["buyer_words"],
        "receiver_id": order.receiver,
        **about(line.product, line.count),
        "spec": line.product["spec"],
        **where(order.body),
        "serial_number_list": [],
        "pack_list": [
            {"deliver_id": one.id, "track_no": one.number, "company_code": one.company}
            for one in parcels
        ],
    }


def waybill_return(asking: Asking, asked: WaybillReturn) -> Any:
    factory_only(asking)
    unit = unit_of_factory(asking, asked.user_id, asked.distr_order_id, NOT_FOUND)
    _may_ship(unit, refund_rejected=asked.is_refund_reject)
    if not asking.shop.ships_from and asked.send_addr is None:
        raise refuse.business(NO_SHIP_FROM, "没有找到默认的发货地址")
    packs = _packs(asked, unit)
    line = unit.lines[0].id
    sent = [(one.company_code, one.track_no, {line: one.ship_num}) for one in packs]
    parcels = acts.ship(asking.world, unit.order, sent, unit.id)
    tell_unit(asking.world, unit, "returned", status=1)
    return {
        "return_result": True,
        "delivery_id": parcels[0],
        "pack_list": [
            {"deliver_id": parcel, **pack.model_dump()}
            for parcel, pack in zip(parcels, packs, strict=True)
        ],
    }


def _may_ship(unit: Unit, *, refund_rejected: bool) -> None:
    if unit.status == CANCELLED:
        raise refuse.business(TAKEN_BACK, "代打订单状态不允许发货")
    if unit.status == RETURNED:
        raise refuse.business(ALREADY, "代打订单状态不允许发货")
    stands = unit.status == ASSIGNED and unit.order.status in ("paid", "part_shipped")
    if not stands or (unit.after_sale and not refund_rejected):
        raise refuse.business(FORBIDDEN, "代打订单状态不允许发货")


def _packs(asked: WaybillReturn, unit: Unit) -> list[Pack]:
    """The parcels; a single one may be given the old way, without a list."""
    packs = asked.pack_list
    if not packs:
        if not asked.company_code or not asked.track_no:
            raise refuse.missing("缺少必选参数: pack_list")
        old = {"company_code": asked.company_code, "track_no": asked.track_no}
        packs = [Pack(ship_num=unit.left, **old)]
    for pack in packs:
        if pack.company_code not in NAMES:
            raise refuse.invalid("物流公司不存在")
    if sum(pack.ship_num for pack in packs) != unit.left:
        raise refuse.business(MISCOUNTED, "请求发货的全部件数须等于代发单的剩余待发货件数")
    return packs


def waybill_update(asking: Asking, asked: WaybillUpdate) -> Any:
    factory_only(asking)
    unit = unit_of_factory(asking, asked.user_id, asked.distr_order_id, NOT_FOUND)
    if unit.status != RETURNED:
        raise refuse.business(TAKEN_BACK, "代发单状态不允许发货")
    if asked.company_code not in NAMES:
        raise refuse.invalid("物流公司不存在")
    if asked.delivery_id not in {parcel.id for parcel in unit.parcels}:
        raise refuse.business(NO_PARCEL, "发货失败")
    acts.correct(asking.world, asked.delivery_id, unit.order_id, asked.company_code, asked.track_no)
    return {"return_result": True, "delivery_id": asked.delivery_id}


CALLS = {
    "iop.orderList": Done(OrderList, order_list),
    "iop.orderInfo": Done(OrderInfo, order_info),
    "iop.waybillReturn": Done(WaybillReturn, waybill_return),
    "iop.waybillUpdate": Done(WaybillUpdate, waybill_update),
}
