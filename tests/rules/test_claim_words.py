"""What a merchant reads of a parcel whose order was no longer with its factory."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.screens.claims import claim_lines
from bot.texts import translator
from core.answers.claim_views import ClaimView


def said(*claims: ClaimView) -> str:
    card: Any = SimpleNamespace(claims=claims)
    return "\n".join(claim_lines(translator("zh_CN"), card))


@pytest.mark.parametrize(
    ("missing", "holders", "words"),
    [
        (0, [], "放行后，按大力厂发货计入本单"),
        (2, [], "其中 2 件这单已经不要了"),
        (1, [("敏记", "accepted")], "这单现在由敏记发货"),
        (1, [("敏记", "shipped")], "敏记也已经发了这单"),
        (1, [("敏记", "shipped"), ("小王", "held")], "这单现在由小王发货"),
    ],
)
def test_it_is_told_what_letting_the_parcel_go_on_means(
    missing: int, holders: list[Any], words: str
) -> None:
    for status, why in (
        ("recalled", "从大力厂撤回"), ("declined", "大力厂拒了"), ("cancelled", "没有大力厂的份"),
    ):  # fmt: skip
        text = said(ClaimView(1, "大力厂", status, True, missing, holders))  # type: ignore[arg-type]
        assert why in text
        assert words in text


def test_what_is_decided_is_not_asked_and_many_are_counted() -> None:
    done = ClaimView(1, "大力厂", "recalled", False, 0, [])
    assert said(done) == ""
    many = said(*(ClaimView(n, f"厂{n}", "recalled", True, 0, []) for n in range(1, 6)), done)
    assert many.count("请决定") == 3
    assert "另有 2" in many
