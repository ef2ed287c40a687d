"""Kuaishou's numbers: carriers, states, kinds of orders.

The carriers' codes are the wire page's. It confirms no value of any state: those below are the
sandbox's guesses, in one table, to be corrected when they are known.
"""

import re
from typing import Final

from sandbox.orders import AfterSale, Status

CARRIERS: Final[dict[str, tuple[str, str, str]]] = {
    "2": ("EMS", r"1[0-2]\d{11}|5[0-2]\d{11}|9[5-9]\d{11}|[A-Z]{2}\d{9}[A-Z]{2}", "11{:011d}"),
    "3": ("申通快递", r"77\d{13}|\d{12}", "77{:013d}"),
    "4": ("顺丰速运", r"SF\d{13}|\d{12}", "SF2{:012d}"),
    "6": ("圆通速递", r"YT\d{13}", "YT77{:011d}"),
    "8": ("邮政快递包裹", r"9\d{12}", "9{:012d}"),
    "9": ("中通快递", r"78\d{12}|7[3-5]\d{11}|\d{14}", "78{:012d}"),
    "11": ("韵达快递", r"[34]\d{14}|\d{13}|\d{15}", "46{:013d}"),
    "14": ("京东物流", r"JD[A-Z]{1,2}\d{11,12}|JDV[A-Z]\d{11}", "JDVB{:011d}"),
    "17": ("德邦快递", r"DP[KL]?\d{11,13}", "DPK{:012d}"),
    "109": ("极兔速递", r"JT\d{13}", "JT31{:011d}"),
    "113": ("菜鸟速递", r"C(?:NS|J)\d{12,14}", "CNS{:012d}"),
}
ORDER_STATUS: Final[dict[Status, int]] = {
    "unpaid": 10, "paid": 30, "part_shipped": 31, "shipped": 40, "done": 70, "closed": 80,
}  # fmt: skip
REFUND_STATUS: Final[dict[AfterSale, int]] = {
    "none": 0, "open": 1, "refunded": 2, "refused": 3, "closed": 4,
}  # fmt: skip
# dropshippingStatus and allocateStatus: by the state of a unit. relation: by that of a binding.
DROPSHIPPING_STATUS: Final = {0: 0, 1: 1, 2: 2, 3: 3}
ALLOCATE_STATUS: Final = {1: 1, 2: 2, 3: 3}
RELATION_STATUS: Final = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5}
MERCHANT, FACTORY = 1, 2
NORMAL, GIFT, RESEND, EXCHANGE = 1, 2, 3, 4  # orderType
BY_CREATION, BY_UPDATE = 1, 2  # queryType
NEWEST_FIRST, OLDEST_FIRST = 1, 2  # sort
NO_MORE: Final = "nomore"  # the cursor after the last page


def fits(company: str, number: str) -> bool:
    """Whether the carrier could have issued this number."""
    return bool(re.fullmatch(CARRIERS[company][1], number))


def new_number(company: str, n: int) -> str:
    return CARRIERS[company][2].format(n)
