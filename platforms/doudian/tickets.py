"""Doudian's e-waybills (iop.waybillGet, iop.waybillCancel): asked for with the factory's token."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from core.platforms.ticket_facts import Sender, Sorting, TicketAsked, TicketTold
from core.text.phones import read_phone
from platforms.doudian.carriers import Carriers
from platforms.doudian.gateway import Gateway
from platforms.failures import Refused
from platforms.reading import Shape, Text, as_object, rows_in
from platforms.values import Values


class Drawn(Shape):
    """One number, and what the label needs of the carrier's sorting."""

    distr_order_id: str
    track_no: Text = ""
    sort_code: Text = ""
    package_code: Text = ""
    package_code_name: Text = ""
    mark_destination_code: Text = ""
    mark_destination_code_name: Text = ""


class NotDrawn(Shape):
    """One order for which there is no number."""

    distr_order_id: str
    err_code: Text = ""
    err_msg: Text = ""


class Tickets:
    """The calls of a factory's shop about e-waybills."""

    def __init__(self, gateway: Gateway, values: Values, carriers: Carriers) -> None:
        self._gateway = gateway
        self._values = values
        self._carriers = carriers

    async def draw(
        self, token: str, sender: Sender, asked: Sequence[TicketAsked]
    ) -> list[TicketTold]:
        """Draw numbers. What nothing is said of is left out: nobody knows whether it was drawn.

        Raises the failures of a call.
        """
        groups: dict[tuple[str, str], list[TicketAsked]] = defaultdict(list)
        for one in asked:
            groups[one.merchant, one.carrier].append(one)
        told: list[TicketTold] = []
        trades: list[dict[str, Any]] = []
        for (merchant, carrier), some in groups.items():
            try:
                code = await self._carriers.code(token, carrier)
            except Refused as refused:
                told += [TicketTold(one.handle, why=refused.why) for one in some]
                continue
            infos = [_wanted(one) for one in some]
            trades.append({"user_id": whole(merchant), "company_code": code, "order_infos": infos})
        if trades:
            body = {"sender": _sender(sender), "trade_order_list": trades}
            said = as_object(await self._gateway.call("iop/waybillGet", body, token))
            told += self._told(said)
        return told

    def _told(self, said: Mapping[str, Any]) -> list[TicketTold]:
        told: list[TicketTold] = []
        for row in rows_in(said, "ebill_infos"):
            try:
                one = Drawn.model_validate(row)
            except ValidationError:
                continue
            if one.track_no:
                told.append(TicketTold(one.distr_order_id, one.track_no, _sorting(one)))
        for row in rows_in(said, "err_infos"):
            try:
                failed = NotDrawn.model_validate(row)
            except ValidationError:
                continue
            why = self._values.word("why", failed.err_code) or "refused"
            text = f"{failed.err_code} {failed.err_msg}".strip()[:200]
            told.append(TicketTold(failed.distr_order_id, why=why, said=text))
        return told

    async def cancel(self, token: str, merchant: str, carrier: str, number: str) -> None:
        """Give a number back. Raises the failures of a call."""
        code = await self._carriers.code(token, carrier)
        asked = {"user_id": whole(merchant), "company_code": code, "track_no": number}
        said = as_object(await self._gateway.call("iop/waybillCancel", asked, token))
        if said.get("return_result") is False:
            raise Refused("", "refused")


def _wanted(one: TicketAsked) -> dict[str, Any]:
    return {
        "distr_order_id": one.handle, "pack_id": one.pack,
        "items": [{"item_name": name, "item_count": count} for name, count in one.goods],
    }  # fmt: skip


def _sender(sender: Sender) -> dict[str, Any]:
    read = read_phone(sender.phone)
    kind = "mobile" if read is not None and read.is_mobile else "phone"
    return {
        "contact": {"name": sender.contact, kind: sender.phone},
        "address": {
            "countryCode": "CHN", "provinceName": sender.province, "cityName": sender.city,
            "districtName": sender.district, "detailAddress": sender.detail,
        },
    }  # fmt: skip


def _sorting(one: Drawn) -> Sorting:
    """The platform's names where it has them, else its codes."""
    return Sorting(
        one.sort_code,
        one.mark_destination_code_name or one.mark_destination_code,
        one.package_code_name or one.package_code,
    )


def whole(number: str) -> int | str:
    """Return the platform's ids as the numbers they are."""
    return int(number) if number.isdecimal() else number
