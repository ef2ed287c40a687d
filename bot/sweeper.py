"""The sweeper: messages with a recipient in them are gone when their time is over.

Deleted; what cannot be deleted (after 48 hours, https://core.telegram.org/bots/api#deletemessage)
is edited empty. What could not be tried, for the network's sake, is tried at the next tick.

A recipient whose order changed or stopped goes at once: a sentence stands in its place for as long
as the recipient would have; a file is taken away, and the change's own message says why.
"""

import asyncio
from typing import Final, Literal

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)
from aiogram.types import BufferedInputFile, InputMediaDocument

from bot.house import House
from bot.screens.looking import outdated
from bot.texts import translator
from core.entities import Vanishing
from core.ports import Store

log = structlog.stdlib.get_logger(__name__)

AT_ONCE: Final = 100
# Telegram tells these apart only in words.
Outcome = Literal["gone", "told", "later"]
_GONE: Final = ("not found", "message_id_invalid", "is not modified")


class Sweeper:
    """Removes what must vanish."""

    def __init__(self, house: House, bot: Bot) -> None:
        self._house = house
        self._bot = bot

    async def sweep(self) -> None:
        """Remove the messages whose time is over, at most `AT_ONCE` of them."""
        due = await self._house.database.read(self._due)
        if not due:
            return
        ends = await asyncio.gather(*(self._end(row, lang) for row, lang in due))
        done = [(row, end) for (row, _), end in zip(due, ends, strict=True) if end != "later"]

        def settle(store: Store) -> None:
            until = store.now + self._house.services.rules.vanish_after
            for row, end in done:
                if end == "gone":
                    store.chats.vanished(row)
                else:
                    store.chats.told_outdated(row, until)

        if done:
            await self._house.database.write(settle)

    def _due(self, store: Store) -> list[tuple[Vanishing, str | None]]:
        """Return the messages, each with the language of its chat."""
        found = []
        for row in store.chats.vanishing(self._house.bot_id, AT_ONCE):
            account = store.accounts.by_telegram(row.chat_id)
            found.append((row, account.lang if account else None))
        return found

    async def _end(self, row: Vanishing, lang: str | None) -> Outcome:
        if row.state == "outdated":
            said = await self._say_outdated(row, lang)
            if said is not None:
                return said
        return "gone" if await self._remove(row, lang) else "later"

    async def _say_outdated(self, row: Vanishing, lang: str | None) -> Outcome | None:
        """Put the sentence in a recipient's place; None where it cannot stand there: a file."""
        screen = outdated(translator(lang or self._house.default_lang))
        try:
            await self._bot.edit_message_text(
                text=screen.text, chat_id=row.chat_id, message_id=row.message_id, parse_mode="HTML"
            )
        except TelegramBadRequest as refusal:
            return "told" if "is not modified" in refusal.message.lower() else None
        except (TelegramForbiddenError, TelegramMigrateToChat):
            return None
        except AiogramError as error:
            log.warning("a message is still to be taken back", error=type(error).__name__)
            return "later"
        return "told"

    async def _remove(self, row: Vanishing, lang: str | None) -> bool:
        """Return whether the message is gone; False is tried again."""
        try:
            await self._bot.delete_message(row.chat_id, row.message_id)
        except (TelegramForbiddenError, TelegramMigrateToChat):
            return True  # the chat itself is out of reach for ever
        except TelegramBadRequest as refusal:
            return _says_gone(refusal) or await self._empty(row, lang)
        except AiogramError as error:
            log.warning("a message is still to vanish", error=type(error).__name__)
            return False
        return True

    async def _empty(self, row: Vanishing, lang: str | None) -> bool:
        t = translator(lang or self._house.default_lang)
        text = t("This message has expired.")
        try:
            await self._bot.edit_message_text(
                text=text, chat_id=row.chat_id, message_id=row.message_id
            )
        except TelegramBadRequest as refusal:
            if "no text in the message" in refusal.message:
                return await self._empty_file(row, text)
            if not _says_gone(refusal):
                log.error("a message could not be made to vanish", message=row.message_id)
        except AiogramError as error:
            log.warning("a message is still to vanish", error=type(error).__name__)
            return False
        return True

    async def _empty_file(self, row: Vanishing, text: str) -> bool:
        """Put a file that only says so in the place of one that cannot be deleted."""
        expired = BufferedInputFile(text.encode(), "expired.txt")
        try:
            await self._bot.edit_message_media(
                InputMediaDocument(media=expired), chat_id=row.chat_id, message_id=row.message_id
            )
        except AiogramError as error:
            log.error("a file could not be made to vanish", error=type(error).__name__)
            return isinstance(error, TelegramBadRequest)
        return True


def _says_gone(refusal: TelegramBadRequest) -> bool:
    return any(words in refusal.message.lower() for words in _GONE)
