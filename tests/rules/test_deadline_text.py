"""Deadlines as merchants type them, read in China's time."""

from datetime import UTC, datetime

import pytest

from core.changes.edit_errors import DeadlineFar, DeadlinePast, DeadlineUnclear
from core.text.deadline_text import end_of, read_deadline
from core.text.periods import CHINA

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # 15:30 in China


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("今天", "11-23 23:59"),
        ("明天", "11-24 23:59"),
        ("后天18点", "11-25 18:00"),
        ("大后天", "11-26 23:59"),
        ("明天下午3点半", "11-24 15:30"),
        ("今晚8点", "11-23 20:00"),
        ("明天24点", "11-24 23:59"),
        ("18:30", "11-23 18:30"),
        ("11-25", "11-25 23:59"),
        ("１１．２６", "11-26 23:59"),
        ("11月25日20:30", "11-25 20:30"),
        ("2026-11-30", "11-30 23:59"),
        ("3天后", "11-26 23:59"),
        ("12小时后", "11-24 03:30"),
        ("明天前发货", "11-24 23:59"),
        ("1-5", "01-05 23:59"),
    ],
)
def test_a_moment_is_understood(text: str, meant: str) -> None:
    assert read_deadline(text, NOW).astimezone(CHINA).strftime("%m-%d %H:%M") == meant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("尽快", DeadlineUnclear), ("下周", DeadlineUnclear), ("2-30", DeadlineUnclear),
        ("11-25 25:00", DeadlineUnclear), ("明天 或者 后天", DeadlineUnclear),
        ("11-22", DeadlinePast), ("昨天18点", DeadlinePast), ("前天", DeadlinePast),
        ("今天6点", DeadlinePast), ("99天后", DeadlineFar),
    ],
)  # fmt: skip
def test_what_is_no_moment_to_come_is_refused(text: str, why: type[Exception]) -> None:
    with pytest.raises(why):
        read_deadline(text, NOW)


def test_days_end_at_midnight_in_china() -> None:
    late = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # half past midnight there
    assert end_of(late, 0).isoformat() == "2026-11-24T23:59:00+08:00"
