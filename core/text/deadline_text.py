"""发货截止 as people type it, in China's time: 明天, 后天18点, 11-25, 11月25日 20:30, 3天后."""

import re
from datetime import date, datetime, time, timedelta

from core.changes.edit_errors import DeadlineFar, DeadlinePast, DeadlineUnclear
from core.text.periods import CHINA
from core.text.plain import half_width, one_line

FARTHEST = 90  # days
END = time(23, 59)

_DAYS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "今天": 0, "今日": 0, "今晚": 0,
    "明天": 1, "明日": 1, "明晚": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
_NAMED = re.compile("|".join(sorted(_DAYS, key=len, reverse=True)))
_DATE = re.compile(
    r"(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})(?!\d)[日号]?"
)
_AFTER = re.compile(r"(?P<n>\d{1,3})\s*(?P<unit>天|日|个?小时)\s*(?:之?后|以?内)?")
_TIME = re.compile(
    r"(?P<half>早上|上午|中午|下午|晚上|晚|今晚)?\s*(?P<hour>\d{1,2})"
    r"(?:\s*:\s*(?P<minute>\d{2})|\s*[点时]\s*(?:(?P<spoken>\d{1,2})分?|(?P<thirty>半))?)"
)
_REST = re.compile(r"[\s,、前之以内发货截止到于在:]*")


def read_deadline(text: str, now: datetime) -> datetime:
    """Return the moment that was typed; a day without a time is its last minute.

    What is over (昨天, last week's date) is understood, and refused as past.
    Raises `DeadlineUnclear`, `DeadlinePast`, `DeadlineFar`.
    """
    plain = half_width(one_line(text))
    try:
        moment = _moment(plain, now.astimezone(CHINA))
    except ValueError:  # the 31st of February, 25 o'clock
        raise DeadlineUnclear(plain) from None
    check_deadline(moment, now)
    return moment


def check_deadline(moment: datetime, now: datetime) -> None:
    """Raise `DeadlinePast` or `DeadlineFar` for what cannot be meant."""
    if moment <= now:
        raise DeadlinePast(moment)
    if moment - now > timedelta(days=FARTHEST):
        raise DeadlineFar(FARTHEST)


def end_of(now: datetime, days: int) -> datetime:
    """Return the last minute of today, or of so many days later."""
    return datetime.combine(now.astimezone(CHINA).date() + timedelta(days=days), END, CHINA)


def _moment(plain: str, now: datetime) -> datetime:
    after = _AFTER.fullmatch(plain)
    if after is not None:
        n = int(after["n"])
        later = now.replace(second=0, microsecond=0) + timedelta(hours=n)
        return later if "时" in after["unit"] else end_of(now, n)
    day, rest = _day(plain, now.date())
    clock = _TIME.search(rest)
    at = _time(clock, late="晚" in plain) if clock else END
    rest = rest[: clock.start()] + rest[clock.end() :] if clock else rest
    if not _REST.fullmatch(rest) or (day is None and clock is None):
        raise ValueError(plain)
    return datetime.combine(day or now.date(), at, CHINA)


def _day(plain: str, today: date) -> tuple[date | None, str]:
    named = _NAMED.search(plain)
    if named is not None:
        rest = plain[: named.start()] + " " + plain[named.end() :]
        return today + timedelta(days=_DAYS[named.group()]), rest
    found = _DATE.search(plain)
    if found is None:
        return None, plain
    rest = plain[: found.start()] + " " + plain[found.end() :]
    month, day = int(found["month"]), int(found["day"])
    if found["year"]:
        return date(int(found["year"]), month, day), rest
    this_year = date(today.year, month, day)
    # In December people mean January's next; a day some weeks ago is a slip, and said to be.
    turned = this_year < today - timedelta(days=180)
    return (date(today.year + 1, month, day) if turned else this_year), rest


def _time(found: re.Match[str], *, late: bool) -> time:
    hour = int(found["hour"])
    minute = 30 if found["thirty"] else int(found["minute"] or found["spoken"] or 0)
    afternoon = late or found["half"] in ("下午", "晚上", "晚")
    if afternoon and hour < 12:
        hour += 12
    return time(23, 59) if (hour, minute) == (24, 0) else time(hour, minute)
