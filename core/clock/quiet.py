"""免打扰: minutes of the day, in China's time, in which a chat is left alone."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.errors import Invalid
from core.text.periods import CHINA
from core.text.plain import half_width, one_line

DAY: Final = 24 * 60
_TIME = r"(\d{1,2})(?:[:.点时](\d{1,2}|半)?)?分?"
_SPAN = re.compile(
    rf"(?P<evening>晚上|晚)?\s*{_TIME}\s*(?:[-~到至—–－～]+|\s)\s*(?:第二天|次日|早上|早|凌晨)*\s*{_TIME}"
)


@dataclass(eq=False)
class QuietUnclear(Invalid):
    """The text names no two times of the day."""

    text: str


def quiet_until(now: datetime, starts: int, ends: int) -> datetime | None:
    """Return when the quiet hours that run at `now` end; None when none do.

    `starts` and `ends` are minutes of the day; over midnight when `ends` comes first.
    """
    here = now.astimezone(CHINA)
    minute = here.hour * 60 + here.minute
    if not (starts <= minute < ends if starts < ends else minute >= starts or minute < ends):
        return None
    left = (ends - minute) % DAY or DAY
    return now.replace(second=0, microsecond=0) + timedelta(minutes=left)


def read_quiet(text: str) -> tuple[int, int]:
    """Return the minutes of `22:00-8:00`, `22-8`, `晚上10点半到次日8点`. Raises `QuietUnclear`."""
    plain = one_line(half_width(text)).strip()
    found = _SPAN.fullmatch(plain)
    if found is None:
        raise QuietUnclear(plain)
    one, one_minutes, other, other_minutes = (
        30 if part == "半" else int(part or 0) for part in found.groups()[1:]
    )
    one += 12 if found["evening"] and one < 12 else 0
    starts, ends = one * 60 + one_minutes, other % 24 * 60 + other_minutes
    if max(one_minutes, other_minutes) > 59 or one > 23 or other > 24 or starts == ends:
        raise QuietUnclear(plain)
    return starts, ends
