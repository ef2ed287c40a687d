"""Kuaishou's dropship programme: who is bound to whom, and how a factory knows a merchant."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from core.platforms.facts import OutsideRole, Partner
from platforms.kuaishou.gateway import Gateway
from platforms.reading import as_object, rows_in
from platforms.values import Values

PAGE: Final = 100
NEAR: Final = timedelta(minutes=14)  # before the time an order was given: two clocks
LONGEST: Final = timedelta(days=7) - timedelta(seconds=1)  # of a question


class Relations:
    """The programme's lists, as the house asks them."""

    def __init__(self, gateway: Gateway, values: Values) -> None:
        self._gateway = gateway
        self._values = values

    async def partners(self, token: str, role: OutsideRole) -> Sequence[Partner]:
        """Return the shops bound to this one there, by the codes this one knows them by.

        Raises the failures of a call.
        """
        side = "factory" if role == "merchant" else "user"
        found: list[Mapping[str, Any]] = []
        number = 1
        while True:
            asked = {"pageIndex": number, "pageSize": PAGE}
            said = as_object(await self._gateway.call("dropshipping/relation/list", asked, token))
            rows = rows_in(said, "relationList")
            found += rows
            if len(rows) < PAGE:
                break
            number += 1
        return [
            Partner(str(one.get(f"{side}Code") or ""), str(one.get(f"{side}Name") or ""))
            for one in found
            if self._values.word("relation", one.get("relationStatus")) == "bound"
        ]

    async def own_code(self, token: str) -> str:
        """Return how merchants know this factory: its relations say it, empty while it has none."""
        asked = {"pageIndex": 1, "pageSize": 1}
        said = as_object(await self._gateway.call("dropshipping/relation/list", asked, token))
        rows = rows_in(said, "relationList")
        return str(rows[0].get("factoryCode") or "") if rows else ""

    async def merchant_of(self, token: str, handle: str, given_at: datetime) -> str:
        """Return how a factory knows the merchant, empty where it was not given that order.

        It may have changed since it was given: it is looked for among what changed from then on.
        """
        asked = self._values["asked"]
        begin = given_at - NEAR
        end = min(datetime.now(UTC), begin + LONGEST)
        parameters: dict[str, Any] = {
            "queryType": int(asked["by_update"]), "sort": int(asked["oldest_first"]),
            "beginTime": int(begin.timestamp() * 1000), "endTime": int(end.timestamp() * 1000),
            "pageSize": PAGE, "cursor": "",
        }  # fmt: skip
        while True:
            said = as_object(await self._gateway.call("dropshipping/order/list", parameters, token))
            rows = rows_in(said, "allocateOrderList")
            for one in rows:
                if str(one.get("allocateOrderCode")) == handle:
                    return str(one.get("userCode") or "")
            parameters["cursor"] = str(said.get("cursor") or "")
            if not rows or parameters["cursor"] in ("", asked["no_more"]):
                return ""
