"""A Telegram in memory: thousands of presses and messages a minute, and all that was answered.

It is no strict one: what Telegram takes is tried through the playground elsewhere. Here it counts
who is answered what.
"""

import html
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Chat, InlineKeyboardMarkup, Message, MessageId

from bot.dispatcher import routing
from bot.house import House
from playground.people import DEFAULT_BOT

TAG = re.compile(r"<[^>]+>")
BOT = {"id": DEFAULT_BOT.id, "is_bot": True, "first_name": "代发"}


class Line(NamedTuple):
    """One thing the bot did: where, in which words, over which buttons, with which files."""

    did: str
    chat_id: int
    text: str
    labels: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[object, ...]:
        """Return what a person reads of it."""
        return self.did, self.text, self.labels, self.files


class Wire(BaseSession):
    """aiogram's way out, which leads nowhere: it keeps what was said and answers as Telegram."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Line] = []
        self._ids = count(900_000)

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - the session's signature
    ) -> TelegramType:  # fmt: skip
        """Keep the call; answer it as if it had been done."""
        name, chat_id = type(method).__name__, int(getattr(method, "chat_id", 0) or 0)
        self.said.append(_line(name, chat_id, method))
        if name.startswith(("Send", "EditMessage")):
            edited = getattr(method, "message_id", None)
            chat = Chat(id=chat_id, type="private" if chat_id > 0 else "supergroup")
            message = Message(
                message_id=edited or next(self._ids), date=datetime.now(UTC), chat=chat, text="."
            )
            return cast("TelegramType", message.as_(bot))
        if name == "CopyMessage":
            return cast("TelegramType", MessageId(message_id=next(self._ids)))
        return cast("TelegramType", True)

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """No file is fetched here."""
        yield b""

    async def close(self) -> None:
        """There is nothing to close."""


def _line(name: str, chat_id: int, method: TelegramMethod[Any]) -> Line:
    text = getattr(method, "text", None) or getattr(method, "caption", None) or ""
    markup = getattr(method, "reply_markup", None)
    rows = markup.inline_keyboard if isinstance(markup, InlineKeyboardMarkup) else []
    keys = [one for row in rows for one in row]
    copied = [one.copy_text.text for one in keys if one.copy_text]
    files = [getattr(method, kind, None) for kind in ("document", "photo")]
    return Line(
        name, chat_id, html.unescape(TAG.sub("", text)),
        (*(one.text for one in keys), *copied, *(one.url for one in keys if one.url)),
        tuple(one.callback_data for one in keys if one.callback_data),
        tuple(one.filename or "" for one in files if one is not None),
    )  # fmt: skip


@dataclass
class Telephone:
    """Everybody's phone: what a person does is fed to the house, what it answers is returned.

    `first` is its first update's number: of two phones at one house, each needs its own.
    """

    house: House
    wire: Wire = field(default_factory=Wire)
    first: int = 1
    _messages: "count[int]" = field(default_factory=lambda: count(100_000))

    def __post_init__(self) -> None:
        self.bot = Bot(DEFAULT_BOT.token, session=self.wire)
        self._updates = count(self.first)

    async def presses(self, person: int, data: str, chat: int = 0, message: int = 1) -> list[Line]:
        """Press a button with this data, on any message of any chat."""
        return await self.feeds({
            "callback_query": {
                "id": str(next(self._messages)), "from": someone(person), "chat_instance": "1",
                "data": data,
                "message": {
                    "message_id": message, "date": 1, "chat": place(chat or person), "from": BOT,
                    "text": ".",
                },
            }
        })  # fmt: skip

    async def says(
        self, person: int, text: str, chat: int = 0, reply_to: int | None = None, **content: Any
    ) -> list[Line]:
        """Say something, or send `content` with it, perhaps in reply to a message of the bot."""
        where = place(chat or person)
        body = {
            "message_id": next(self._messages), "date": 1, "chat": where, "from": someone(person),
            **({"caption": text, **content} if content else {"text": text}),
        }  # fmt: skip
        if reply_to is not None:
            body["reply_to_message"] = {
                "message_id": reply_to,
                "date": 1,
                "chat": where,
                "from": BOT,
                "text": ".",
            }
        return await self.feeds({"message": body})

    async def feeds(self, body: dict[str, Any]) -> list[Line]:
        """Bring an update in; returns what was answered to whomever."""
        self.wire.said.clear()
        raw = {"update_id": next(self._updates), **body}
        await routing().feed_raw_update(self.bot, raw, house=self.house)
        return list(self.wire.said)


def someone(person: int) -> dict[str, Any]:
    """Return a person as updates name them."""
    return {"id": person, "is_bot": False, "first_name": "路人"}


def place(chat: int) -> dict[str, Any]:
    """Return a chat as updates name it: below nothing is a group."""
    if chat > 0:
        return {"id": chat, "type": "private", "first_name": "路人"}
    return {"id": chat, "type": "supergroup", "title": "发货群"}


def photo() -> dict[str, Any]:
    """Return what a photo adds to a message."""
    size = {"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9, "file_size": 9}
    return {"photo": [size]}


def file(name: str) -> dict[str, Any]:
    """Return what a file adds to a message."""
    return {"document": {"file_id": "d", "file_unique_id": "d", "file_name": name, "file_size": 9}}
