"""Doudian's numbers: states, kinds, codes, carriers.

On the project's wire page: order, assignment, binding and after-sale states, tags. Of the carriers
only `yuantong` and `jtexpress` are confirmed; the after-sale numbers inside an order and the other
carriers' codes are what public clients of the platform name.
"""

import re
from typing import Final

from sandbox.orders import AfterSale, Status

ORDER_STATUS: Final[dict[Status, int]] = {
    "unpaid": 1, "paid": 2, "part_shipped": 101, "shipped": 3, "closed": 4, "done": 5,
}  # fmt: skip
STATUS_WORDS: Final[dict[Status, str]] = {
    "unpaid": "待支付", "paid": "备货中", "part_shipped": "部分发货", "shipped": "已发货",
    "closed": "已关闭", "done": "已完成",
}  # fmt: skip
# after_sale_status and refund_status of a line.
AFTER_SALE: Final[dict[AfterSale, tuple[int, int]]] = {
    "none": (0, 0), "open": (6, 1), "refunded": (12, 3), "refused": (27, 4), "closed": (28, 1),
}  # fmt: skip
NO_AFTER_SALE, IN_AFTER_SALE = 1, 2
MERCHANT, FACTORY = 1, 2
BEFORE_SHIPPING, AFTER_SHIPPING = 2, 1  # aftersale_type: refund without goods, before or after

CARRIERS: Final[tuple[tuple[int, str, str, str], ...]] = (
    (12, "shunfeng", "顺丰速运", r"SF\d{13}|\d{12}"),
    (8, "yuantong", "圆通快递", r"YT\d{13}"),
    (15, "zhongtong", "中通快递", r"78\d{12}|7[3-5]\d{11}|\d{14}"),
    (9, "yunda", "韵达快递", r"[34]\d{14}|\d{13}|\d{15}"),
    (7, "shentong", "申通快递", r"77\d{13}|\d{12}"),
    (1_740, "jtexpress", "极兔速递", r"JT\d{13}"),
    (17, "ems", "EMS", r"1[0-2]\d{11}|5[0-2]\d{11}|9[5-9]\d{11}|[A-Z]{2}\d{9}[A-Z]{2}"),
    (30, "jd", "京东快递", r"JD[A-Z]{1,2}\d{11,12}|JDV[A-Z]\d{11}"),
    (3, "debangwuliu", "德邦快递", r"DP[KL]?\d{11,13}"),
)
NAMES: Final = {code: name for _, code, name, _ in CARRIERS}
_NUMBERS = {code: re.compile(pattern) for _, code, _, pattern in CARRIERS}
_NEW_NUMBERS = {
    "shunfeng": "SF1{:012d}", "yuantong": "YT88{:011d}", "zhongtong": "78{:012d}",
    "yunda": "46{:013d}", "shentong": "77{:013d}", "jtexpress": "JT30{:011d}",
    "ems": "11{:011d}", "jd": "JDVA{:011d}", "debangwuliu": "DPK{:012d}",
}  # fmt: skip


def fits(company: str, number: str) -> bool:
    """Whether the carrier could have issued this number."""
    return bool(_NUMBERS[company].fullmatch(number))


def new_number(company: str, n: int) -> str:
    return _NEW_NUMBERS[company].format(n)
