"""Days as people type them, in China time."""

from datetime import UTC, date, datetime

import pytest

from core.text.periods import (
    NAMED,
    Period,
    PeriodTooLong,
    PeriodUnclear,
    china_day,
    period_of,
    read_period,
)

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("今天", (2026, 3, 2), (2026, 3, 2)),
        (" 近 7 天", (2026, 2, 24), (2026, 3, 2)),
        ("上个月", (2026, 2, 1), (2026, 2, 28)),
        ("本月", (2026, 3, 1), (2026, 3, 2)),
        ("2026-02-01", (2026, 2, 1), (2026, 2, 1)),
        ("2026-02-01 到 2026-02-05", (2026, 2, 1), (2026, 2, 5)),
        ("2026-02-05-2026-02-01", (2026, 2, 1), (2026, 2, 5)),
        ("2.1-2.5", (2026, 2, 1), (2026, 2, 5)),
        ("2月1日至2月5日", (2026, 2, 1), (2026, 2, 5)),
        ("12.30～1.2", (2025, 12, 30), (2026, 1, 2)),
        ("２０２６０２０１ ２０２６０２０５", (2026, 2, 1), (2026, 2, 5)),
        ("2024/2/29", (2024, 2, 29), (2024, 2, 29)),
    ],
)
def test_what_is_typed_is_a_span_of_days(
    typed: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert read_period(typed, TODAY) == Period(date(*first), date(*last))


@pytest.mark.parametrize(
    "typed", ["", "上周", "2.30", "13.1", "1.1 2.1 3.1", "3.1 左右", "20261301"]
)
def test_what_is_no_span_is_refused(typed: str) -> None:
    with pytest.raises(PeriodUnclear):
        read_period(typed, TODAY)


def test_more_than_a_year_is_too_long() -> None:
    assert (TODAY - read_period("2025-03-02 2026-03-02", TODAY).first).days == 365
    with pytest.raises(PeriodTooLong):
        read_period("2025-03-01 2026-03-02", TODAY)


def test_a_code_is_read_back_and_days_begin_at_midnight_in_china() -> None:
    for name, make in NAMED.items():
        period = make(TODAY)
        assert period_of(name, TODAY) == period_of(period.code, TODAY) == period
    period = read_period("3.1-3.2", TODAY)
    assert period.since == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert period.until == datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert china_day(datetime(2026, 3, 1, 16, tzinfo=UTC)) == TODAY
