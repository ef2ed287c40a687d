"""Alerts out: a Screen sent by python-telegram-bot, at the pace Telegram allows."""

from datetime import timedelta
from typing import Any, Final

import httpx
import telegram
from telegram import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
)
from telegram.error import BadRequest
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.attached import content_of, ready
from bot.screens.screen import Button, Screen
from bot.splitting import CAPTION_LIMIT, split

TELEGRAM: Final = "https://api.telegram.org"
CONNECTIONS: Final = 16
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


def make_courier_bot(
    token: str,
    api_base: str = TELEGRAM,
    *,
    per_second: float = 25,
    per_group_minute: float = 20,
    proxy: str | None = None,
    read_timeout: timedelta = timedelta(seconds=20),
    transport: httpx.AsyncBaseTransport | None = None,
) -> telegram.Bot:
    """Return the courier's bot for a Bot API server (`api_base` without `/bot`).

    Messages leave evenly, one per 1/`per_second`: a burst would take what answers need of
    Telegram's 30/s. The library's own repeats are off: they would stop every chat for one chat's
    429. Needs no `initialize`; close it with `close_courier_bot`. A `transport` takes the network's
    place.
    """
    base = api_base.rstrip("/")
    request = HTTPXRequest(
        connection_pool_size=CONNECTIONS,
        connect_timeout=5.0,
        read_timeout=read_timeout.total_seconds(),
        write_timeout=10.0,
        media_write_timeout=20.0,
        pool_timeout=5.0,
        proxy=proxy,
        # DAIFA_PROXY decides, not the shell.
        httpx_kwargs={"trust_env": False, "transport": transport},
    )
    return ExtBot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request,
        get_updates_request=request,  # it gets none: a second set of connections would idle
        rate_limiter=AIORateLimiter(
            overall_max_rate=1,
            overall_time_period=1 / per_second,
            group_max_rate=per_group_minute,
            group_time_period=60,
            max_retries=0,
        ),
    )


async def close_courier_bot(bot: telegram.Bot) -> None:
    """Give its connections back."""
    await bot.request.shutdown()


async def send(
    bot: telegram.Bot,
    chat_id: int,
    screen: Screen,
    sent: list[int],
    thread_id: int | None = None,
) -> None:
    """Send a screen, in a topic if one is given; buttons under the last of several messages.

    The message ids are appended to `sent` one by one, so that after an error the caller knows what
    went out before it. Raises `telegram.error.TelegramError`.
    """
    screen = await ready(screen)
    attached = screen.attachment is not None
    *before, last = split(screen.text, CAPTION_LIMIT) if attached else split(screen.text)
    common: dict[str, Any] = {
        "chat_id": chat_id,
        "message_thread_id": thread_id,
        "parse_mode": "HTML",
        "protect_content": screen.protect or None,
    }
    for number, text in enumerate((*before, last)):
        markup = _markup(screen) if number == len(before) else None
        if attached and number == 0:
            message = await _send_file(bot, screen, caption=text, reply_markup=markup, **common)
        else:
            message = await bot.send_message(
                text=text, reply_markup=markup, link_preview_options=_NO_PREVIEW, **common
            )
        sent.append(message.message_id)


async def edit(bot: telegram.Bot, chat_id: int, message_id: int, screen: Screen) -> None:
    """Edit a screen into a message sent earlier; one that shows it already is fine.

    Under a file the text is its caption. A text too long for its place is left. Raises
    `telegram.error.TelegramError`.
    """
    if len(split(screen.text)) > 1:
        return
    markup = _markup(screen)
    common: dict[str, Any] = {
        "chat_id": chat_id, "message_id": message_id, "parse_mode": "HTML",
        "reply_markup": markup if isinstance(markup, InlineKeyboardMarkup) else None,
    }  # fmt: skip
    try:
        await bot.edit_message_text(screen.text, link_preview_options=_NO_PREVIEW, **common)
    except BadRequest as refusal:
        # Telegram tells these apart only in words.
        if "no text in the message" in refusal.message:
            await _edit_caption(bot, screen.text, **common)
        elif "message is not modified" not in refusal.message:
            raise


async def _edit_caption(bot: telegram.Bot, text: str, **common: Any) -> None:
    if len(split(text, CAPTION_LIMIT)) > 1:
        return
    try:
        await bot.edit_message_caption(caption=text, **common)
    except BadRequest as refusal:
        if "message is not modified" not in refusal.message:
            raise


async def _send_file(bot: telegram.Bot, screen: Screen, **params: Any) -> telegram.Message:
    assert screen.attachment is not None  # noqa: S101 - the caller looked
    file = InputFile(await content_of(screen.attachment), filename=screen.attachment.name)
    if screen.attachment.picture:
        return await bot.send_photo(photo=file, **params)
    return await bot.send_document(document=file, **params)


def _markup(screen: Screen) -> InlineKeyboardMarkup | ForceReply | None:
    if screen.ask:
        return ForceReply(input_field_placeholder=screen.ask)
    if not screen.rows:
        return None
    return InlineKeyboardMarkup([[_key(button) for button in row] for row in screen.rows])


def _key(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        button.text,
        callback_data=button.data,
        url=button.url,
        copy_text=CopyTextButton(button.copy) if button.copy is not None else None,
    )
