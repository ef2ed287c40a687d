"""When the clock speaks of an order, and when a chat is left alone: rules without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from core.clock.quiet import QuietUnclear, quiet_until, read_quiet
from core.clock.watching import next_reminder

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in China
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("left", "told_in"),
    [(30, 6), (24, 18), (23, 17), (6, 5), (2, 1), (1, 1), (0.5, 0.5), (0, None), (-3, None)],
)
def test_an_order_is_told_of_a_day_six_hours_an_hour_before_its_deadline_and_when_it_is_late(
    left: float, told_in: float | None
) -> None:
    told = next_reminder(NOW + left * HOUR, (24, 6, 1), NOW)
    assert told == (None if told_in is None else NOW + told_in * HOUR)


def test_a_factory_without_reminders_is_still_told_when_an_order_is_late() -> None:
    assert next_reminder(NOW + 30 * HOUR, (), NOW) == NOW + 30 * HOUR


def test_a_factory_that_waits_for_goods_hears_of_its_deadline_from_that_day_on_and_when_late() -> (
    None
):
    tomorrow = NOW + 15 * HOUR
    assert next_reminder(NOW + 30 * HOUR, (24, 6, 1), NOW, tomorrow) == NOW + 24 * HOUR
    assert next_reminder(NOW + 10 * HOUR, (24, 6, 1), NOW, tomorrow) == NOW + 10 * HOUR
    assert next_reminder(NOW - HOUR, (24, 6, 1), NOW, tomorrow) is None
    assert next_reminder(NOW + 30 * HOUR, (24, 6, 1), tomorrow, tomorrow) == NOW + 24 * HOUR


@pytest.mark.parametrize(
    ("hour", "ends_in"),
    [(21, None), (22, 10), (23.5, 8.5), (0, 8), (7.75, 0.25), (8, None), (12, None)],
)
def test_a_night_without_disturbance_runs_over_midnight_in_chinas_time(
    hour: float, ends_in: float | None
) -> None:
    now = datetime(2026, 3, 1, 16, tzinfo=UTC) + hour * HOUR
    until = quiet_until(now, 22 * 60, 8 * 60)
    assert until == (None if ends_in is None else now + ends_in * HOUR)


def test_a_rest_at_noon_ends_on_the_same_day() -> None:
    noon = datetime(2026, 3, 2, 4, 10, 30, tzinfo=UTC)
    assert quiet_until(noon, 12 * 60, 13 * 60 + 30) == datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
    assert quiet_until(noon, 13 * 60, 14 * 60) is None


@pytest.mark.parametrize(
    "text",
    ["22:00-08:00", "22-8", "22点到8点", "22：00～8：00", "晚上10点 至 早上8点", "22.00—8.00"],
)
def test_two_times_are_read_as_people_write_them(text: str) -> None:
    assert read_quiet(text) == (22 * 60, 8 * 60)


@pytest.mark.parametrize("text", ["", "今晚", "22", "25-8", "22:70-8", "8-8", "1-2-3", "22到晚8"])
def test_what_is_no_two_times_is_refused(text: str) -> None:
    with pytest.raises(QuietUnclear):
        read_quiet(text)


def test_until_midnight_is_a_time_too() -> None:
    assert read_quiet("21:30-24:00") == (21 * 60 + 30, 0)
    late = datetime(2026, 3, 2, 15, tzinfo=UTC)
    assert quiet_until(late, 21 * 60 + 30, 0) == late + HOUR
