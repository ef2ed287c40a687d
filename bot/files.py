"""Files in chats: fetched to a private place that is removed again, deleted from the chat."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest

from core.imports.incoming import TooLarge

# "Bots can download files of up to 20 MB in size": core.telegram.org/bots/api#getfile
LARGEST = 20 * 1024 * 1024


class FileGone(Exception):
    """Telegram no longer has the file."""


@asynccontextmanager
async def fetched(bot: Bot, file_id: str) -> AsyncIterator[Path]:
    """Fetch a file, chunk by chunk, into a directory only we can read; both go at the end.

    Raises `TooLarge` and `FileGone`.
    """
    try:
        file = await bot.get_file(file_id)
    except TelegramBadRequest as refusal:
        # Telegram tells these apart only in words.
        if "too big" in refusal.message:
            raise TooLarge(LARGEST) from refusal
        raise FileGone from refusal
    if file.file_path is None:
        raise FileGone
    with TemporaryDirectory(prefix="daifa-") as folder:
        path = Path(folder) / "file"
        await bot.download_file(file.file_path, path)
        yield path


async def delete_message(bot: Bot, chat_id: int, message_id: int) -> bool:
    """Delete a message; True when it is gone, whoever deleted it.

    Telegram lets a bot delete what others sent in a private chat for 48 hours.
    """
    try:
        return await bot.delete_message(chat_id, message_id)
    except TelegramBadRequest as refusal:
        return "not found" in refusal.message
