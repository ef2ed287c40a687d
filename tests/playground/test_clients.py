"""Both real clients hold a conversation, understand every object, and use every method built."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram
from aiogram import Bot, Dispatcher
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CallbackQuery,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
    Message,
    ReplyParameters,
    Update,
)

from playground.methods import HANDLERS
from playground.phone import Phone
from playground.schema import METHODS, check
from tests.playground.conftest import BOT, LIN, WANG, Api, Caller

CARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="确认绑定", callback_data="yes"),
            InlineKeyboardButton(text="拒绝", callback_data="no"),
        ],
        [
            InlineKeyboardButton(text="复制", copy_text=CopyTextButton(text="SF123")),
            InlineKeyboardButton(text="链接", url="https://t.me/daifa_bot?start=abc_1"),
            InlineKeyboardButton(text="网站", url="https://example.com/"),
        ],
    ]
)


@pytest.fixture
async def talking(aiogram_bot: Bot) -> AsyncIterator[list[Message]]:
    """An aiogram bot that shows a card for any message, and edits it when it is tapped."""
    got: list[Message] = []
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def show(message: Message) -> None:
        got.append(message)
        await message.answer(f"<b>卡片</b> {message.text}", parse_mode="HTML", reply_markup=CARD)

    @dispatcher.callback_query()
    async def tapped(query: CallbackQuery) -> None:
        await query.answer("已处理", show_alert=query.data == "no")
        assert isinstance(query.message, Message)
        await query.message.edit_text(f"结果 {query.data}")

    polling = asyncio.create_task(
        dispatcher.start_polling(
            aiogram_bot, handle_signals=False, handle_as_tasks=False, polling_timeout=30
        )
    )
    yield got
    await dispatcher.stop_polling()
    await polling


async def test_a_conversation_with_aiogram(talking: list[Message], lin: Phone) -> None:
    await lin.opens()
    assert lin.last.text == "卡片 /start"
    assert lin.last.html == "<b>卡片</b> /start"
    assert lin.last.labels == ["确认绑定", "拒绝", "复制", "链接", "网站"]
    assert (await lin.taps("复制")).copied == "SF123"
    assert (await lin.taps("网站")).url == "https://example.com/"
    await lin.taps("链接")
    assert lin.last.text == "卡片 /start abc_1"
    answer = await lin.taps("确认")
    assert (answer.text, answer.show_alert) == ("已处理", False)
    assert lin.last.text == "结果 yes"
    assert lin.last.edited
    assert lin.last.labels == []
    await lin.sends("好")
    assert (await lin.taps("拒绝")).show_alert
    assert (await lin.sees("结果 no")).message_id == lin.last.message_id
    assert talking[0].from_user is not None
    assert talking[0].from_user.language_code == "zh-hans"


async def test_a_reply_an_edit_and_a_long_text_reach_the_bot(
    talking: list[Message], lin: Phone
) -> None:
    await lin.sends("first")
    card = lin.last
    await lin.replies(card, "SF1234567890")
    assert talking[-1].reply_to_message is not None
    assert talking[-1].reply_to_message.message_id == card.message_id
    await lin.sends("\n".join(["单号" * 50] * 50))
    assert len(talking) == 4
    assert all(message.text and len(message.text) <= 4096 for message in talking)


async def test_forged_taps_reach_the_bot(talking: list[Message], lin: Phone) -> None:
    await lin.sends("card")
    await lin.forges("forged:1", lin.last)
    assert lin.last.text == "结果 forged:1"


async def test_every_update_is_understood_by_both_clients_and_fits_the_tables(
    started: Caller, lin: Phone, wang: Phone, api: Api, ptb_bot: telegram.Bot
) -> None:
    allowed = ["message", "edited_message", "callback_query", "my_chat_member"]
    await started.updates(allowed_updates=allowed)
    sent = await lin.sends("/help 你好 @daifa_bot https://a.b/c #tag a@b.cc", wait=0)
    await lin.edits(sent, "edited", wait=0)
    await lin.uploads("a.txt", b"x", caption="/file", wait=0)
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}
    card = await started("sendMessage", chat_id=LIN, text="card", reply_markup=markup)
    shown = (await lin.chat())[-1]
    await lin.replies(shown, "reply", wait=0)
    await lin.taps("x", wait=0)
    await started("deleteMessage", chat_id=LIN, message_id=card["message_id"])
    await lin.forges("gone", shown, wait=0)
    await lin.blocks(wait=0)
    await lin.opens("payload", wait=0)
    group = await api.post("groups", {"title": "群", "creator": LIN, "members": [BOT]})
    await api.post(f"groups/{group['chat_id']}/members", {"by": LIN, "add": [WANG]})
    await api.post(f"groups/{group['chat_id']}/supergroup")
    updates = await started.updates()
    kinds = {next(kind for kind in update if kind != "update_id") for update in updates}
    assert kinds == set(allowed)
    for update in updates:
        check(update, ["Update"], "update")
        assert Update.model_validate(update).update_id == update["update_id"]
        by_ptb = telegram.Update.de_json(update, ptb_bot)
        assert by_ptb.effective_user is not None
        assert not by_ptb.api_kwargs
    entities = [entity["type"] for entity in updates[0]["message"]["entities"]]
    assert entities == ["bot_command", "mention", "url", "hashtag", "email"]


async def test_ptb_sends_edits_and_is_refused(started: Caller, lin: Phone, ptb_bot: Any) -> None:
    button = telegram.InlineKeyboardButton("接单", callback_data="take")
    markup = telegram.InlineKeyboardMarkup([[button]])
    mine = await lin.sends("hi", wait=0)
    sent = await ptb_bot.send_message(
        LIN,
        "<b>新订单</b>",
        parse_mode="HTML",
        reply_markup=markup,
        protect_content=True,
        disable_notification=True,
        link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
        reply_parameters=telegram.ReplyParameters(mine.message_id),
    )
    shown = await lin.sees("新订单")
    assert shown.protected
    assert shown.raw["reply_to"]["text"] == "hi"
    edited = await ptb_bot.edit_message_text("变了", chat_id=LIN, message_id=sent.message_id)
    assert edited.text == "变了"
    with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
        await ptb_bot.edit_message_text("变了", chat_id=LIN, message_id=sent.message_id)
    await lin.blocks(wait=0)
    with pytest.raises(telegram.error.Forbidden):
        await ptb_bot.send_message(LIN, "x")


async def test_a_lost_original_can_be_allowed(started: Caller, aiogram_bot: Bot) -> None:
    missing = ReplyParameters(message_id=999, allow_sending_without_reply=True)
    assert (
        await aiogram_bot.send_message(LIN, "x", reply_parameters=missing)
    ).reply_to_message is (None)


async def test_the_menu_in_force_is_the_narrowest_in_the_persons_language(
    started: Caller, lin: Phone, aiogram_bot: Bot
) -> None:
    def commands(name: str) -> list[BotCommand]:
        return [BotCommand(command=name, description=name)]

    await aiogram_bot.set_my_commands(commands("default"))
    assert await lin.commands() == ["default"]
    await aiogram_bot.set_my_commands(commands("zh"), language_code="zh")
    assert await lin.commands() == ["zh"]
    everyone = BotCommandScopeAllPrivateChats()
    await aiogram_bot.set_my_commands(commands("private"), scope=everyone)
    assert await lin.commands() == ["private"]
    hers = BotCommandScopeChat(chat_id=LIN)
    await aiogram_bot.set_my_commands(commands("lin"), scope=hers, language_code="zh")
    assert await lin.commands() == ["lin"]
    (got,) = await aiogram_bot.get_my_commands(scope=hers, language_code="zh")
    assert got.command == "lin"
    await aiogram_bot.delete_my_commands(scope=hers, language_code="zh")
    assert await lin.commands() == ["private"]


async def test_a_bot_describes_itself(started: Caller, aiogram_bot: Bot) -> None:
    await aiogram_bot.set_my_name("代发助手")
    assert (await aiogram_bot.get_me()).first_name == "代发助手"
    await aiogram_bot.set_my_description("说明", language_code="zh")
    assert (await aiogram_bot.get_my_description(language_code="zh")).description == "说明"
    assert (await aiogram_bot.get_my_description()).description == ""
    await aiogram_bot.set_my_short_description("短")
    assert (await aiogram_bot.get_my_short_description(language_code="en")).short_description == (
        "短"
    )
    await aiogram_bot.set_chat_menu_button(LIN, MenuButtonCommands())
    assert (await aiogram_bot.get_chat_menu_button(LIN)).type == "commands"
    assert (await aiogram_bot.get_chat_menu_button()).type == "default"
    assert (await aiogram_bot.get_chat(LIN)).first_name == "林小满"


def test_only_methods_of_the_tables_are_built() -> None:
    assert set(METHODS) >= set(HANDLERS)
