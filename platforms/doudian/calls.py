"""Doudian as `Platform`: what is asked of it and answered, in the words of the house."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

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
from platforms.doudian.carriers import Carriers
from platforms.doudian.dropship import Dropship, packs_of
from platforms.doudian.gateway import Gateway
from platforms.doudian.mapping import PLATFORM, read_order
from platforms.doudian.shapes import Granted
from platforms.doudian.tickets import Tickets, whole
from platforms.failures import Garbled, Refused
from platforms.port import Bounds, Page, Told, Window
from platforms.reading import as_object, rows_in
from platforms.values import Values

AUTHORISE: Final = "https://fuwu.jinritemai.com/authorize"  # where a merchant says yes
_ROLES: Final[Mapping[str, OutsideRole]] = {"1": "merchant", "2": "factory"}


class Doudian:
    """One application at Doudian; its shops differ by their tokens."""

    name = PLATFORM
    # Seconds of a window and sizes of a page, a batch of assignments, a batch of e-waybills.
    bounds = Bounds(window=1_800.0, page=100, batch=100, tickets=10)

    def __init__(
        self, gateway: Gateway, values: Values, service_id: str, authorise: str = AUTHORISE
    ) -> None:
        self._gateway = gateway
        self._values = values
        self._service_id = service_id
        self._authorise = authorise
        self._carriers = Carriers(gateway, values)
        self._tickets = Tickets(gateway, values, self._carriers)
        self._dropship = Dropship(gateway, values, self._carriers)

    def authorise_at(self, state: str, back: str) -> str:  # noqa: ARG002 - registered there
        """Return where a merchant authorises us; where they come back stands in the platform's
        own console."""
        return f"{self._authorise}?service_id={self._service_id}&state={state}"

    async def granted(self, code: str) -> Grant:
        """Exchange the code an authorisation brought back."""
        return await self._grant("token/create", {"code": code, "grant_type": "authorization_code"})

    async def refreshed(self, refresh_token: str) -> Grant:
        """Exchange a refresh token; the old one may be void afterwards."""
        return await self._grant(
            "token/refresh", {"grant_type": "refresh_token", "refresh_token": refresh_token}
        )

    async def _grant(self, path: str, asked: Mapping[str, str]) -> Grant:
        said = await self._gateway.call(path, asked)
        try:
            given = Granted.model_validate(said)
        except ValidationError as error:
            raise Garbled(path) from error
        return Grant(
            given.shop_id, given.shop_name, given.access_token, given.refresh_token,
            datetime.now(UTC) + timedelta(seconds=given.expires_in),
        )  # fmt: skip

    async def role(self, token: str) -> OutsideRole:
        """Return what the shop is in the platform's own dropship programme."""
        said = as_object(await self._gateway.call("iop/roleGet", {}, token))
        return _ROLES.get(str(said.get("role_type")), "unknown")

    async def partners(self, token: str, role: OutsideRole) -> Sequence[Partner]:
        """Return who is bound to the shop there: a merchant's factories, a factory's merchants."""
        return await self._dropship.partners(token, role)

    async def merchant_of(self, token: str, handle: str, given_at: datetime) -> str:
        """Return how a factory knows the merchant that gave it `handle` at about that time."""
        return await self._dropship.merchant_of(token, handle, given_at)

    async def changed(self, token: str, window: Window, page: str = "") -> Page:
        """Return the orders that changed in the window, oldest change first."""
        number = int(page or 0)
        said = as_object(await self._gateway.call(
            "order/searchList",
            {
                "update_time_start": int(window.start.timestamp()),
                "update_time_end": int(window.end.timestamp()),
                "page": number, "size": self.bounds.page,
                "order_by": "update_time", "order_asc": True,
            },
            token,
        ))  # fmt: skip
        rows = rows_in(said, "shop_order_list")
        read = [read_order(self._values, one) for one in rows]
        more = len(rows) == self.bounds.page
        return Page(
            [one for one in read if isinstance(one, PlatformOrder)],
            [one for one in read if isinstance(one, Quarantined)],
            str(number + 1) if more else "",
        )

    async def one(self, token: str, order_no: str) -> PlatformOrder | Quarantined | None:
        """Return one order, None when the shop has none of that number."""
        try:
            said = await self._gateway.call("order/orderDetail", {"shop_order_id": order_no}, token)
        except Refused as refused:
            if refused.why == "unknown_order":
                return None
            raise
        return read_order(self._values, as_object(said).get("shop_order_detail"))

    async def standing(
        self, token: str, orders: Sequence[Giving]
    ) -> Sequence[Mapping[str, Standing]]:
        """Return how the lines of these orders stand in the programme, by sub-order number."""
        return await self._dropship.standing(token, orders)

    async def ship_as_factory(
        self, token: str, merchant: str, handles: Mapping[str, str], parcel: Parcel, *, again: bool
    ) -> Leg:
        """Tell a parcel with the token of the factory that was given its lines there."""
        return await self._dropship.ship(token, merchant, handles, parcel, again=again)

    async def correct_as_factory(
        self, token: str, merchant: str, before: Leg, after: Parcel
    ) -> None:
        """Tell another carrier or number of a parcel that a factory told."""
        await self._dropship.correct(token, merchant, before, after)

    async def assign(self, token: str, handles: Sequence[str], factory: str) -> list[Told]:
        """Tell that a factory has these, at most a batch; each is answered for itself."""
        some = [{"supplier_shop_id": whole(factory), "distr_order_id": one} for one in handles]
        said = as_object(
            await self._gateway.call("iop/sellerDistribute", {"distribute_order_list": some}, token)
        )
        answered = {
            str(one.get("distr_order_id")): one
            for one in rows_in(said, "distribute_order_reuslts")  # the platform's own spelling
        }
        return [self._told(one, answered.get(one)) for one in handles]

    def _told(self, handle: str, said: Mapping[str, Any] | None) -> Told:
        if said is None:
            raise Garbled("an order without an answer")
        code = str(said.get("err_no", ""))
        if code in ("0", "10000"):
            return Told(handle)
        word = self._values.word("distr_refusal", code) or self._values.word("why", code)
        return Told(handle, word or "refused", str(said.get("message") or ""))

    async def unassign(self, token: str, handles: Sequence[str], reason: str) -> list[Told]:  # noqa: ARG002 - it takes none
        """Tell that these are back with the merchant; the platform takes no reason."""
        said = as_object(await self._gateway.call(
            "iop/sellerCancleDistribute", {"distr_order_ids": list(handles)}, token
        ))  # fmt: skip
        done = set(map(str, said.get("succ_distr_order_ids") or ()))
        return [Told(one, "" if one in done else "state_forbids") for one in handles]

    async def ship(self, token: str, parcels: Sequence[Parcel], request_id: str) -> list[Leg]:
        """Tell the parcels of one order; the same `request_id` tells them once."""
        packs = [await self._pack(token, one) for one in parcels]
        said = as_object(await self._gateway.call(
            "order/logisticsAddMultiPack",
            {
                "order_id": parcels[0].order_no, "request_id": request_id, "pack_list": packs,
                "is_refund_reject": any(one.refusing_refund for one in parcels),
            },
            token,
        ))  # fmt: skip
        handles = {
            str(one.get("logistics_code")): str(one.get("pack_id") or "")
            for one in rows_in(said, "pack_list")
        }
        return [
            Leg(one.carrier, one.tracking_number, one.pieces, handles.get(one.tracking_number, ""))
            for one in parcels
        ]

    async def _pack(self, token: str, parcel: Parcel) -> dict[str, Any]:
        return {
            "company_code": await self._carriers.code(token, parcel.carrier),
            "logistics_code": parcel.tracking_number,
            "shipped_order_info": [
                {"shipped_order_id": line, "shipped_num": pieces}
                for line, pieces in parcel.pieces.items()
            ],
        }

    async def correct(self, token: str, before: Leg, after: Parcel) -> None:
        """Tell another carrier or number of a parcel that was told.

        A parcel that is an order's only one is named by the order, any other by its own id.
        """
        order = await self.one(token, after.order_no)
        alone = isinstance(order, PlatformOrder) and len(order.parcels) == 1
        asked = {
            "order_id": after.order_no,
            "company_code": await self._carriers.code(token, after.carrier),
            "logistics_code": after.tracking_number,
        }
        if alone:
            await self._gateway.call("order/logisticsEdit", asked, token)
            return
        # What its factory told has a parcel there for each line.
        for pack in packs_of(before.handle).values() or [before.handle]:
            await self._gateway.call("order/logisticsEditByPack", {**asked, "pack_id": pack}, token)

    async def carriers(self, token: str) -> Mapping[str, str]:
        """Return the platform's carriers: name by the platform's code."""
        return await self._carriers.named(token)

    async def decrypted(self, token: str, order_no: str, concealed: Concealed) -> Recipient:
        """Return one recipient in plain, for a person who has just asked."""
        regions, detail = address_parts(concealed.address)
        parts = (concealed.name, concealed.phone, detail)
        said = as_object(await self._gateway.call(
            "order/batchDecrypt",
            {"cipher_infos": [{"auth_id": order_no, "cipher_text": one} for one in parts]},
            token,
        ))  # fmt: skip
        found: dict[str, str] = {}
        for one in rows_in(said, "decrypt_infos"):
            told = self._told(str(one.get("cipher_text")), one)
            if not told.done:
                raise Refused(str(one.get("err_no")), told.why, str(one.get("err_msg") or ""))
            found[told.name] = str(one.get("decrypt_text") or "")
        if not all(map(found.get, parts)):
            raise Garbled("order/batchDecrypt")
        name, phone, street = (found[one] for one in parts)
        return Recipient(name, phone, f"{regions} {street}".strip())

    async def tickets(
        self, token: str, sender: Sender, asked: Sequence[TicketAsked]
    ) -> list[TicketTold]:
        """Draw e-waybills with a factory's token; what is not answered, nobody knows."""
        return await self._tickets.draw(token, sender, asked)

    async def unticket(self, token: str, merchant: str, carrier: str, number: str) -> None:
        """Give an e-waybill's number back, with the token of the factory that drew it."""
        await self._tickets.cancel(token, merchant, carrier, number)
