"""Buttons: every decision fits Telegram's 64 bytes, and no two can be mistaken for each other."""

from datetime import UTC, datetime
from inspect import getmembers, isclass

import pytest
from aiogram.filters.callback_data import CallbackData

from bot.keyboards import cursors, data
from core.orders.views import Cursor

DECISIONS = [
    kind for _, kind in getmembers(data, isclass) if issubclass(kind, CallbackData)
    and kind is not CallbackData
]  # fmt: skip
LARGEST = 2**31 - 1  # what an id column can hold
WORDS: dict[str, object] = {
    "role": "merchant", "lang": "zh_CN", "place": "partners", "what": "ship_from",
    "answer": "withdraw", "how": "finish", "tab": "unassigned", "why": "unreachable_address",
    "carrier": "cainiao", "period": "20260101-20261231", "of": "ticked",
    "part": "seller_note", "act": "no_seller_note", "say": "carriers",
    "choice": "2147483647", "alike": True, "counts": "z" * 20, "plan": "1z141z3",
    "platform": "kuaishou",
}  # fmt: skip


def largest(kind: type[CallbackData]) -> CallbackData:
    far = cursors.pack(Cursor(datetime(2099, 12, 31, tzinfo=UTC), LARGEST, backward=True))
    values = {
        name: far.get(name, WORDS.get(name, LARGEST if field.annotation is int else ""))
        for name, field in kind.model_fields.items()
    }
    return kind(**values)


@pytest.mark.parametrize("kind", DECISIONS, ids=lambda kind: kind.__name__)
def test_a_decision_fits_and_comes_back_as_it_was(kind: type[CallbackData]) -> None:
    decision = largest(kind)
    packed = decision.pack()
    assert len(packed.encode()) <= 64
    assert kind.unpack(packed) == decision


def test_prefixes_are_short_and_unique() -> None:
    prefixes = [kind.__prefix__ for kind in DECISIONS]
    assert len(set(prefixes)) == len(prefixes) > 20
    assert all(1 <= len(prefix) <= 4 for prefix in prefixes)


def test_a_cursor_survives_its_button_to_the_microsecond() -> None:
    here = Cursor(datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=UTC), 42, backward=True)
    packed = cursors.pack(here)
    assert cursors.unpack(str(packed["at"]), str(packed["row"]), int(packed["back"])) == here


@pytest.mark.parametrize(("at", "row"), [("", ""), ("zz!", "1"), ("9" * 30, "1")])
def test_a_forged_cursor_is_the_first_page(at: str, row: str) -> None:
    assert cursors.unpack(at, row, 0) is None
