"""The merchant's dropship calls: orders to hand out, handing them out, taking them back.

A distribution order is one line of a paid order. Handing out and taking back succeed in part; the
`err_no` of an item that failed is the sandbox's own, the wire page names none.
"""

from typing import Any

from pydantic import Field

from sandbox import orders, units
from sandbox.doudian import refusals as refuse
from sandbox.doudian.calling import Done, Line, Page, Size, merchant_only, window
from sandbox.doudian.words import IN_AFTER_SALE, NAMES, NO_AFTER_SALE, ORDER_STATUS
from sandbox.gateway import Asking, Strict
from sandbox.orders import ASSIGNED, CANCELLED, UNASSIGNED, Unit

NOT_FOUND, STATE_FORBIDS, NOT_BOUND = 40000, 40001, 40002


class SellerOrderList(Strict):
    page: Page
    size: Size
    start_update_time: int | None = None
    end_update_time: int | None = None
    start_deal_time: int | None = None
    end_deal_time: int | None = None
    product_name: str | None = None
    product_id: str | int | None = None
    shop_order_id: str | None = None
    order_status: int | None = None
    distr_order_id: str | None = None
    distr_status: int | None = Field(default=None, ge=0, le=3)
    after_sale_status: int | None = Field(default=None, ge=1, le=2)
    supplier_shop_id: int | None = None
    province_id: str | int | None = None


class SellerOrderInfo(Strict):
    distr_order_id: Line


class Item(Strict):
    supplier_shop_id: int
    distr_order_id: Line


class Distribute(Strict):
    distribute_order_list: list[Item] = Field(min_length=1, max_length=100)


class CancelDistribute(Strict):
    distr_order_ids: list[Line] = Field(min_length=1)


def seller_order_list(asking: Asking, asked: SellerOrderList) -> Any:
    merchant_only(asking)
    if asked.start_update_time is not None or asked.end_update_time is not None:
        span, column = window(asked.start_update_time, asked.end_update_time), "u.updated"
    else:
        span, column = window(asked.start_deal_time, asked.end_deal_time), "o.paid"
    where, values = _filters(asked)
    source = (
        "FROM units u JOIN orders o ON o.id = u.order_id WHERE u.merchant = ? "
        f"AND o.status <> 'unpaid' AND o.paid > 0 AND {column} BETWEEN ? AND ?{where}"
    )
    values = [asking.shop.id, *span, *values]
    database = asking.world.database
    total = database.row(f"SELECT count(*) {source}", *values)
    rows = database.rows(
        f"SELECT u.* {source} ORDER BY {column} DESC, u.id LIMIT ? OFFSET ?",
        *values,
        asked.size,
        asked.page * asked.size,
    )
    names = {shop.id: shop.name for shop in asking.world.shops("doudian")}
    return {
        "distr_order_list": [_told(unit, names) for unit in orders.load_units(database, rows)],
        "page": asked.page,
        "size": asked.size,
        "total": total[0] if total else 0,
    }


def _filters(asked: SellerOrderList) -> tuple[str, list[Any]]:
    statuses = {number: name for name, number in ORDER_STATUS.items()}
    line = "EXISTS (SELECT 1 FROM lines l WHERE l.unit = u.id AND "
    choices = (
        (asked.shop_order_id, "u.order_id = ?", asked.shop_order_id),
        (asked.distr_order_id, "u.id = ?", asked.distr_order_id),
        (asked.distr_status, "u.status = ?", asked.distr_status),
        (asked.supplier_shop_id, "u.factory = ?", asked.supplier_shop_id),
        (asked.order_status, "o.status = ?", statuses.get(asked.order_status or 0, "")),
        (
            asked.after_sale_status,
            f"{line}(l.after_sale = 'open') = ?)",
            asked.after_sale_status == IN_AFTER_SALE,
        ),
        (
            asked.product_id,
            f"{line}json_extract(l.body, '$.product') = CAST(? AS INTEGER))",
            asked.product_id,
        ),
        (
            asked.product_name,
            f"{line}instr(json_extract(l.body, '$.name'), ?))",
            asked.product_name,
        ),
        (
            asked.province_id,
            "json_extract(o.body, '$.area_ids[0]') = CAST(? AS TEXT)",
            asked.province_id,
        ),
    )
    chosen = [(where, value) for given, where, value in choices if given is not None]
    return "".join(f" AND {where}" for where, _ in chosen), [value for _, value in chosen]


def seller_order_info(asking: Asking, asked: SellerOrderInfo) -> Any:
    merchant_only(asking)
    unit = orders.find_units(asking.world.database, [asked.distr_order_id]).get(
        asked.distr_order_id
    )
    if unit is None or unit.merchant != asking.shop.id or unit.order.status == "unpaid":
        raise refuse.business(NOT_FOUND, "代发单不存在")
    names = {shop.id: shop.name for shop in asking.world.shops("doudian")}
    return {"distr_order_detail": _told(unit, names)}


