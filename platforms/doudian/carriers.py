"""Doudian's codes of carriers: two are confirmed, the others are asked for and found by name."""

import time
from collections.abc import Mapping
from typing import Final

from core.text.carriers import carrier_named
from platforms.doudian.gateway import Gateway
from platforms.failures import Garbled, Refused
from platforms.values import Values

KEPT: Final = 86_400.0  # seconds a list is kept: carriers come and go by the month


class Carriers:
    """Our codes in theirs; the platform's list is the same for every shop."""

    def __init__(self, gateway: Gateway, values: Values) -> None:
        self._gateway = gateway
        self._values = values
        self._named: Mapping[str, str] = {}
        self._asked_at = float("-inf")

    async def named(self, token: str) -> Mapping[str, str]:
        """Return name by code, as the platform lists them. Raises the failures of a call."""
        if time.monotonic() - self._asked_at > KEPT:
            said = await self._gateway.call("order/logisticsCompanyList", {}, token)
            if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
                raise Garbled("order/logisticsCompanyList")
            self._named = {
                str(one["code"]): str(one.get("name") or "") for one in said if one.get("code")
            }
            self._asked_at = time.monotonic()
        return self._named

    async def code(self, token: str, ours: str) -> str:
        """Return the platform's code of our carrier.

        Raises `Refused` (`carrier_unknown`) where it has none, and the failures of a call.
        """
        told = self._values.word("carriers", ours)
        if told is not None:
            return told
        for code, name in (await self.named(token)).items():
            if carrier_named(name) == ours:
                return code
        raise Refused("", "carrier_unknown", ours)
