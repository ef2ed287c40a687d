"""order.searchList, order.orderDetail and order.logisticsCompanyList: a merchant's own orders.

Names and amounts as public clients of the platform read them; names, phones and addresses come
sealed and masked. The wire page sets no widest window for the list of orders.
"""

import json
from typing import Any

from pydantic import Field

from sandbox import orders
from sandbox.doudian import refusals as refuse
from sandbox.doudian.calling import Done, Page, Size, merchant_only
from sandbox.doudian.words import AFTER_SALE, CARRIERS, NAMES, ORDER_STATUS, STATUS_WORDS
from sandbox.gateway import Asking, Strict
from sandbox.orders import Line, Order, Parcel, Status


class Combined(Strict):
    order_status: str = ""
    main_status: str = ""


class SearchList(Strict):
    page: Page
    size: Size
    create_time_start: int | None = None
    create_time_end: int | None = None
    update_time_start: int | None = None
    update_time_end: int | None = None
    combine_status: list[Combined] = Field(default_factory=list, max_length=1)
    tracking_no: str = ""
    order_by: str = Field(default="create_time", pattern="^(create_time|update_time)$")
    order_asc: bool = False


class OrderDetail(Strict):
    shop_order_id: str


class Nothing(Strict):
    pass


def search_list(asking: Asking, asked: SearchList) -> Any:
    merchant_only(asking)
    where, values = _where(asking, asked)
    database = asking.world.database
    total = database.row(f"SELECT count(*) FROM orders WHERE {where}", *values)  # noqa: S608
    order_by = "updated" if asked.order_by == "update_time" else "created"
    way = "ASC" if asked.order_asc else "DESC"
    rows = database.rows(
        # the page's ids first: whole rows are read for them alone
        f"SELECT o.* FROM (SELECT id FROM orders WHERE {where} "  # noqa: S608
        f"ORDER BY {order_by} {way}, id {way} LIMIT ? OFFSET ?) p JOIN orders o ON o.id = p.id "
        f"ORDER BY o.{order_by} {way}, o.id {way}",
        *values,
        asked.size,
        asked.page * asked.size,
    )
    shop = asking.shop
    listed = [told(order, shop.id, shop.name) for order in orders.load(database, rows)]
    return {
        "page": asked.page,
        "size": asked.size,
        "total": total[0] if total else 0,
        "shop_order_list": listed,
    }


