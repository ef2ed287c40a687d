"""What a flooder is told: once why nothing happens; after that, only that a button stops spinning.

It goes out beside the inbox, a few at a time: answering what was dropped must not cost what
dropping it saves.
"""

import asyncio
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.flood import CALM
from bot.house import House
from bot.screens.screen import Screen
from bot.sending import send
from bot.texts import Translator, translator

log = structlog.stdlib.get_logger(__name__)

AT_ONCE: Final = 5  # answers to dropped presses that may be on their way


class Calming:
    """Called with each dropped update, and whether it is the first of them."""

    def __init__(self, house: House, bot: Bot) -> None:
        self._house, self._bot = house, bot
        self._answering = 0

    def __call__(self, raw: dict[str, Any], *, first: bool) -> None:
        """Say it, where there is something to say and room for it; returns at once."""
        if not first and ("callback_query" not in raw or self._answering >= AT_ONCE):
            return
        self._answering += 1
        task = asyncio.create_task(self._say(raw, first=first), name="calming")
        self._house.saying.add(task)
        task.add_done_callback(self._said)

    def _said(self, task: asyncio.Task[None]) -> None:
        self._answering -= 1
        self._house.saying.discard(task)

    async def _say(self, raw: dict[str, Any], *, first: bool) -> None:
        try:
            if pressed := raw.get("callback_query"):
                text = _words(await self._speaks(pressed["from"]["id"])) if first else None
                await self._bot.answer_callback_query(
                    pressed["id"], text=text, show_alert=True if first else None
                )
            elif message := raw.get("message"):
                t = await self._speaks(message["from"]["id"])
                chat, thread = message["chat"]["id"], message.get("message_thread_id")
                topic = thread if message.get("is_topic_message") else None
                await send(self._bot, chat, Screen(_words(t)), thread_id=topic)
        except AiogramError as error:
            log.warning("a flooder could not be told", error=type(error).__name__)

    async def _speaks(self, person: int) -> Translator:
        account = await self._house.database.read(lambda store: store.accounts.by_telegram(person))
        return translator((account.lang if account else None) or self._house.default_lang)


def _words(t: Translator) -> Any:
    return t(
        "You are sending too fast. What has no answer was not taken, and nothing of it is half "
        "done. Wait {n} seconds, then send it again.",
        n=int(CALM),
    )
