"""Which numbers Kuaishou is sure to refuse, and which are its own to judge."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.orders.recipients import Known, concealed_hash, same_recipient
from core.platforms.facts import Parcel, Reuse
from core.values import MaskedRecipient
from platforms.calling import open_client
from platforms.failures import WHYS
from platforms.kuaishou.checking import why_not
from platforms.kuaishou.gateway import Gateway
from platforms.kuaishou.opening import read_kuaishou_values
from platforms.teller import FINAL
from tests.platforms.conftest import KUAISHOU

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


@pytest.mark.parametrize(
    ("code", "sentence", "why"),
    [
        ("11", "运单号和物流公司不匹配", "number_misfits"),
        ("11", "同一个运单号对应收件地址超过1个", "number_used"),
        ("11", "运单揽收时间早于支付时间", "number_early"),
        ("11", "运单号已被其他商家使用", "number_elsewhere"),
        ("11", "收货地址与电子面单取号地址不一致", "ticket_address"),
        ("11", "运单发货间隔超过30天", "number_old"),
        ("11", "回传运单号与电子面单不一致", "ticket_differs"),
        ("11", "快递公司不存在", "carrier_unknown"),
        ("11", "收货地址与签收地址不一致", "number_used"),
        ("11", "电子面单取号与发货快递公司不一致", "ticket_differs"),
        ("11", "a rule of next year", "refused"),
        ("24", "AUTHORIZATION_REVOKED", "grant_ended"),
        ("26", "主账号不存在", "grant_ended"),
        ("100200102", "refreshToken.discarded", "grant_ended"),
        ("100200102", "access_token expired", "token_stale"),
        ("1017", "[1017] exceed quota limit,[apiId:open.item]", "throttled"),
        ("21", "token中无scope权限", "no_grant"),
        ("21", "签名校验失败", "bad_signature"),
    ],
)
async def test_every_sentence_the_platform_publishes_has_a_word_of_ours(
    code: str, sentence: str, why: str
) -> None:
    async with open_client() as http:
        failure = Gateway(KUAISHOU, read_kuaishou_values(), http).failure(code, sentence)
    assert failure.why == why
    assert failure.said == sentence


def test_two_recipients_are_told_apart_as_far_as_masks_and_marks_say() -> None:
    masked, another = MaskedRecipient("林**", "138", "杭州"), MaskedRecipient("赵**", "138", "杭州")
    plain, hidden = Known("a", masked), Known(concealed_hash("a"), masked)
    assert same_recipient(plain, Known("a", another)) is True
    assert same_recipient(plain, Known("b", masked)) is False
    assert same_recipient(plain, hidden) is None
    assert same_recipient(hidden, Known(concealed_hash("b"), masked)) is None
    assert same_recipient(hidden, Known(concealed_hash("b"), another)) is False
