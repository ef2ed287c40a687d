"""A Telegram that answers at once: what is left is our own time, and aiogram's."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from itertools import count
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Chat, Message

TOKEN = "7000000001:BENCH-TOKEN-not-a-secret-0000000000000000000"
FIRST_SENT = 1_000_000  # messages of the bot; those of people have lower ids
WHEN = 1_767_225_600


class Instant(BaseSession):
    """Gives each call the result Telegram would, without a network."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0
        self._ids = count(FIRST_SENT)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's name
    ) -> TelegramType:
        """Answer: a message where one was sent or edited, else True."""
        self.calls += 1
        result: Any = True
        if isinstance(method, SendMessage):
            result = _message(int(method.chat_id), next(self._ids))
        elif isinstance(method, EditMessageText):
            result = _message(int(method.chat_id or 0), method.message_id or 0)
        return cast("TelegramType", result)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 - aiogram's name
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """Nobody downloads here."""
        raise NotImplementedError
        yield b""

    async def close(self) -> None:
        """There is nothing to close."""


def instant_bot() -> Bot:
    """Return a bot that talks to nobody."""
    return Bot(TOKEN, session=Instant())


def press(update_id: int, person: int, message_id: int, data: str) -> dict[str, Any]:
    """Return the update of a pressed button in a private chat."""
    chat = {"id": person, "type": "private", "first_name": "林"}
    bot = {"id": 7_000_000_001, "is_bot": True, "first_name": "代发"}
    return {
        "update_id": update_id,
        "callback_query": {
            "id": str(update_id), "from": _user(person), "chat_instance": "1", "data": data,
            "message": {
                "message_id": message_id, "date": WHEN, "chat": chat, "from": bot, "text": "…",
            },
        },
    }  # fmt: skip


def says(update_id: int, person: int, text: str, reply_to: int | None = None) -> dict[str, Any]:
    """Return the update of a typed message in a private chat, a reply where `reply_to` is given."""
    chat = {"id": person, "type": "private", "first_name": "王"}
    message: dict[str, Any] = {
        "message_id": update_id, "date": WHEN, "chat": chat, "from": _user(person), "text": text,
    }  # fmt: skip
    if reply_to is not None:
        message["reply_to_message"] = {
            "message_id": reply_to, "date": WHEN, "chat": chat, "text": "…",
        }  # fmt: skip
    return {"update_id": update_id, "message": message}


def _user(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "林", "language_code": "zh-hans"}


def _message(chat_id: int, message_id: int) -> Message:
    return Message(
        message_id=message_id,
        date=datetime.fromtimestamp(WHEN, UTC),
        chat=Chat(id=chat_id, type="private"),
    )
