"""Kuaishou's e-waybills (open.dropshipping.ebill.*): asked for with the factory's token."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationError

from core.platforms.ticket_facts import Sender, Sorting, TicketAsked, TicketTold
from platforms.failures import Refused
from platforms.kuaishou.carriers import Carriers
from platforms.kuaishou.gateway import Gateway
from platforms.reading import Shape, Text, rows_in


class PrintData(Shape):
    """What the label needs of the carrier's sorting."""

    sortCode: Text = ""  # noqa: N815 - so named by the platform
    destination: Text = ""
    packageCenter: Text = ""  # noqa: N815


class Drawn(Shape):
    """What became of one number that was asked for."""

    requestId: Text = ""  # noqa: N815
    success: bool = False
    errorMsg: Text = ""  # noqa: N815
    waybillCode: Text = ""  # noqa: N815
    printData: Annotated[PrintData, BeforeValidator(lambda said: said or {})] = PrintData()  # noqa: N815


class Tickets:
    """The calls of a factory's shop about e-waybills."""

    def __init__(self, gateway: Gateway, carriers: Carriers) -> None:
        self._gateway = gateway
        self._carriers = carriers

    async def draw(
        self, token: str, sender: Sender, asked: Sequence[TicketAsked]
    ) -> list[TicketTold]:
        """Draw numbers. What nothing is said of is left out: nobody knows whether it was drawn.

        Raises the failures of a call.
        """
        told: list[TicketTold] = []
        wanted: dict[str, TicketAsked] = {}
        requests: list[dict[str, Any]] = []
        for one in asked:
            try:
                company = self._carriers.code(one.carrier)
            except Refused as refused:
                told.append(TicketTold(one.handle, why=refused.why))
                continue
            request = f"{one.handle}-{company}-{one.pack}"
            wanted[request] = one
            requests.append(_request(request, sender, one, company))
        if requests:
            said = await self._gateway.call(
                "dropshipping/ebill/batch/get", {"dsOrderGetReq": requests}, token
            )
            told += self._told(said, wanted)
        return told

    def _told(self, said: Any, wanted: Mapping[str, TicketAsked]) -> list[TicketTold]:
        told: list[TicketTold] = []
        for row in rows_in({"rows": said}, "rows"):
            try:
                one = Drawn.model_validate(row)
            except ValidationError:
                continue
            asked = wanted.get(one.requestId)
            if asked is None:
                continue
            if one.success and one.waybillCode:
                told.append(TicketTold(asked.handle, one.waybillCode, _sorting(one.printData)))
            elif not one.success:
                why = self._gateway.word(one.errorMsg) or "refused"
                told.append(TicketTold(asked.handle, why=why, said=one.errorMsg[:200]))
        return told

    async def cancel(self, token: str, merchant: str, carrier: str, number: str) -> None:
        """Give a number back. Raises the failures of a call."""
        asked = {
            "userCode": merchant, "expressCompanyCode": self._carriers.code(carrier),
            "waybillCode": number,
        }  # fmt: skip
        await self._gateway.call("dropshipping/ebill/cancel", asked, token)


def _request(request: str, sender: Sender, one: TicketAsked, company: str) -> dict[str, Any]:
    return {
        "requestId": request, "allocateOrderCode": one.handle, "userCode": one.merchant,
        "expressCompanyCode": company, "packageCode": one.pack,
        "goodsDescription": "; ".join(f"{name}×{count}" for name, count in one.goods)[:100],
        "senderContract": {"name": sender.contact, "mobile": sender.phone},
        "senderAddress": {
            "provinceName": sender.province, "cityName": sender.city,
            "districtName": sender.district, "detailAddress": sender.detail,
        },
    }  # fmt: skip


def _sorting(one: PrintData) -> Sorting:
    return Sorting(one.sortCode, one.destination, one.packageCenter)
