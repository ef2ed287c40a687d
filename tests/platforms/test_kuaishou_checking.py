"""Which numbers Kuaishou is sure to refuse, and which are its own to judge."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.orders.recipients import Known, concealed_hash, same_recipient
from core.platforms.facts import Parcel, Reuse
from core.values import MaskedRecipient
from platforms.failures import WHYS
from platforms.kuaishou.checking import why_not
from platforms.teller import FINAL

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAID = NOW - timedelta(hours=5)


def parcel(**said: Any) -> Parcel:
    return Parcel("2332600000000010", "yto", "YT8800000000001", {}, paid_at=PAID)._replace(**said)


def use(days: float = 0.1, *, own: bool = True, same: bool | None = True) -> Reuse:
    return Reuse(NOW - timedelta(days=days), own, same)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, ""),
        ({"carrier": "zto"}, "number_misfits"),
        ({"carrier": "zto", "tracking_number": "462233445566778"}, ""),  # digits prove nothing
        ({"carrier": "yto", "tracking_number": "YT88"}, ""),
        ({"drawn": ["YT8800000000001", "YT8800000000002"]}, ""),
        ({"drawn": ["YT8800000000002"]}, "ticket_differs"),
        ({"reuses": [use()]}, ""),  # packed together
        ({"reuses": [use(), use(own=False)]}, "number_elsewhere"),
        ({"reuses": [use(same=False)]}, "number_used"),
        ({"reuses": [use(same=None)]}, ""),  # who it is for, only the platform knows
        ({"reuses": [use(1)]}, ""),  # may still wait for the carrier
        ({"reuses": [use(3)]}, "number_early"),
        ({"reuses": [use(3)], "paid_at": None}, ""),
        ({"reuses": [use(29)], "paid_at": NOW - timedelta(days=28)}, ""),
        ({"reuses": [use(31)], "paid_at": NOW - timedelta(days=30)}, "number_old"),
    ],
)
def test_a_number_that_is_sure_to_be_refused_is_known(said: dict[str, Any], why: str) -> None:
    assert why_not(parcel(**said), NOW) == why
    assert not why or (why in WHYS and why in FINAL)


def test_two_recipients_are_told_apart_as_far_as_masks_and_marks_say() -> None:
    masked, another = MaskedRecipient("林**", "138", "杭州"), MaskedRecipient("赵**", "138", "杭州")
    plain, hidden = Known("a", masked), Known(concealed_hash("a"), masked)
    assert same_recipient(plain, Known("a", another)) is True
    assert same_recipient(plain, Known("b", masked)) is False
    assert same_recipient(plain, hidden) is None
    assert same_recipient(hidden, Known(concealed_hash("b"), masked)) is None
    assert same_recipient(hidden, Known(concealed_hash("b"), another)) is False
