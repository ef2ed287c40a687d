"""Answers: a Screen sent or edited in by aiogram."""

import asyncio
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.methods import TelegramMethod
from aiogram.methods.base import Response, TelegramType
from aiogram.types import (
    BufferedInputFile,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)

from bot.attached import content_of
from bot.screens.screen import Attachment, Button, Screen
from bot.splitting import CAPTION_LIMIT, split
from core.people.gathering import is_group

LONGEST_WAIT = 30  # seconds of a 429 that an answer sits out; longer ones are tried anew
GROUP_WAIT = 2  # in a group, whose pace others use up too, what waits longer is said later
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class ObeyRetryAfter(BaseRequestMiddleware):
    """Sits out a 429 and repeats the call once."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Pass the call on; after a short 429, once more."""
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as refusal:
            group = is_group(getattr(method, "chat_id", 0))
            if refusal.retry_after > (GROUP_WAIT if group else LONGEST_WAIT):
                raise
            await asyncio.sleep(refusal.retry_after)
            return await make_request(bot, method)


def _key(button: Button) -> InlineKeyboardButton:
    copied = CopyTextButton(text=button.copy) if button.copy is not None else None
    return InlineKeyboardButton(
        text=button.text, callback_data=button.data, url=button.url, copy_text=copied
    )


def keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    """Return the screen's buttons for aiogram."""
    if not screen.rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[[_key(button) for button in row] for row in screen.rows]
    )


async def send(
    bot: Bot,
    chat_id: int,
    screen: Screen,
    reply_to: int | None = None,
    thread_id: int | None = None,
) -> Message:
    """Send a screen as a new message, in a topic of a group if one is given, and return it.

    A text too long for one message becomes several; the last carries the buttons and is returned.
    """
    reply = (
        ReplyParameters(message_id=reply_to, allow_sending_without_reply=True) if reply_to else None
    )
    common: dict[str, Any] = {
        "chat_id": chat_id,
        "message_thread_id": thread_id,
        "reply_parameters": reply,
        "protect_content": screen.protect or None,
        "parse_mode": "HTML",
    }
    markup: Any = _ask(chat_id, screen.ask) if screen.ask else keyboard(screen)
    if screen.attachment is not None:
        return await _send_file(bot, screen.attachment, screen.text, reply_markup=markup, **common)
    *before, last = split(screen.text)
    for text in before:
        await bot.send_message(text=text, link_preview_options=NO_PREVIEW, **common)
    return await bot.send_message(
        text=last, link_preview_options=NO_PREVIEW, reply_markup=markup, **common
    )


def _ask(chat_id: int, placeholder: str) -> ForceReply:
    """Return a reply field; in a group only for who is replied to, or named in the text."""
    return ForceReply(
        input_field_placeholder=placeholder, selective=True if is_group(chat_id) else None
    )


async def _send_file(bot: Bot, attached: Attachment, caption: str, **common: Any) -> Message:
    file = BufferedInputFile(await content_of(attached), attached.name)
    if attached.picture:
        return await bot.send_photo(photo=file, caption=caption, **common)
    return await bot.send_document(document=file, caption=caption, **common)


async def edit(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> bool:
    """Edit a screen into a message; False when that message cannot show it any more.

    Under a file the text is its caption; a longer one than a caption can be is False.
    """
    if len(split(screen.text)) > 1:
        return False
    try:
        await bot.edit_message_text(
            text=screen.text, chat_id=chat_id, message_id=message_id, parse_mode="HTML",
            reply_markup=keyboard(screen), link_preview_options=NO_PREVIEW,
        )  # fmt: skip
    except TelegramBadRequest as refusal:
        # Telegram tells these apart only in words. The same screen again is what was wanted.
        if "no text in the message" in refusal.message:
            return await _edit_caption(bot, chat_id, message_id, screen)
        return "message is not modified" in refusal.message
    return True


async def _edit_caption(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> bool:
    if len(split(screen.text, CAPTION_LIMIT)) > 1:
        return False
    try:
        await bot.edit_message_caption(
            chat_id=chat_id, message_id=message_id, caption=screen.text, parse_mode="HTML",
            reply_markup=keyboard(screen),
        )  # fmt: skip
    except TelegramBadRequest as refusal:
        return "message is not modified" in refusal.message
    return True
