"""What lists are narrowed to: a filter, as it is kept and as it is asked; a span to export."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from core.entities import MerchantTab, Role
from core.text.periods import Period, china_day, period_of

OPEN_TABS: tuple[MerchantTab, ...] = ("unassigned", "to_ship")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is kept of a filter; empty parts narrow nothing.

    `paid` is a name or code of `core.text.periods`: 今天 stays today tomorrow. `due_today` means
    what must ship by the end of today, what is late included; it narrows the open tabs only.
    """

    factory_id: int | None = None
    code: str = ""
    province: str = ""
    paid: str = ""
    due_today: bool = False

    def __bool__(self) -> bool:
        """Return whether it narrows anything."""
        return self != Narrowing()

    def kept(self) -> dict[str, Any]:
        """Return what is stored."""
        return {name: value for name, value in asdict(self).items() if value}

    def conditions(self, tab: MerchantTab, now: datetime) -> "Conditions":
        """Return what it asks of an order in that tab, now."""
        today = china_day(now)
        paid = period_of(self.paid, today) if self.paid else None
        due = self.due_today and tab in OPEN_TABS
        return Conditions(
            self.factory_id, self.code, self.province,
            paid.since if paid else None, paid.until if paid else None,
            period_of("today", today).until if due else None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conditions:
    """What an order must be; None and empty ask nothing. Times are [since, until)."""

    factory_id: int | None = None
    code: str = ""
    province: str = ""
    paid_since: datetime | None = None
    paid_until: datetime | None = None
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """How many orders of a tab match, as far as was looked; `more`: there may be others."""

    n: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A filter as its person sees it."""

    narrowing: Narrowing
    factory_name: str = ""
    matching: Matching | None = None  # counted where all that match can be selected


@dataclass(frozen=True, slots=True)
class Scope:
    """Which parcels: the days, and the other side's shop or None for all of them."""

    role: Role
    period: Period
    partner_id: int | None = None