def _told(unit: Unit, names: dict[int, str]) -> dict[str, Any]:
    order, line = unit.order, unit.lines[0]
    product, body = line.product, order.body
    parcels = unit.parcels
    return {
        "distr_order_id": unit.id,
        "shop_order_id": order.id,
        "order_status": ORDER_STATUS[order.status],
        "distr_status": unit.status,
        "distr_time": unit.assigned // 1000,
        "after_sale_status": IN_AFTER_SALE if unit.after_sale else NO_AFTER_SALE,
        "supplier_shop_id": unit.factory or 0,
        "supplier_shop_name": names.get(unit.factory or 0, ""),
        "exp_ship_time": order.deadline // 1000,
        "pay_time": order.paid // 1000,
        "seller_words": body["seller_words"],
        **about(product, line.count),
        **where(body),
        "tracking_no": parcels[0].number if parcels else "",
        "company_name": NAMES.get(parcels[0].company, "") if parcels else "",
        "distr_cancel_reason": unit.reason,
        "pack_list": [
            {"track_no": parcel.number, "company_code": parcel.company} for parcel in parcels
        ],
        "ship_time": parcels[-1].at // 1000 if parcels else 0,
        "serial_number_list": [],
    }


def about(product: dict[str, Any], count: int) -> dict[str, Any]:
    """Whether `product_id` is text or number the public clients disagree: text."""
    return {
        "product_id": str(product["product"]),
        "product_name": product["name"],
        "product_count": count,
        "product_price": product["price"],
        "sku_spec": "; ".join(f"{one['name']}:{one['value']}" for one in product["spec"]),
        "out_sku_id": product["code"],
    }


def where(body: dict[str, Any]) -> dict[str, Any]:
    """As far as the street: the rest is the e-waybill's business."""
    levels = ("province", "city", "district", "street")
    told = {}
    for place, level in enumerate(levels):
        told[level] = body["areas"][place]
        told[f"{level}_id"] = body["area_ids"][place]
    return told


def distribute(asking: Asking, asked: Distribute) -> Any:
    merchant_only(asking)
    ids = [item.distr_order_id for item in asked.distribute_order_list]
    found = orders.find_units(asking.world.database, ids)
    results = []
    for item in asked.distribute_order_list:
        number, said = _hand_out(asking, found.get(item.distr_order_id), item)
        results.append({**item.model_dump(), "err_no": number, "message": said})
    return {"distribute_order_reuslts": results}  # so spelled by the platform


def _hand_out(asking: Asking, unit: Unit | None, item: Item) -> tuple[int, str]:
    if unit is None or unit.merchant != asking.shop.id:
        return NOT_FOUND, "代发单不存在"
    if unit.status not in (UNASSIGNED, CANCELLED):
        return STATE_FORBIDS, "代发单状态不允许分配"
    if unit.order.status not in ("paid", "part_shipped") or not unit.left:
        return STATE_FORBIDS, "订单状态不允许分配"
    if not units.bound(asking.world, asking.shop.id, item.supplier_shop_id):
        return NOT_BOUND, "与该厂家没有绑定关系"
    units.assign(asking.world, unit, item.supplier_shop_id)
    unit.status = ASSIGNED
    return 0, ""


def cancel_distribute(asking: Asking, asked: CancelDistribute) -> Any:
    merchant_only(asking)
    if len(asked.distr_order_ids) > 100:
        raise refuse.business(10000, "一次最多取消:100")
    found = orders.find_units(asking.world.database, asked.distr_order_ids)
    done, failed = [], {}
    for unit_id in asked.distr_order_ids:
        unit = found.get(unit_id)
        if unit is None or unit.merchant != asking.shop.id:
            failed[unit_id] = "代发单不存在"
        elif unit.status != ASSIGNED:
            failed[unit_id] = "代发单状态不允许取消"
        else:
            units.unassign(asking.world, unit, "商家取消分配")
            unit.status = CANCELLED
            done.append(unit_id)
    as_map = asking.world.kept.doudian.failed == "map"
    return {
        "succ_distr_order_ids": done,
        "fail_distr_order_ids": failed if as_map else list(failed),
    }


CALLS = {
    "iop.sellerOrderList": Done(SellerOrderList, seller_order_list),
    "iop.sellerOrderInfo": Done(SellerOrderInfo, seller_order_info),
    "iop.sellerDistribute": Done(Distribute, distribute),
    "iop.sellerCancleDistribute": Done(CancelDistribute, cancel_distribute),  # so spelled
}
