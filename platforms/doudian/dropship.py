"""Doudian's dropship programme (厂家代打): who is bound to whom, who has what, factories' parcels.

A factory never learns a merchant's shop id: it knows it by a number of its own (`user_id`), which
every call of a factory about an order must name.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from core.platforms.facts import Leg, OutsideRole, Parcel, Partner
from core.platforms.giving_facts import Giving, Standing
from platforms.doudian.carriers import Carriers
from platforms.doudian.gateway import Gateway
from platforms.doudian.given import matched, stands
from platforms.doudian.shapes import Handed
from platforms.failures import Garbled
from platforms.reading import as_object, rows_in
from platforms.values import Values

Row = Mapping[str, Any]
PAGE: Final = 100  # of a list
BOUND: Final = (2, 5)  # 5: somebody asked to unbind and the other has not agreed yet
NEAR: Final = timedelta(minutes=14)  # to both sides of a time: a window is 30 minutes at most
SPAN: Final = timedelta(minutes=29)
FEW: Final = 3  # orders of a window that are asked for one by one


class Dropship:
    """The programme's calls, as the house makes them."""

    def __init__(self, gateway: Gateway, values: Values, carriers: Carriers) -> None:
        self._gateway = gateway
        self._values = values
        self._carriers = carriers

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

        def there(page: Sequence[Row]) -> bool:
            return any(str(one.get("distr_order_id")) == handle for one in page)

        asked = _window("distr", given_at - NEAR, given_at + NEAR)
        for one in await self._all("iop/orderList", asked, "order_list", token, until=there):
            if str(one.get("distr_order_id")) == handle:
                return str(one.get("user_id") or "")
        return ""

    async def standing(
        self, token: str, orders: Sequence[Giving]
    ) -> Sequence[Mapping[str, Standing]]:
        """Return how the lines of these orders stand, found by when they were paid.

        Many paid about the same time are read from one list, few one by one.
        """
        handed: dict[str, dict[str, Handed]] = defaultdict(dict)
        for some in _together(orders):
            for one in await self._handed(token, some):
                handed[one.shop_order_id][one.distr_order_id] = one
        statuses = self._values["distr_status"]
        return [
            {
                sub: stands(one, statuses)
                for sub, one in matched(order.lines, list(handed[order.order_no].values())).items()
            }
            for order in orders
        ]

    async def _handed(self, token: str, some: Sequence[Giving]) -> list[Handed]:
        paid = [one.paid_at for one in some if one.paid_at is not None]
        numbers = {one.order_no for one in some}
        if len(numbers) <= FEW:
            rows: list[Row] = []
            for one in {each.order_no: each for each in some}.values():
                if one.paid_at is not None:
                    asked = _window("deal", one.paid_at - NEAR, one.paid_at + NEAR)
                    rows += await self._sold(token, {**asked, "shop_order_id": one.order_no})
        else:
            rows = await self._sold(token, _window("deal", min(paid), max(paid)))
        try:
            read = [Handed.model_validate(one) for one in rows]
        except ValidationError as error:
            raise Garbled("iop/sellerOrderList") from error
        return [one for one in read if one.shop_order_id in numbers]

    async def _sold(self, token: str, asked: Row) -> list[Row]:
        return await self._all("iop/sellerOrderList", asked, "distr_order_list", token)

    async def ship(
        self, token: str, merchant: str, handles: Mapping[str, str], parcel: Parcel, *, again: bool
    ) -> Leg:
        """Tell a parcel with its factory's token, line by line: each is whole in it.

        Raises the failures of a call.
        """
        code = await self._carriers.code(token, parcel.carrier)
        delivered: dict[str, str] = {}
        for sub, handle in handles.items():
            about = {"user_id": whole(merchant), "distr_order_id": handle}
            there = await self._there(token, about, parcel.tracking_number) if again else None
            delivered[handle] = (
                there if there is not None
                else await self._return(token, about, code, parcel, parcel.pieces[sub])
            )  # fmt: skip
        return Leg(code, parcel.tracking_number, parcel.pieces, _packed(delivered))

    async def _there(self, token: str, about: Row, number: str) -> str | None:
        """The id of a parcel the platform has of a line already, None where it has none."""
        said = as_object(await self._gateway.call("iop/orderInfo", about, token))
        for one in rows_in(said, "pack_list"):
            if str(one.get("track_no")) == number:
                return str(one.get("deliver_id") or "")
        return None

    async def _return(self, token: str, about: Row, code: str, parcel: Parcel, pieces: int) -> str:
        pack = {"track_no": parcel.tracking_number, "ship_num": pieces, "company_code": code}
        said = as_object(await self._gateway.call(
            "iop/waybillReturn",
            {**about, "pack_list": [pack], "is_refund_reject": parcel.refusing_refund},
            token,
        ))  # fmt: skip
        packs = rows_in(said, "pack_list")
        told = packs[0].get("deliver_id") if packs else said.get("delivery_id")
        return str(told or said.get("delivery_id") or "")

    async def correct(self, token: str, merchant: str, before: Leg, after: Parcel) -> None:
        """Tell another carrier or number of a parcel that a factory told."""
        code = await self._carriers.code(token, after.carrier)
        for handle, delivered in packs_of(before.handle).items():
            asked = {
                "user_id": whole(merchant), "distr_order_id": handle, "delivery_id": delivered,
                "track_no": after.tracking_number, "company_code": code,
            }  # fmt: skip
            await self._gateway.call("iop/waybillUpdate", asked, token)

    async def _all(
        self, path: str, asked: Row, rows: str, token: str, *, size: str = "size",
        until: Callable[[Sequence[Row]], bool] = lambda _: False,
    ) -> list[Row]:  # fmt: skip
        """Return a list page by page, no further than the page of which `until` holds."""
        found: list[Row] = []
        number = 0
        while True:
            said = await self._gateway.call(path, {**asked, "page": number, size: PAGE}, token)
            page = rows_in(as_object(said), rows)
            found += page
            if len(page) < PAGE or until(page):
                return found
            number += 1


def _together(orders: Sequence[Giving]) -> list[list[Giving]]:
    """Orders whose times of payment fit in one window; one that has none was never paid."""
    groups: list[list[Giving]] = []
    paid = [(one.paid_at, n, one) for n, one in enumerate(orders) if one.paid_at is not None]
    for at, _, one in sorted(paid, key=lambda each: each[:2]):
        first = groups[-1][0].paid_at if groups else None
        if first is not None and at - first <= SPAN:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _window(what: str, start: datetime, end: datetime) -> dict[str, int]:
    return {
        f"start_{what}_time": int(start.timestamp()), f"end_{what}_time": int(end.timestamp()) + 1
    }  # fmt: skip


def whole(number: str) -> int | str:
    """Return an id as the number it is there."""
    return int(number) if number.isdecimal() else number


def _packed(delivered: Mapping[str, str]) -> str:
    return " ".join(f"{handle}:{parcel}" for handle, parcel in delivered.items())


def packs_of(handle: str) -> dict[str, str]:
    """Return the platform's parcels of a parcel a factory told, by the lines' ids there."""
    pairs = (one.partition(":") for one in handle.split())
    return {line: parcel for line, colon, parcel in pairs if colon}