def _where(asking: Asking, asked: SearchList) -> tuple[str, list[Any]]:
    """Conditions over `orders`: every part of them is ours, only values come from the call."""
    where, values = ["shop = ?"], [asking.shop.id]
    windows = (
        ("created", asked.create_time_start, asked.create_time_end),
        ("updated", asked.update_time_start, asked.update_time_end),
    )
    for column, start, end in windows:
        if start is not None and end is not None and end < start:
            raise refuse.invalid("结束时间不可以小于开始时间")
        if start is not None:
            where.append(f"{column} >= ?")
            values.append(start * 1000)
        if end is not None:
            where.append(f"{column} <= ?")
            values.append(end * 1000 + 999)
    for one in asked.combine_status:
        names = {str(number): name for name, number in ORDER_STATUS.items()}
        try:
            wanted = [names[part.strip()] for part in one.order_status.split(",") if part.strip()]
        except KeyError:
            raise refuse.invalid("订单状态不正确") from None
        if wanted:
            where.append("status IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(wanted))  # type: ignore[arg-type]
    if asked.tracking_no:
        where.append("id IN (SELECT order_id FROM parcels WHERE number = ?)")
        values.append(asked.tracking_no)  # type: ignore[arg-type]
    return " AND ".join(where), values


def order_detail(asking: Asking, asked: OrderDetail) -> Any:
    merchant_only(asking)
    order = orders.find(asking.world.database, asked.shop_order_id)
    if order is None:
        raise refuse.invalid("订单不存在", 20001)
    if order.shop != asking.shop.id:
        raise refuse.business(20015, "订单不是该店铺下的订单，无权查询")
    return {"shop_order_detail": told(order, asking.shop.id, asking.shop.name)}


def told(order: Order, shop_id: int, shop_name: str) -> dict[str, Any]:
    """One order as searchList and orderDetail give it."""
    body = order.body
    return {
        "shop_id": shop_id,
        "shop_name": shop_name,
        "order_id": order.id,
        "order_level": 2,
        "biz": 2,
        "biz_desc": "小店自卖",
        "order_type": 0,
        "order_type_desc": "普通订单",
        "trade_type": 0,
        "trade_type_desc": "普通",
        "order_status": ORDER_STATUS[order.status],
        "order_status_desc": STATUS_WORDS[order.status],
        "main_status": ORDER_STATUS[order.status],
        "main_status_desc": STATUS_WORDS[order.status],
        "create_time": order.created // 1000,
        "pay_time": order.paid // 1000,
        "update_time": order.updated // 1000,
        "exp_ship_time": order.deadline // 1000,
        "ship_time": order.shipped // 1000,
        "finish_time": order.finished // 1000,
        "cancel_reason": body.get("cancel_reason", ""),
        "buyer_words": body["buyer_words"],
        "seller_words": body["seller_words"],
        "seller_remark_stars": body["star"],
        "pay_type": 4,
        "order_amount": order.amount,
        "pay_amount": order.amount,
        "post_amount": 0,
        "promotion_amount": 0,
        "modify_amount": body.get("modified", 0),
        "open_id": order.receiver,
        **_recipient(order),
        "logistics_info": [_parcel(order, parcel) for parcel in order.parcels],
        "sku_order_list": [_line(order, line) for line in order.lines],
    }


def _recipient(order: Order) -> dict[str, Any]:
    """Concealed and masked; orders of one `open_address_id` may go in one parcel."""
    body = order.body
    sealed, masked = body["sealed"], body["masked"]
    levels = ("province", "city", "town", "street")
    area = {
        level: {"name": body["areas"][place], "id": body["area_ids"][place]}
        for place, level in enumerate(levels)
    }
    return {
        "post_tel": "",
        "post_receiver": "",
        "encrypt_post_tel": sealed["phone"],
        "encrypt_post_receiver": sealed["name"],
        "post_addr": {**area, "detail": "", "encrypt_detail": sealed["detail"]},
        "open_address_id": order.receiver,
        "mask_post_tel": masked["phone"],
        "mask_post_receiver": masked["name"],
        "mask_post_addr": {**area, "detail": masked["detail"]},
    }


def _parcel(order: Order, parcel: Parcel) -> dict[str, Any]:
    lines = {line.id: line for line in order.lines}
    return {
        "tracking_no": parcel.number,
        "company": parcel.company,
        "company_name": NAMES.get(parcel.company, parcel.company),
        "ship_time": parcel.at // 1000,
        "delivery_id": parcel.id,
        "product_info": [
            {
                "product_name": lines[line_id].product["name"],
                "product_id": lines[line_id].product["product"],
                "product_id_str": str(lines[line_id].product["product"]),
                "sku_id": lines[line_id].product["sku"],
                "outer_sku_id": lines[line_id].product["code"],
                "sku_order_id": line_id,
                "price": lines[line_id].product["price"],
                "product_count": pieces,
                "sku_specs": lines[line_id].product["spec"],
            }
            for line_id, pieces in parcel.items.items()
        ],
    }


def _status(order: Order, line: Line) -> Status:
    """A line of an order shipped in part is shipped or is not."""
    if order.status == "part_shipped":
        return "shipped" if not line.left else "part_shipped" if line.shipped else "paid"
    return order.status


def _line(order: Order, line: Line) -> dict[str, Any]:
    product, stands = line.product, _status(order, line)
    status, refund = AFTER_SALE[line.after_sale]
    return {
        "order_id": line.id,
        "parent_order_id": order.id,
        "order_level": 3,
        "order_status": ORDER_STATUS[stands],
        "order_status_desc": STATUS_WORDS[stands],
        "create_time": order.created // 1000,
        "pay_time": order.paid // 1000,
        "update_time": order.updated // 1000,
        "exp_ship_time": order.deadline // 1000,
        "product_id": product["product"],
        "product_id_str": str(product["product"]),
        "product_name": product["name"],
        "sku_id": product["sku"],
        "code": product["code"],
        "out_sku_id": product["code"],
        "spec": product["spec"],
        "item_num": line.count,
        "origin_amount": product["price"],
        "sum_amount": product["price"] * line.count,
        "order_amount": product["price"] * line.count,
        "pay_amount": product["price"] * line.count,
        "after_sale_info": {
            "after_sale_status": status,
            "after_sale_type": 1 if line.shipped else 2,
            "refund_status": refund,
        },
    }


def company_list(asking: Asking, asked: Nothing) -> Any:  # noqa: ARG001
    return [{"id": number, "name": name, "code": code} for number, code, name, _ in CARRIERS]


CALLS = {
    "order.searchList": Done(SearchList, search_list),
    "order.orderDetail": Done(OrderDetail, order_detail),
    "order.logisticsCompanyList": Done(Nothing, company_list),
}
