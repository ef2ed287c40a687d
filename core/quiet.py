"""免打扰: minutes of the day, in China's time, in which a chat is left alone."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.errors import Invalid
from core.periods import CHINA
from core.plain import half_width, one_line

DAY: Final = 24 * 60
_SPAN = re.compile(r"(\d{1,2})(?:[:.点时](\d{1,2})?)?\D+?(\d{1,2})(?:[:.点时](\d{1,2})?)?\D*")


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
    """Return the minutes of `22:00-8:00`, `22点到8点`, `22-8`. Raises `QuietUnclear`."""
    plain = one_line(half_width(text)).strip()
    found = _SPAN.fullmatch(plain)
    if found is None:
        raise QuietUnclear(plain)
    one, one_minutes, other, other_minutes = (int(part or 0) for part in found.groups())
    starts, ends = one * 60 + one_minutes, other % 24 * 60 + other_minutes
    if max(one_minutes, other_minutes) > 59 or one > 23 or other > 24 or starts == ends:
        raise QuietUnclear(plain)
    return starts, ends
