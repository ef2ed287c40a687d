"""Hours of a day as people type them."""

import pytest

from core.text.hours import HourUnclear, read_hour


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("8", 8), ("8点", 8), ("08:30", 8), ("８点半", 8), ("早上八点", 8), ("每天9点钟", 9),
        ("晚上8点", 20), ("下午3:15", 15), ("中午1点", 13), ("中午12点", 12), ("晚上12点", 0),
        ("12pm", 12),
        ("20", 20), ("二十一点", 21), ("十点", 10), ("两点", 2), ("0", 0), ("24:00", 0),
        ("8 pm", 20), ("8:00am", 8),
    ],
)  # fmt: skip
def test_an_hour_is_understood(text: str, hour: int) -> None:
    assert read_hour(text) == hour


@pytest.mark.parametrize(
    "text", ["", "25", "八十", "尽快", "8到9点", "8:75", "123", "SF1234567890123", "十十"]
)
def test_what_is_no_hour_is_refused(text: str) -> None:
    with pytest.raises(HourUnclear):
        read_hour(text)
