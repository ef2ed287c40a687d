"""Parcels told to Kuaishou in the merchant's name: delivered, added to what left, corrected.

The calls are those the platform's documents have for every merchant's shop (open.seller.order.*);
the dropship programme has calls for its factories only. None of them takes an id of the request:
what the order has is read first, so that a parcel is told once.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.platforms.facts import Leg, Parcel, PlatformOrder, Quarantined
from core.platforms.giving_facts import Giving, Standing
from platforms.failures import Garbled, Refused
from platforms.kuaishou.carriers import Carriers
from platforms.kuaishou.checking import why_not
from platforms.kuaishou.gateway import Gateway
from platforms.kuaishou.mapping import read_order
from platforms.values import Values

_SELLER = "seller/order"


class Parcels:
    """What the platform has of an order, and what it is told of its parcels."""

    def __init__(self, gateway: Gateway, values: Values, carriers: Carriers) -> None:
        self._gateway = gateway
        self._values = values
        self._carriers = carriers

    async def order(self, token: str, code: str) -> PlatformOrder | Quarantined | None:
        """Return one order by its code in the programme, None when the shop has none of that."""
        asked = {"dropshippingOrderCode": code}
        try:
            said = await self._gateway.call("dropshipping/order/merchant/detail", asked, token)
        except Refused as refused:
            if refused.why == "unknown_order":
                return None
            raise
        return read_order(self._values, said)

    async def standing(self, token: str, giving: Giving) -> Mapping[str, Standing]:
        """Return how an order stands in the programme, where it is whole: none of its lines alone.

        Raises the failures of a call.
        """
        code = next(iter(giving.handles.values()), "")
        order = await self.order(token, code) if code else None
        if not isinstance(order, PlatformOrder):
            return {}
        shipped = bool(order.given_to and order.parcels)
        return {
            sub: Standing(handle, order.given_to, shipped=shipped)
            for sub, handle in order.handles.items()
        }

    async def ship(self, token: str, parcel: Parcel) -> Leg:
        """Tell a parcel. The first one delivers the order whole, each further one is added to it.

        What the platform would refuse is refused before it is asked. Raises the failures of a call.
        """
        company = self._checked(parcel)
        legs = await self._legs(token, parcel)
        there = next((one for one in legs if one.tracking_number == parcel.tracking_number), None)
        if there is None:
            number = {"expressCode": _whole(company), "expressNo": parcel.tracking_number}
            order = _whole(parcel.order_no)
            if legs:
                path, asked = "goods/logistics/append", {"oid": order, **number}
            else:
                path, asked = "goods/deliver", {"orderId": order, **number}
            await self._gateway.call(f"{_SELLER}/{path}", asked, token)
        return Leg(company, parcel.tracking_number, parcel.pieces)

    async def correct(self, token: str, after: Parcel) -> None:
        """Tell another number of a parcel: the one of the order that is none of our others.

        Raises the failures of a call; `Refused` (`not_here`) where nobody can say which it is.
        """
        company = self._checked(after)
        legs = await self._legs(token, after)
        meant = [one for one in legs if one.tracking_number not in after.siblings]
        if any((one.carrier, one.tracking_number) == (company, after.tracking_number)
               for one in meant):  # fmt: skip
            return  # told already
        if len(meant) != 1 or (len(legs) > 1 and not meant[0].handle):
            raise Refused("", "not_here")
        asked: dict[str, Any] = {
            "orderId": _whole(after.order_no), "expressCode": _whole(company),
            "expressNo": after.tracking_number,
        }  # fmt: skip
        if len(legs) > 1:
            asked["logisticsId"] = _whole(meant[0].handle)
        await self._gateway.call(f"{_SELLER}/logistics/update", asked, token)

    def _checked(self, parcel: Parcel) -> str:
        """Return the carrier's code of a parcel that may be told. Raises `Refused`."""
        company = self._carriers.code(parcel.carrier)
        why = why_not(parcel, datetime.now(UTC))
        if why:
            raise Refused("", why)
        return company

    async def _legs(self, token: str, parcel: Parcel) -> list[Leg]:
        """Return the parcels the platform has of the order."""
        code = next(iter(parcel.handles.values()), "")
        order = await self.order(token, code) if code else None
        if order is None:
            raise Refused("", "unknown_order")
        if isinstance(order, Quarantined):
            raise Garbled(order.field)
        return list(order.parcels)


def _whole(number: str) -> int | str:
    """Return an id as the number it is there."""
    return int(number) if number.isdecimal() else number
