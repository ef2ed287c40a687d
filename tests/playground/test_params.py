"""Parameters come in four ways, and what is unknown, missing or mistyped is refused in all."""

import json
from typing import Any

import httpx
import pytest

from playground.schema import TYPES, MismatchError, check
from tests.playground.conftest import LIN, TOKEN, Caller

PREVIEW = {"is_disabled": True}


async def test_json_form_query_and_multipart_say_the_same(started: Caller) -> None:
    url = f"{started.base_url}/bot{TOKEN}/sendMessage"
    values = {"chat_id": LIN, "text": "x", "link_preview_options": PREVIEW, "protect_content": True}
    texts = {
        "chat_id": str(LIN),
        "text": "x",
        "link_preview_options": json.dumps(PREVIEW),
        "protect_content": "true",
    }
    parts = {name: (None, text) for name, text in texts.items()}
    for request in (
        {"json": values},
        {"data": texts},
        {"params": texts},
        {"files": parts},
        {"params": {"chat_id": LIN, "text": "x"}, "data": {"protect_content": "1"}},
    ):
        sent = (await started.client.post(url, **request)).json()["result"]
        assert sent["text"] == "x"
        assert sent["has_protected_content"] is True
    assert (await started.client.get(url, params=texts)).json()["ok"] is True


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": LIN}, "message text is empty"),
        ({"chat_id": LIN, "text": "x", "reply_to_message_id": 1}, "unknown parameter"),
        ({"chat_id": LIN, "text": 5}, "text must be String"),
        ({"chat_id": LIN, "text": "x", "protect_content": "yes"}, "protect_content must be Bool"),
        ({"chat_id": 1.5, "text": "x"}, "chat_id must be Integer or String"),
        ({"chat_id": True, "text": "x"}, "chat_id must be Integer or String"),
        (
            {"chat_id": LIN, "text": "x", "reply_parameters": {}},
            "can't parse reply parameters: Can't find field \"message_id\" in reply_parameters",
        ),
        (
            {"chat_id": LIN, "text": "x", "reply_parameters": {"message_id": 1, "x": 1}},
            'can\'t parse reply parameters: reply_parameters: ReplyParameters has no field "x"',
        ),
        (
            {"chat_id": LIN, "text": "x", "reply_markup": {"inline_keyboard": [{"text": "x"}]}},
            "can't parse inline keyboard button: reply_markup.inline_keyboard[0] must be",
        ),
        (
            {
                "chat_id": LIN,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "x", "data": "x"}]]},
            },
            "can't parse inline keyboard button: reply_markup.inline_keyboard[0][0]: Inline",
        ),
    ],
)
async def test_wrong_parameters_are_refused(
    started: Caller, params: dict[str, Any], sentence: str
) -> None:
    refusal = await started.refused("sendMessage", **params)
    assert refusal.startswith(f"Bad Request: {sentence}")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"chat_id": "1001", "text": "x", "protect_content": "maybe"}, "protect_content must be"),
        ({"chat_id": "1001", "message_id": "x", "text": "x"}, "message_id must be Integer"),
        ({"chat_id": "1001", "text": "x", "reply_markup": "{"}, "can't parse reply keyboard mark"),
        ({"chat_id": "1001", "text": "x", "reply_markup": "[]"}, "can't parse reply keyboard mark"),
    ],
)
async def test_wrong_form_values_are_refused(
    started: Caller, form: dict[str, str], sentence: str
) -> None:
    method = "editMessageText" if "message_id" in form else "sendMessage"
    url = f"{started.base_url}/bot{TOKEN}/{method}"
    answer = (await started.client.post(url, data=form)).json()
    assert answer["description"].startswith(f"Bad Request: {sentence}")


async def test_a_file_part_that_belongs_to_nothing_is_refused(started: Caller) -> None:
    url = f"{started.base_url}/bot{TOKEN}/sendMessage"
    data = {"chat_id": str(LIN), "text": "x"}
    answer = (await started.client.post(url, data=data, files={"other": b"x"})).json()
    assert answer["description"] == 'Bad Request: file part "other" belongs to no parameter'


async def test_broken_json_and_broken_unicode_are_refused(started: Caller) -> None:
    url = f"{started.base_url}/bot{TOKEN}/sendMessage"
    headers = {"Content-Type": "application/json"}
    broken = await started.client.post(url, content=b"{", headers=headers)
    assert broken.json()["description"] == "Bad Request: can't parse JSON object"
    half = await started.client.post(
        url, content=b'{"chat_id":1001,"text":"\\ud83d"}', headers=headers
    )
    assert half.json()["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_unknown_methods_unbuilt_methods_and_wrong_tokens_differ(
    bot: Caller, base_url: str, client: httpx.AsyncClient
) -> None:
    unknown = await bot.raw("sendPigeon")
    assert (unknown.status_code, unknown.json()["description"]) == (
        404,
        "Not Found: method not found",
    )
    unbuilt = await bot.refused("sendSticker", chat_id=LIN, sticker="x")
    assert unbuilt == "Bad Request: method sendSticker is not in the playground"
    assert (await bot("getMe"))["username"] == "daifa_bot"
    assert (await bot.raw("GETME")).json()["ok"] is True
    stranger = await client.get(f"{base_url}/bot123456:AAAAAAAAAAAAAAAA/getMe")
    assert stranger.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    nonsense = await client.get(f"{base_url}/botnonsense/getMe")
    assert nonsense.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


def test_every_type_named_by_the_tables_can_be_checked() -> None:
    """No type of the tables makes the checker itself fail."""
    for name in TYPES:
        with pytest.raises(MismatchError):
            check(object(), [name], name)


def test_types_told_apart_by_a_field_are_checked_as_that_type() -> None:
    check({"type": "chat", "chat_id": 5}, ["BotCommandScope"], "scope")
    with pytest.raises(MismatchError, match="user_id"):
        check({"type": "chat_member", "chat_id": 5}, ["BotCommandScope"], "scope")
    with pytest.raises(MismatchError, match="has unsupported type"):
        check({"type": "nothing"}, ["BotCommandScope"], "scope")
    person = {"id": 1, "is_bot": False, "first_name": "x"}
    with pytest.raises(MismatchError, match="until_date"):
        check({"status": "kicked", "user": person}, ["ChatMember"], "member")
