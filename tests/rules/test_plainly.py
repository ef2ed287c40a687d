"""A message where words were expected: is it a tracking number, or does it only tell of one?"""

import pytest

from core.text.plainly import holds_number, plainly_numbers

OWN = ("K7X2", "6940000000000100001")


@pytest.mark.parametrize(
    "text",
    [
        "YT1234567890123", "yt 1234567890123", "圆通 YT1234567890123", "快递单号：YT1234567890123",
        "亲，已发 YT1234567890123，请查收", "K7X2 YT1234567890123", "👌 YT1234567890123",
        "4312 3456 7890 123", "韵达\n431234567890123\n431234567890124", "123456789012",
        "YT1234567890123 2件", "JD0012345678901-1-2-", "tracking number YT1234567890123",
        "德邦 12345678", "顺丰 6901234567892",
    ],
)  # fmt: skip
def test_a_number_by_itself_is_one(text: str) -> None:
    assert plainly_numbers(text, own=OWN)


@pytest.mark.parametrize(
    "text",
    [
        "", "好的", "中通", "5天", "123456", "2026-03-02", "13912345678", "0579-85123456",
        "057985123456", "6901234567892", "K7X2", "#k7x2", "6940000000000100001",
        "6940000000000100002", "12345678", "YT1234567890123?", "YT1234567890123 对吗",
        "不是 YT1234567890123", "退回 YT1234567890123", "补发 YT1234567890123",
        "昨天发的是YT1234567890123", "YT1234567890123，昨天下午已经交给快递员了",
        "型号 CJ123456789012", "it is not YT1234567890123", "YT1234567890123 和 13912345678",
    ],
)  # fmt: skip
def test_a_sentence_about_a_number_and_what_only_looks_like_one_are_words(text: str) -> None:
    assert not plainly_numbers(text, own=OWN)


def test_a_number_among_words_is_noticed() -> None:
    assert holds_number("昨天发的是ＹＴ1234567890123，请放心", own=OWN)
    for text in ("货号6901234567892", "单号 6940000000000100001", "电话13912345678", "明天"):
        assert not holds_number(text, own=OWN)
