"""Order numbers that a spreadsheet rounded while nobody looked.

Opened and saved as .csv, a 19-digit number keeps 15 digits and ends in zeros, in full writing. One
such number may be true (one in ten thousand is); a file of them is not.
"""

import re
from collections.abc import MutableSequence

from core.imports.incoming import Reason, Refused
from platforms.sheets.taking import Taken

_ROUNDED = re.compile(r"\d{15}0{2,}")
_SUSPICIOUS_ORDERS = 2


def refuse_rounded(
    taken: dict[str, list[Taken]], refused: MutableSequence[Refused]
) -> dict[str, list[Taken]]:
    """The orders whose numbers are whole; the others' rows are added to `refused`."""
    rounded = {order_no for order_no in taken if _ROUNDED.fullmatch(order_no)}
    if len(rounded) < _SUSPICIOUS_ORDERS or len(rounded) * 2 < len(taken):
        return taken
    for order_no in rounded:
        detail = {"column": "订单编号", "value": order_no}
        refused.extend(
            Refused(row.number, order_no, Reason.LOST_DIGITS, detail) for row in taken[order_no]
        )
    return {order_no: rows for order_no, rows in taken.items() if order_no not in rounded}
