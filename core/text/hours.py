"""Reading the hour of a day as people type it: 8, 8点, 08:30, 早上八点, 晚上8点, 8pm."""

import re
from dataclasses import dataclass

from core.errors import Invalid
from core.text.plain import half_width, one_line

_DIGITS = "零一二三四五六七八九"
_HAN = {f"{'二' * (n > 19)}{'十' * (n > 9)}{_DIGITS[n % 10] if n % 10 or not n else ''}": n
        for n in range(25)} | {"两": 2}  # fmt: skip
_HOUR = re.compile(
    rf"(?:每天|每日)?(?P<half>凌晨|早上|早|上午|中午|下午|晚上|晚)?\s*"
    rf"(?P<hour>\d{{1,2}}|[{_DIGITS}两十]{{1,3}})\s*"
    r"(?:[:.点时](?:\s*(?:[0-5]?\d分?|半|整|钟))?)?\s*(?P<clock>am|pm)?",
    re.IGNORECASE,
)
_LATER = {"下午", "晚上", "晚", "pm"}
_NIGHT = {"凌晨", "晚上", "晚", "am"}  # their twelve is midnight


@dataclass(eq=False)
class HourUnclear(Invalid):
    """The text names no hour of a day."""

    text: str


def read_hour(text: str) -> int:
    """Return the hour, 0 to 23; its minutes are left out, 24 is midnight. Raises `HourUnclear`."""
    plain = half_width(one_line(text))
    found = _HOUR.fullmatch(plain)
    if found is None:
        raise HourUnclear(plain)
    said = found["hour"]
    hour = int(said) if said.isdecimal() else _HAN.get(said, 99)
    words = {found["half"], (found["clock"] or "").lower()}
    if hour < 12 and (words & _LATER or ("中午" in words and hour < 3)):
        hour += 12
    elif hour == 12 and words & _NIGHT:
        hour = 0
    if hour > 24:
        raise HourUnclear(plain)
    return hour % 24
