"""Doudian's dropship programme (厂家代发): who is bound to whom, and who gave what to whom.

A factory never learns a merchant's shop id: it knows it by a number of its own (`user_id`), which
every call of a factory about an order must name.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from core.platforms.facts import OutsideRole, Partner
from platforms.doudian.gateway import Gateway
from platforms.reading import as_object, rows_in

PAGE: Final = 100  # of a list
BOUND: Final = (2, 5)  # 5: somebody asked to unbind and the other has not agreed yet
NEAR: Final = timedelta(minutes=14)  # to both sides of a time: a window is 30 minutes at most


class Dropship:
    """The programme's lists, as the house asks them."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def partners(self, token: str, role: OutsideRole) -> Sequence[Partner]:
        """Return the shops bound to this one there. Raises the failures of a call."""
        path, rows, side = (
            ("iop/sellerSupplierList", "supplier_shop_list", "supplier_shop")
            if role == "merchant"
            else ("iop/getSellerList", "seller_shop_list", "seller_shop")
        )
        asked = {"bind_status": list(BOUND)}
        found = await self._all(path, asked, rows, token, size="page_size")
        bound = [one for one in found if str(one.get("bind_status")) in map(str, BOUND)]
        return [
            Partner(str(one.get(f"{side}_id") or ""), str(one.get(f"{side}_name") or ""))
            for one in bound
        ]

    async def merchant_of(self, token: str, handle: str, given_at: datetime) -> str:
        """Return how a factory knows the merchant, empty where it was not given that order."""
        asked = {
            "start_distr_time": int((given_at - NEAR).timestamp()),
            "end_distr_time": int((given_at + NEAR).timestamp()),
        }
        for one in await self._all("iop/orderList", asked, "order_list", token, until=handle):
            if str(one.get("distr_order_id")) == handle:
                return str(one.get("user_id") or "")
        return ""

    async def _all(
        self, path: str, asked: Mapping[str, Any], rows: str, token: str, *, size: str = "size",
        until: str = "",
    ) -> Sequence[Mapping[str, Any]]:  # fmt: skip
        """Return a list page by page; no further than the page that has the order `until`."""
        found: list[Mapping[str, Any]] = []
        number = 0
        while True:
            said = await self._gateway.call(path, {**asked, "page": number, size: PAGE}, token)
            page = rows_in(as_object(said), rows)
            found += page
            there = until and any(str(one.get("distr_order_id")) == until for one in page)
            if there or len(page) < PAGE:
                return found
            number += 1
