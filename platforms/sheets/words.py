"""What platforms call the states of an order and of its after-sale, in our literals.

A word that is not here is refused with the row, never guessed: a refund taken for a wish to ship is
a parcel lost. (部分退款 is left out on purpose: whether to ship the rest is the merchant's to say.)
"""

import re

from core.imports.incoming import AfterSale, OrderStatus
from core.text.plain import half_width

_STATUS: dict[OrderStatus, str] = {
    "unpaid": "待支付 待付款 未支付 未付款 待确认 等待买家付款",
    "to_ship": """
        待发货 备货中 待出库 已支付 已付款 等待卖家发货 买家已付款,等待卖家发货 待成团发货 未发货
    """,
    "part_shipped": "部分发货 部分已发货 卖家部分发货",
    "shipped": """
        已发货 待收货 已出库 已发货,待签收 已发货待签收 卖家已发货,等待买家确认 等待买家确认收货
        等待买家收货
    """,
    "done": "已完成 已签收 已收货 交易成功 交易完成 订单成功",
    "closed": "已关闭 已取消 交易关闭 订单关闭 订单取消 已退款 退款成功 交易取消 订单失败 交易失败",
}
_AFTER_SALE: dict[AfterSale, str] = {
    "none": """
        无 无售后 售后关闭 售后已关闭 售后取消 售后撤销 退款关闭 退款取消 退款失败 退款撤销
        未申请售后 无售后或售后取消 没有申请退款 无退款
    """,
    "open": """
        退款中 售后中 售后处理中 售后待处理 退款待处理 待商家处理 待退货 待买家退货 待商家收货
        退货中 退货退款中 退款处理中 换货中 售后申请中 退款申请中 申请退款 待商家同意 商家拒绝
        拒绝退款 平台介入中 仲裁中 待商家退款 同意退款 同意退货 维修中 补寄中
    """,
    "refunded": """
        退款成功 已退款 退款完成 全额退款 已全额退款 售后完成 售后成功 退货退款成功 退款退货成功
    """,
}
# Words that tell both at once.
_BOTH: dict[str, tuple[OrderStatus, AfterSale]] = {
    "未发货,退款成功": ("closed", "refunded"),
    "已发货,退款成功": ("shipped", "refunded"),
    "已签收,退款成功": ("done", "refunded"),
    "未发货,退款中": ("to_ship", "open"),
    "已发货,退款中": ("shipped", "open"),
    "退款中": ("to_ship", "open"),
    "已退款": ("closed", "refunded"),
    "退款成功": ("closed", "refunded"),
}
_BLANKS = re.compile(r"\s+")


def _plain(word: str) -> str:
    return _BLANKS.sub("", half_width(word)).replace(";", ",").replace("、", ",")


_STATUS_OF = {word: status for status, words in _STATUS.items() for word in words.split()}
_AFTER_SALE_OF = {word: state for state, words in _AFTER_SALE.items() for word in words.split()}


def status_of(word: str) -> tuple[OrderStatus, AfterSale] | None:
    """The order's status, and the after-sale its word tells of (`none` mostly); None if unknown."""
    plain = _plain(word)
    if plain in _BOTH:
        return _BOTH[plain]
    status = _STATUS_OF.get(plain)
    return (status, "none") if status else None


def after_sale_of(word: str) -> AfterSale | None:
    """The after-sale of a word, `none` of an empty one; None if unknown."""
    plain = _plain(word)
    return _AFTER_SALE_OF.get(plain) if plain else "none"
