"""Parcels told to Kuaishou by the factory that was given the order in the dropship programme.

An order is given whole there, and has one parcel of the factory's: further ones, and which of
several is corrected, only the merchant can tell (`parcels`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.platforms.facts import Leg, Parcel
from platforms.failures import Refused
from platforms.kuaishou.carriers import Carriers
from platforms.kuaishou.checking import why_not
from platforms.kuaishou.gateway import Gateway
from platforms.reading import as_object, rows_in

_ORDER = "dropshipping/order"


class AsFactory:
    """The calls of a factory's shop about parcels; `merchant` is how it knows the merchant."""

    def __init__(self, gateway: Gateway, carriers: Carriers) -> None:
        self._gateway = gateway
        self._carriers = carriers

    async def ship(
        self, token: str, merchant: str, handles: Mapping[str, str], parcel: Parcel, *, again: bool
    ) -> Leg:
        """Tell a parcel; `again`: it may have been told, and is looked up first.

        What the platform would refuse is refused before it is asked. Raises the failures of a call.
        """
        asked = self._asked(merchant, handles, parcel)
        if not (again and parcel.tracking_number in await self._numbers(token, asked)):
            await self._gateway.call(f"{_ORDER}/deliver", asked, token)
        return Leg(asked["expressCompanyCode"], parcel.tracking_number, parcel.pieces)

    async def correct(self, token: str, merchant: str, after: Parcel) -> None:
        """Tell another number of the order's only parcel. Raises as `ship`."""
        if after.siblings:
            raise Refused("", "not_here")
        asked = self._asked(merchant, after.handles, after)
        await self._gateway.call(f"{_ORDER}/logistics/update", asked, token)

    def _asked(self, merchant: str, handles: Mapping[str, str], parcel: Parcel) -> dict[str, Any]:
        company = self._carriers.code(parcel.carrier)
        why = why_not(parcel, datetime.now(UTC))
        codes = set(handles.values())
        if why or len(codes) != 1:
            raise Refused("", why or "pieces_differ")
        return {
            "allocateOrderCode": codes.pop(), "userCode": merchant,
            "waybillCode": parcel.tracking_number, "expressCompanyCode": company,
        }  # fmt: skip

    async def _numbers(self, token: str, asked: Mapping[str, Any]) -> list[str]:
        """The numbers the platform has of an order."""
        which = {name: asked[name] for name in ("allocateOrderCode", "userCode")}
        said = as_object(await self._gateway.call(f"{_ORDER}/detail/query", which, token))
        return [str(one.get("waybillCode")) for one in rows_in(said, "waybillList")]
