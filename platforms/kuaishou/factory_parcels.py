"""Parcels told to Kuaishou with the token of the factory that was given the order there.

An order is whole in the programme: its factory tells one number of it (order.deliver), and another
in its place (order.logistics.update).
"""

from collections.abc import Mapping
from typing import Any

from core.platforms.facts import Leg, Parcel
from platforms.failures import Refused
from platforms.kuaishou.carriers import Carriers
from platforms.kuaishou.gateway import Gateway
from platforms.reading import as_object, rows_in

_ORDER = "dropshipping/order"


class FactoryParcels:
    """The calls of a factory's shop about parcels."""

    def __init__(self, gateway: Gateway, carriers: Carriers) -> None:
        self._gateway = gateway
        self._carriers = carriers

    async def ship(
        self, token: str, merchant: str, handles: Mapping[str, str], parcel: Parcel, *, again: bool
    ) -> Leg:
        """Tell the order's parcel. Raises the failures of a call."""
        [code, *others] = dict.fromkeys(handles.values())
        if others:
            raise Refused("", "pieces_differ")
        about = {"allocateOrderCode": code, "userCode": merchant}
        company = self._carriers.code(parcel.carrier)
        if not (again and await self._there(token, about, parcel.tracking_number)):
            number = {"waybillCode": parcel.tracking_number, "expressCompanyCode": company}
            await self._gateway.call(f"{_ORDER}/deliver", {**about, **number}, token)
        return Leg(company, parcel.tracking_number, parcel.pieces, code)

    async def _there(self, token: str, about: Mapping[str, Any], number: str) -> bool:
        said = as_object(await self._gateway.call(f"{_ORDER}/detail/query", about, token))
        return any(str(one.get("waybillCode")) == number for one in rows_in(said, "waybillList"))

    async def correct(self, token: str, merchant: str, before: Leg, after: Parcel) -> None:
        """Tell another number of the order's parcel. Raises the failures of a call."""
        asked = {
            "allocateOrderCode": before.handle, "userCode": merchant,
            "waybillCode": after.tracking_number,
            "expressCompanyCode": self._carriers.code(after.carrier),
        }  # fmt: skip
        await self._gateway.call(f"{_ORDER}/logistics/update", asked, token)
