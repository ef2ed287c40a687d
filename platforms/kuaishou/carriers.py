"""Kuaishou's codes of carriers: a table the platform publishes, which no call lists."""

from collections.abc import Mapping

from core.text.carriers import CARRIERS
from platforms.failures import Refused
from platforms.values import Values


class Carriers:
    """Our codes in theirs."""

    def __init__(self, values: Values) -> None:
        self._values = values

    @property
    def named(self) -> Mapping[str, str]:
        """Name by the platform's code."""
        known = self._values["carriers"].items()
        return {theirs: CARRIERS[ours].name for ours, theirs in known if ours in CARRIERS}

    def code(self, ours: str) -> str:
        """Return the platform's code of our carrier. Raises `Refused` (`carrier_unknown`)."""
        theirs = self._values.word("carriers", ours)
        if theirs is None:
            raise Refused("", "carrier_unknown", ours)
        return theirs
