"""Reading the day a factory hopes to have its goods: 明天, 3 天, 周五, 12 号, 12-05; then why."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from core.answers.answer_errors import DayUnclear
from core.text.plain import half_width, one_line

_DAY = timedelta(days=1)
_WEEK = "一二三四五六日"
_WORDS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "today": 0,
    "明天": 1, "明日": 1, "后天": 2, "大后天": 3, "tomorrow": 1,
}  # fmt: skip
_FAR_FIRST = sorted(_WORDS, key=len, reverse=True)
_NAMED = re.compile("|".join(_FAR_FIRST), re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,3})\s*(?:天|日内|days?\b)(?:之?[内后])?", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?P<next>下)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])")
_WHOLE = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})(?!\d)[日号]?"
    r"|(?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})(?!\d)[日号]?"
)
_OF_MONTH = re.compile(r"(\d{1,2})\s*[日号]")
_BETWEEN = " ,，。;；:：、-—"


def read_day(text: str, today: date) -> tuple[date, str]:
    """Return the day `text` begins with, and what else it says.

    A day without a year, or without a month, is the next such day. Raises `DayUnclear`, whose
    `text` is what was read.
    """
    plain = one_line(half_width(text))
    for pattern, day_of in _READERS:
        found = pattern.match(plain)
        if found is None:
            continue
        try:
            day = day_of(found, today)
        except (ValueError, OverflowError):
            break
        return day, plain[found.end() :].strip(_BETWEEN)
    raise DayUnclear(plain)


def _named(found: re.Match[str], today: date) -> date:
    return today + _WORDS[found[0].lower()] * _DAY


def _span(found: re.Match[str], today: date) -> date:
    return today + int(found[1]) * _DAY


def _weekday(found: re.Match[str], today: date) -> date:
    wanted = _WEEK.index("日" if found["day"] == "天" else found["day"])
    if found["next"]:
        return today + (7 - today.weekday() + wanted) * _DAY
    return today + ((wanted - today.weekday() - 1) % 7 + 1) * _DAY


def _whole(found: re.Match[str], today: date) -> date:
    if found["year"]:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    month, day = int(found["m"]), int(found["d"])
    here = date(today.year, month, day)
    # In December, 01-05 is of the next year; a day just past was mistyped, and is refused as past.
    return here if (today - here).days < 180 else date(today.year + 1, month, day)


def _of_month(found: re.Match[str], today: date) -> date:
    day = int(found[1])
    if day > today.day:
        return today.replace(day=day)
    following = (today.replace(day=1) + 31 * _DAY).replace(day=1)
    return following.replace(day=day)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date]], ...] = (
    (_NAMED, _named),
    (_SPAN, _span),
    (_WEEKDAY, _weekday),
    (_WHOLE, _whole),
    (_OF_MONTH, _of_month),
)
