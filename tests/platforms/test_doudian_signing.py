"""Calls to Doudian are signed as a second, independent reading of its rules signs them."""

import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.doudian.signing import App, SignMethod, canonical, is_from_doudian, sign

SECRET, KEY = "f3b7c1d2-0000-4000-8000-示例", "7000000000000000001"


def by_hand(value: Any) -> str:
    """JSON written out by hand: what the platform's own rule says, and nothing of `json`."""
    if isinstance(value, str):
        escaped = "".join(
            {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b",
             "\f": "\\f"}.get(one, one if one >= " " else f"\\u{ord(one):04x}")
            for one in value
        )  # fmt: skip
        return f'"{escaped}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        pairs = (f"{by_hand(name)}:{by_hand(value[name])}" for name in sorted(value))
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(by_hand, value)) + "]"
    return str(value)


def hmac_by_hand(key: bytes, text: bytes) -> str:
    """RFC 2104, from its definition."""
    block = hashlib.sha256(key).digest() if len(key) > 64 else key
    block = block.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(one ^ 0x36 for one in block) + text).digest()
    return hashlib.sha256(bytes(one ^ 0x5C for one in block) + inner).hexdigest()


def signed_by_hand(how: SignMethod, method: str, parameters: Mapping[str, Any], at: str) -> str:
    text = (
        f"{SECRET}app_key{KEY}method{method}param_json{by_hand(parameters)}timestamp{at}v2{SECRET}"
    ).encode()
    return hashlib.md5(text).hexdigest() if how == "md5" else hmac_by_hand(SECRET.encode(), text)


words = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('<>&"\\\n'))
values: st.SearchStrategy[Any] = st.recursive(
    words | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(words, values, max_size=5), st.sampled_from(["hmac-sha256", "md5"]))
def test_whatever_is_asked_both_readings_sign_it_alike(
    parameters: dict[str, Any], how: SignMethod
) -> None:
    app = App(KEY, SECRET, how)
    param_json = canonical(parameters)
    assert param_json == by_hand(parameters)
    assert sign(app, "order.searchList", param_json, "1764000000") == signed_by_hand(
        how, "order.searchList", parameters, "1764000000"
    )


def test_a_space_inside_a_value_stays_and_html_is_not_escaped() -> None:
    assert canonical({"b": "一 二 <&>", "a": {"y": 1, "x": [2]}}) == (
        '{"a":{"x":[2],"y":1},"b":"一 二 <&>"}'
    )


@pytest.mark.parametrize("change", ["body", "sign", "secret"])
def test_a_message_is_believed_only_as_it_was_signed(change: str) -> None:
    body = b'[{"tag":"100","msg_id":"1","data":{"p_id":1}}]'
    made = hashlib.md5(KEY.encode() + body + SECRET.encode()).hexdigest()
    app = App(KEY, SECRET)
    assert is_from_doudian(app, body, made)
    assert is_from_doudian(app, body, made.upper())
    assert not is_from_doudian(
        App(KEY, "another") if change == "secret" else app,
        body + b" " if change == "body" else body,
        "签名" if change == "sign" else made,
    )
