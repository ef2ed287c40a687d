"""Spans of whole China-time days: named, typed, or short enough to stand in a button."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.errors import Invalid
from core.text.plain import half_width, one_line

CHINA = ZoneInfo("Asia/Shanghai")
LONGEST = 366

_DAY = timedelta(days=1)
_WORDS = {
    "今天": "today", "今日": "today", "昨天": "yesterday", "昨日": "yesterday",
    "近7天": "week", "最近7天": "week", "近30天": "days30", "最近30天": "days30",
    "本月": "this_month", "这个月": "this_month", "上月": "last_month", "上个月": "last_month",
}  # fmt: skip
_DATE = re.compile(
    r"(?P<whole>\d{8})(?!\d)"
    r"|(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})(?!\d)[日号]?"
)
_BETWEEN = re.compile(r"[\s~\-—–至到从,、]*")


@dataclass(eq=False)
class PeriodUnclear(Invalid):
    """The text names no day, or more than two, or one that does not exist."""

    text: str


@dataclass(eq=False)
class PeriodTooLong(Invalid):
    """More days than are looked at in one go."""

    limit: int


class Period(NamedTuple):
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """Return when the first day begins."""
        return datetime.combine(self.first, time.min, CHINA)

    @property
    def until(self) -> datetime:
        """Return when the last day is over: the first moment that is outside."""
        return datetime.combine(self.last + _DAY, time.min, CHINA)

    @property
    def code(self) -> str:
        """Return it as it stands in a button or a filter: `period_of` reads it."""
        return f"{self.first:%Y%m%d}-{self.last:%Y%m%d}"


def _days(n: int) -> Callable[[date], Period]:
    return lambda today: Period(today - (n - 1) * _DAY, today)


def _last_month(today: date) -> Period:
    last = today.replace(day=1) - _DAY
    return Period(last.replace(day=1), last)


NAMED: dict[str, Callable[[date], Period]] = {
    "today": _days(1),
    "yesterday": lambda today: Period(today - _DAY, today - _DAY),
    "week": _days(7),
    "days30": _days(30),
    "this_month": lambda today: Period(today.replace(day=1), today),
    "last_month": _last_month,
}


def china_day(moment: datetime) -> date:
    """Return the China-time day of a moment."""
    return moment.astimezone(CHINA).date()


def period_of(code: str, today: date) -> Period:
    """Return the period of a name or of a `Period.code`. Raises as `read_period`."""
    return NAMED[code](today) if code in NAMED else read_period(code, today)


def code_of(text: str, today: date) -> str:
    """Return what to keep of a period: a name, which moves with the days, else its code.

    Raises as `read_period`.
    """
    name = _WORDS.get("".join(one_line(half_width(text)).split()), text)
    return name if name in NAMED else read_period(text, today).code


def read_period(text: str, today: date) -> Period:
    """Return what was typed: 昨天, 3.1-3.5, 2026-03-01 到 2026-03-05, one day alone.

    A day without a year is the last such day that has come. Two days stand in any order. Raises
    `PeriodUnclear`, `PeriodTooLong`.
    """
    plain = one_line(half_width(text))
    name = _WORDS.get(plain.replace(" ", ""))
    if name is not None:
        return NAMED[name](today)
    found = list(_DATE.finditer(plain))
    if not 1 <= len(found) <= 2 or not _BETWEEN.fullmatch(_DATE.sub(" ", plain)):
        raise PeriodUnclear(plain)
    try:
        days = sorted(_day(one, today) for one in found)
    except ValueError:
        raise PeriodUnclear(plain) from None
    period = Period(days[0], days[-1])
    if (period.last - period.first).days >= LONGEST:
        raise PeriodTooLong(LONGEST)
    return period


def _day(found: re.Match[str], today: date) -> date:
    """Return the day. Raises `ValueError` for one that does not exist."""
    if found["whole"]:
        return datetime.strptime(found["whole"], "%Y%m%d").replace(tzinfo=CHINA).date()
    month, day = int(found["month"]), int(found["day"])
    if found["year"]:
        return date(int(found["year"]), month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year <= today else date(today.year - 1, month, day)
