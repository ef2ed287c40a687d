"""Kuaishou as `Platform`: what is asked of it and answered, in the words of the house."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import ValidationError

from core.platforms.facts import (
    Grant,
    Leg,
    OutsideRole,
    Parcel,
    Partner,
    PlatformOrder,
    Quarantined,
)
from core.platforms.giving_facts import Giving, Standing
from core.platforms.ticket_facts import Sender, TicketAsked, TicketTold
from core.values import Concealed, Recipient
from platforms.concealing import address_parts
from platforms.failures import Garbled, Refused
from platforms.kuaishou.as_factory import AsFactory
from platforms.kuaishou.carriers import Carriers
from platforms.kuaishou.gateway import Gateway
from platforms.kuaishou.mapping import PLATFORM, read_order
from platforms.kuaishou.parcels import Parcels
from platforms.kuaishou.relations import Relations
from platforms.kuaishou.shapes import Answered, Decrypted, Granted
from platforms.kuaishou.tickets import Tickets
from platforms.port import Bounds, Page, Told, Window
from platforms.reading import as_object, rows_in
from platforms.values import Values

AUTHORISE: Final = "https://open.kwaixiaodian.com/oauth/authorize"  # where a merchant says yes
_ORDERS: Final = "dropshipping/order"
_REACH: Final = timedelta(days=90) - timedelta(minutes=10)  # further back nothing is listed


class Kuaishou:
    """One application at Kuaishou; its shops differ by their tokens."""

    name = PLATFORM
    # Seconds of a window (7 days, the end left out) and sizes of a page, of batches. The documents
    # bound neither pages nor batches of assignments: as Doudian does.
    bounds = Bounds(window=604_799.0, page=100, batch=100, tickets=10)

    def __init__(
        self, gateway: Gateway, values: Values, app_key: str, authorise: str = AUTHORISE
    ) -> None:
        self._gateway = gateway
        self._values = values
        self._app_key = app_key
        self._authorise = authorise
        self._carriers = Carriers(values)
        self._parcels = Parcels(gateway, values, self._carriers)
        self._as_factory = AsFactory(gateway, self._carriers)
        self._tickets = Tickets(gateway, self._carriers)
        self._relations = Relations(gateway, values)

    def authorise_at(self, state: str, back: str) -> str:
        """Return where a merchant authorises us; they come `back` with `state` and a code."""
        asked = {
            "app_id": self._app_key, "redirect_uri": back, "scope": self._values["asked"]["scope"],
            "response_type": "code", "state": state,
        }  # fmt: skip
        return f"{self._authorise}?{urlencode(asked)}"

    async def granted(self, code: str) -> Grant:
        """Exchange the code an authorisation brought back; who the shop is, is asked for.

        A merchant is known by what messages call it, a factory by the code that merchants name it
        by: as far as the application may ask for them.
        """
        grant = await self._grant("access_token", {"grant_type": "code", "code": code})
        known, name = grant.shop_id, ""
        try:
            said = as_object(await self._gateway.call("user/seller/get", {}, grant.access_token))
            name = str(said.get("name") or "")
            if await self.role(grant.access_token) == "factory":
                known = await self._relations.own_code(grant.access_token) or known
        except Refused:
            pass  # it may not ask: its own number does
        return replace(grant, shop_id=known, shop_name=name or grant.shop_id)

    async def refreshed(self, refresh_token: str) -> Grant:
        """Exchange a refresh token; the old one is void afterwards."""
        return await self._grant(
            "refresh_token", {"grant_type": "refresh_token", "refresh_token": refresh_token}
        )

    async def _grant(self, name: str, asked: Mapping[str, str]) -> Grant:
        said = await self._gateway.grant(name, asked)
        try:
            given = Granted.model_validate(said)
        except ValidationError as error:
            raise Garbled(name) from error
        return Grant(
            given.open_id, "", given.access_token, given.refresh_token,
            datetime.now(UTC) + timedelta(seconds=given.expires_in),
        )  # fmt: skip

    async def role(self, token: str) -> OutsideRole:
        """Return what the shop is in the platform's own dropship programme."""
        said = as_object(await self._gateway.call("dropshipping/role/query", {}, token))
        word = self._values.word("role", said.get("roleType"))
        return "merchant" if word == "merchant" else "factory" if word == "factory" else "unknown"

    async def partners(self, token: str, role: OutsideRole) -> Sequence[Partner]:
        """Return who is bound to the shop there: a merchant's factories, a factory's merchants."""
        return await self._relations.partners(token, role)

    async def merchant_of(self, token: str, handle: str, given_at: datetime) -> str:
        """Return how a factory knows the merchant that gave it `handle` at about that time."""
        return await self._relations.merchant_of(token, handle, given_at)

    async def changed(self, token: str, window: Window, page: str = "") -> Page:
        """Return the orders that changed in the window, oldest change first.

        What lies further back than the platform lists is passed over.
        """
        asked = self._values["asked"]
        start = max(window.start, datetime.now(UTC) - _REACH)
        if start >= window.end:
            return Page(())
        parameters: dict[str, Any] = {
            "queryType": int(asked["by_update"]), "sort": int(asked["oldest_first"]),
            "beginTime": _thousandths(start), "endTime": _thousandths(window.end) - 1,
            "pageSize": self.bounds.page, "cursor": page,
        }  # fmt: skip
        said = as_object(await self._gateway.call(f"{_ORDERS}/merchant/list", parameters, token))
        read = [read_order(self._values, one) for one in rows_in(said, "dropshippingOrderList")]
        following = str(said.get("cursor") or "")
        return Page(
            [one for one in read if isinstance(one, PlatformOrder)],
            [one for one in read if isinstance(one, Quarantined)],
            "" if following == asked["no_more"] or not read else following,
        )

    async def one(self, token: str, order_no: str) -> PlatformOrder | Quarantined | None:
        """Return one order by its code in the dropship programme, which messages and handles name.

        None for an order's own number: by that the platform tells none, but lists it as changed.
        """
        return await self._parcels.order(token, order_no)

    async def standing(
        self, token: str, orders: Sequence[Giving]
    ) -> Sequence[Mapping[str, Standing]]:
        """Return how the lines of these orders stand in the programme, by sub-order number."""
        return [await self._parcels.standing(token, one) for one in orders]

    async def assign(self, token: str, handles: Sequence[str], factory: str) -> list[Told]:
        """Tell that a factory has these, at most a batch; each is answered for itself."""
        asked = {"dropshippingOrderCodeList": list(handles), "factoryCode": factory}
        said = await self._gateway.call(f"{_ORDERS}/batch/allocate", asked, token)
        return self._told(said, handles)

    async def unassign(self, token: str, handles: Sequence[str], reason: str) -> list[Told]:
        """Tell that these are back with the merchant; each is answered for itself."""
        asked = {"dropshippingOrderCodeList": list(handles), "cancelAllocateReason": reason}
        said = await self._gateway.call(f"{_ORDERS}/batch/allocate/cancel", asked, token)
        return self._told(said, handles)

    def _told(self, said: Any, handles: Sequence[str]) -> list[Told]:
        rows = rows_in({"rows": said}, "rows")
        answered = {one.dropshippingOrderCode: one for one in map(Answered.model_validate, rows)}
        if not answered.keys() >= set(handles):
            raise Garbled("an order without an answer")
        return [
            Told(name) if one.success else
            Told(name, self._gateway.word(one.errorMsg) or "refused", one.errorMsg)
            for name, one in ((name, answered[name]) for name in handles)
        ]  # fmt: skip

    async def ship(self, token: str, parcels: Sequence[Parcel], request_id: str) -> list[Leg]:  # noqa: ARG002 - it takes none
        """Tell the parcels of one order, with its merchant's token; one it has is told once."""
        return [await self._parcels.ship(token, one) for one in parcels]

    async def correct(self, token: str, before: Leg, after: Parcel) -> None:  # noqa: ARG002 - it has no id of its own
        """Tell another carrier or number of a parcel that was told."""
        await self._parcels.correct(token, after)

    async def ship_as_factory(
        self, token: str, merchant: str, handles: Mapping[str, str], parcel: Parcel, *, again: bool
    ) -> Leg:
        """Tell a parcel with the token of the factory that was given the order there."""
        return await self._as_factory.ship(token, merchant, handles, parcel, again=again)

    async def correct_as_factory(
        self,
        token: str,
        merchant: str,
        before: Leg,  # noqa: ARG002 - a parcel has no id there
        after: Parcel,
    ) -> None:
        """Tell another carrier or number of a parcel that a factory told."""
        await self._as_factory.correct(token, merchant, after)

    async def carriers(self, token: str) -> Mapping[str, str]:  # noqa: ARG002 - it lists none
        """Return the platform's carriers we know: name by the platform's code."""
        return self._carriers.named

    async def decrypted(self, token: str, order_no: str, concealed: Concealed) -> Recipient:
        """Return one recipient in plain, for a person who has just asked: a call for each field."""
        regions, detail = address_parts(concealed.address)
        name, phone, street = [
            await self._plain(token, order_no, one)
            for one in (concealed.name, concealed.phone, detail)
        ]
        return Recipient(name, phone, f"{regions} {street}".strip())

    async def _plain(self, token: str, order_no: str, cipher: str) -> str:
        asked = {"batchDecryptList": [{"bizId": order_no, "encryptedData": cipher}]}
        said = await self._gateway.call("order/decrypt/batch", asked, token)
        rows = rows_in({"rows": said}, "rows")
        try:
            one = Decrypted.model_validate(rows[0])
        except (IndexError, ValidationError) as error:
            raise Garbled("order/decrypt/batch") from error
        if one.errorCode not in ("", "0", "1") or not one.decryptedData:
            raise self._gateway.failure(one.errorCode, one.errorMsg)
        return one.decryptedData

    async def tickets(
        self, token: str, sender: Sender, asked: Sequence[TicketAsked]
    ) -> list[TicketTold]:
        """Draw e-waybills with a factory's token; what is not answered, nobody knows."""
        return await self._tickets.draw(token, sender, asked)

    async def unticket(self, token: str, merchant: str, carrier: str, number: str) -> None:
        """Give an e-waybill's number back, with the token of the factory that drew it."""
        await self._tickets.cancel(token, merchant, carrier, number)


def _thousandths(time: datetime) -> int:
    return int(time.timestamp() * 1000)
