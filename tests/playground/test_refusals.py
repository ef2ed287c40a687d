"""What Telegram refuses, the playground refuses, in Telegram's words."""

from typing import Any

import pytest

from playground.phone import Phone
from tests.playground.conftest import LIN, WANG, Caller

BUTTON = {"text": "好", "callback_data": "x"}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


SENDS: list[tuple[str, dict[str, Any], str]] = [
    ("empty text", {"text": ""}, "message text is empty"),
    ("blank text", {"text": " \n "}, "text must be non-empty"),
    ("only tags", {"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
    ("4097 characters", {"text": "字" * 4097}, "message is too long"),
    ("4097 in UTF-16", {"text": "字" * 4095 + "😀"}, "message is too long"),
    ("huge", {"text": "x" * 40_000}, "text is too long"),
    (
        "unclosed tag",
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (
        "unknown tag",
        {"text": "字<x>", "parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "x" at byte offset 3',
    ),
    ("markdown", {"text": "x", "parse_mode": "MarkdownV2"}, "parse_mode MarkdownV2 is not in"),
    ("bad mode", {"text": "x", "parse_mode": "rtf"}, "unsupported parse_mode"),
    (
        "entity outside",
        {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
        "ENTITY_BOUNDS_INVALID",
    ),
    (
        "reply to nothing",
        {"text": "x", "reply_parameters": {"message_id": 999}},
        "message to be replied not found",
    ),
    (
        "65 bytes of data",
        {"text": "x", "reply_markup": keyboard([{"text": "x", "callback_data": "字" * 21 + "xx"}])},
        "BUTTON_DATA_INVALID",
    ),
    (
        "no action",
        {"text": "x", "reply_markup": keyboard([{"text": "x"}])},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "two actions",
        {"text": "x", "reply_markup": keyboard([{**BUTTON, "url": "https://example.com"}])},
        "can't parse inline keyboard button: exactly one action is allowed, not callback_data, url",
    ),
    (
        "no label",
        {"text": "x", "reply_markup": keyboard([{"text": "", "callback_data": "x"}])},
        "inline keyboard button text must be non-empty",
    ),
    (
        "long copy",
        {"text": "x", "reply_markup": keyboard([{"text": "x", "copy_text": {"text": "x" * 257}}])},
        "BUTTON_COPY_TEXT_INVALID",
    ),
    (
        "empty copy",
        {"text": "x", "reply_markup": keyboard([{"text": "x", "copy_text": {"text": ""}}])},
        "BUTTON_COPY_TEXT_INVALID",
    ),
    (
        "local link",
        {"text": "x", "reply_markup": keyboard([{"text": "x", "url": "http://localhost/x"}])},
        "inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
    ),
    (
        "script link",
        {"text": "x", "reply_markup": keyboard([{"text": "x", "url": "javascript://a.b"}])},
        "inline keyboard button URL 'javascript://a.b' is invalid: Unsupported URL protocol",
    ),
    (
        "101 buttons",
        {"text": "x", "reply_markup": keyboard(*[[BUTTON]] * 101)},
        "reply markup is too long",
    ),
    (
        "9 in a row",
        {"text": "x", "reply_markup": keyboard([BUTTON] * 9)},
        "reply markup is too long",
    ),
]


@pytest.mark.parametrize(
    ("params", "sentence"), [(p, s) for _, p, s in SENDS], ids=[name for name, _, _ in SENDS]
)
async def test_a_message_telegram_would_refuse_is_refused_in_its_words(
    started: Caller, lin: Phone, params: dict[str, Any], sentence: str
) -> None:
    before = len(await lin.chat())
    refusal = await started.refused("sendMessage", chat_id=LIN, **params)
    assert refusal.startswith(f"Bad Request: {sentence}")
    assert len(await lin.chat()) == before


async def test_a_message_of_exactly_4096_after_entities_is_taken(started: Caller) -> None:
    text = f"<b>{'x' * 4096}</b>"
    sent = await started("sendMessage", chat_id=LIN, text=text, parse_mode="HTML")
    assert len(sent["text"]) == 4096


async def test_who_cannot_be_written_to_is_said(bot: Caller, lin: Phone) -> None:
    assert await bot.refused("sendMessage", chat_id=99, text="x") == "Bad Request: chat not found"
    assert await bot.refused("sendMessage", chat_id="@linxiaoman", text="x") == (
        "Bad Request: chat not found"
    )
    assert await bot.refused("sendMessage", chat_id=LIN, text="x") == (
        "Forbidden: bot can't initiate conversation with a user"
    )
    await lin.opens(wait=0)
    await bot("sendMessage", chat_id=LIN, text="x")
    await lin.blocks(wait=0)
    assert await bot.refused("sendMessage", chat_id=LIN, text="x") == (
        "Forbidden: bot was blocked by the user"
    )
    await lin.unblocks(wait=0)
    await bot("sendMessage", chat_id=LIN, text="x")


async def test_edits_of_what_is_gone_foreign_or_the_same_are_refused(
    started: Caller, lin: Phone
) -> None:
    theirs = await lin.sends("mine", wait=0)
    sent = await started(
        "sendMessage",
        chat_id=LIN,
        text="<b>x</b>",
        parse_mode="HTML",
        reply_markup=keyboard([BUTTON]),
    )
    where = {"chat_id": LIN, "message_id": sent["message_id"]}
    same = {"text": " <b>x</b> ", "parse_mode": "HTML", "reply_markup": keyboard([BUTTON])}
    assert await started.refused("editMessageText", **where, **same) == NOT_MODIFIED
    assert await started.refused(
        "editMessageReplyMarkup", **where, reply_markup=keyboard([BUTTON])
    ) == (NOT_MODIFIED)
    assert await started.refused("editMessageText", chat_id=LIN, message_id=999, text="x") == (
        "Bad Request: message to edit not found"
    )
    assert await started.refused(
        "editMessageText", chat_id=LIN, message_id=theirs.message_id, text="x"
    ) == ("Bad Request: message can't be edited")
    assert await started.refused("editMessageText", **where, text="x" * 4097) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await started.refused("editMessageText", chat_id=LIN, text="x") == (
        "Bad Request: message identifier is not specified"
    )
    assert await started.refused("editMessageCaption", **where, caption="x") == (
        "Bad Request: there is no caption in the message to edit"
    )
    bold_gone = await started("editMessageText", **where, text="x")
    assert "entities" not in bold_gone
    assert "reply_markup" not in bold_gone


async def test_a_message_sent_with_a_reply_keyboard_cannot_be_edited(started: Caller) -> None:
    sent = await started("sendMessage", chat_id=LIN, text="?", reply_markup={"force_reply": True})
    refusal = await started.refused(
        "editMessageText", chat_id=LIN, message_id=sent["message_id"], text="!"
    )
    assert refusal == "Bad Request: message can't be edited"


async def test_a_tap_is_answered_once(started: Caller, lin: Phone) -> None:
    await started("sendMessage", chat_id=LIN, text="?", reply_markup=keyboard([BUTTON]))
    await lin.taps("好", wait=0)
    query = (await started.updates())[-1]["callback_query"]
    too_long = await started.refused(
        "answerCallbackQuery", callback_query_id=query["id"], text="x" * 201
    )
    assert too_long == "Bad Request: MESSAGE_TOO_LONG"
    await started("answerCallbackQuery", callback_query_id=query["id"], text="x" * 200)
    for query_id in (query["id"], "12345", "no number"):
        assert await started.refused("answerCallbackQuery", callback_query_id=query_id) == (
            "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )


async def test_what_cannot_be_deleted_is_said(started: Caller, lin: Phone) -> None:
    sent = await started("sendMessage", chat_id=LIN, text="x")
    await started("deleteMessage", chat_id=LIN, message_id=sent["message_id"])
    assert await started.refused("deleteMessage", chat_id=LIN, message_id=sent["message_id"]) == (
        "Bad Request: message to delete not found"
    )
    assert await started.refused("deleteMessages", chat_id=LIN, message_ids=[1] * 101) == (
        "Bad Request: too many message identifiers specified"
    )
    mine = await lin.sends("x", wait=0)
    await started("deleteMessages", chat_id=LIN, message_ids=[mine.message_id, 999])
    assert "x" not in [m.text for m in await lin.chat()]


async def test_commands_are_checked(bot: Caller) -> None:
    def command(name: str = "help", description: str = "帮助") -> dict[str, Any]:
        return {"command": name, "description": description}

    async def refused(*commands: dict[str, Any], **more: Any) -> str:
        return await bot.refused("setMyCommands", commands=list(commands), **more)

    assert await refused(command("Help")) == "Bad Request: BOT_COMMAND_INVALID"
    assert await refused(command("帮助")) == "Bad Request: BOT_COMMAND_INVALID"
    assert await refused(command("x" * 33)) == "Bad Request: BOT_COMMAND_INVALID"
    assert await refused(command(description="")) == "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"
    assert await refused(*[command()] * 101) == "Bad Request: BOT_COMMANDS_TOO_MUCH"
    assert await refused(command(), language_code="zh-hans") == (
        "Bad Request: invalid language code specified"
    )
    assert await refused(command(), scope={"type": "nobody"}) == (
        'Bad Request: can\'t parse BotCommandScope: scope has unsupported type "nobody"'
    )


async def test_a_person_without_a_chat_is_not_a_chat_of_the_bot(bot: Caller) -> None:
    assert await bot.refused("getChat", chat_id=WANG) == (
        "Forbidden: bot can't initiate conversation with a user"
    )
