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

from bot.screens.screen import Button, Screen

LONGEST_WAIT = 30  # seconds of a 429 that an answer sits out; longer ones are tried anew
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
            if refusal.retry_after > LONGEST_WAIT:
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


async def send(bot: Bot, chat_id: int, screen: Screen, reply_to: int | None = None) -> Message:
    """Send a screen as a new message."""
    markup: Any = ForceReply(input_field_placeholder=screen.ask) if screen.ask else keyboard(screen)
    reply = (
        ReplyParameters(message_id=reply_to, allow_sending_without_reply=True) if reply_to else None
    )
    common: dict[str, Any] = {
        "chat_id": chat_id,
        "reply_markup": markup,
        "reply_parameters": reply,
        "protect_content": screen.protect or None,
        "parse_mode": "HTML",
    }
    if screen.attachment is None:
        return await bot.send_message(text=screen.text, link_preview_options=NO_PREVIEW, **common)
    file = BufferedInputFile(screen.attachment.content, screen.attachment.name)
    if screen.attachment.picture:
        return await bot.send_photo(photo=file, caption=screen.text, **common)
    return await bot.send_document(document=file, caption=screen.text, **common)


async def edit(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> bool:
    """Edit a screen into a message; False when that message cannot show it any more."""
    try:
        await bot.edit_message_text(
            text=screen.text, chat_id=chat_id, message_id=message_id, parse_mode="HTML",
            reply_markup=keyboard(screen), link_preview_options=NO_PREVIEW,
        )  # fmt: skip
    except TelegramBadRequest as refusal:
        # Telegram tells these apart only in words. The same screen again is what was wanted.
        return "message is not modified" in refusal.message
    return True
