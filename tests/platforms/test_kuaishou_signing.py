"""Calls to Kuaishou are signed, its messages opened, as a second reading of its rules has it."""

import base64
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.platforms.facts import Push
from platforms.kuaishou import signing
from platforms.kuaishou.pushes import read_push
from platforms.kuaishou.signing import App, NotFromKuaishou, SignMethod, sign
from platforms.values import read_values
from tests.platforms.test_doudian_signing import hmac_by_hand

VALUES = read_values("kuaishou", Path(signing.__file__).with_name("values.toml"))
KEY = bytes(range(16))
APP = App("ks700000000000000001", "app-secret", "sign-示例", base64.b64encode(KEY).decode())


@given(
    st.dictionaries(st.text(max_size=5), st.none() | st.text(max_size=8), max_size=6),
    st.sampled_from(["MD5", "HMAC_SHA256"]),
)
def test_whatever_is_asked_both_readings_sign_it_alike(
    fields: dict[str, str | None], how: SignMethod
) -> None:
    by_name = [name for name, value in fields.items() if value is not None]
    text = "&".join(f"{one}={fields[one]}" for one in sorted(by_name, key=str.encode))
    whole = f"{text}&signSecret={APP.sign_secret}".encode()
    by_hand = (
        hashlib.md5(whole).hexdigest()
        if how == "MD5"
        else base64.b64encode(bytes.fromhex(hmac_by_hand(APP.sign_secret.encode(), whole))).decode()
    )
    assert sign(App(APP.key, APP.secret, APP.sign_secret, APP.message_key, how), fields) == by_hand


def sealed(said: Any, key: bytes = KEY) -> bytes:
    """A message as the platform seals it, by another implementation of AES than ours."""
    text = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    arguments = [
        "openssl",
        "enc",
        "-aes-128-cbc",
        "-K",
        key.hex(),
        "-iv",
        "0" * 32,
        "-base64",
        "-A",
    ]
    return subprocess.run(arguments, input=text, capture_output=True, check=True).stdout


MESSAGE = {
    "eventId": "267_2345_147402", "bizId": 201560025620985, "userId": 12342323,
    "openId": "示例open", "appKey": APP.key, "event": "kwaishop_order_addOrder",
    "info": json.dumps({"oid": 201560025620985, "sellerId": 12342323}), "createTime": 1591274070333,
    "test": False,
}  # fmt: skip


def test_a_message_is_opened_and_says_which_order() -> None:
    info = json.dumps({"oid": 201560025620985, "dropshippingOrderCode": "812"})
    assert read_push(APP, VALUES, sealed(MESSAGE | {"info": info})) == Push(
        "267_2345_147402", "示例open", "812", "812", "created", "kwaishop_order_addOrder"
    )


def test_a_message_that_names_the_order_only_by_its_own_number_says_that_something_changed() -> (
    None
):
    push = read_push(APP, VALUES, sealed(MESSAGE))
    assert push is not None
    assert (push.order_no, push.news) == ("", "created")


def test_a_heartbeat_is_no_news() -> None:
    assert read_push(APP, VALUES, sealed({"test": True})) is None


@pytest.mark.parametrize(
    "body",
    [
        b"", b"!!", b"QUJD", sealed(MESSAGE, bytes(16)), sealed(b"not json"), sealed([1]),
        sealed(MESSAGE | {"appKey": "ks-another"}), sealed(MESSAGE | {"eventId": None}),
        sealed(MESSAGE)[:-8],
    ],
)  # fmt: skip
def test_what_our_key_does_not_open_to_a_message_of_ours_is_not_believed(body: bytes) -> None:
    with pytest.raises(NotFromKuaishou):
        read_push(APP, VALUES, body)


def test_an_unknown_event_is_still_news_of_its_order() -> None:
    push = read_push(APP, VALUES, sealed(MESSAGE | {"event": "kwaishop_new", "info": "broken"}))
    assert push is not None
    assert (push.news, push.order_no, push.tag) == ("", "", "kwaishop_new")
