"""Answers a group could not take yet: Telegram lets a bot say about twenty things a minute there.

What was decided stands already; only its telling waits, in order, in its own time: the handler
ends, so a busy group holds up nobody else's updates. Kept in memory: after a restart the cards
show what stands.
"""

import asyncio
from typing import Final

import structlog
from aiogram.exceptions import AiogramError, TelegramRetryAfter

from bot.house import House, Say

log = structlog.stdlib.get_logger(__name__)

MOST: Final = 200  # answers that wait for one chat; more would only be read in ten minutes


def say_later(house: House, chat_id: int, seconds: float, say: Say) -> None:
    """Say it when the chat takes messages again, after what waits already."""
    waiting = house.late.get(chat_id)
    if waiting is None:
        waiting = house.late[chat_id] = asyncio.Queue(MOST)
        task = asyncio.create_task(_say_all(house, chat_id, seconds), name=f"late {chat_id}")
        house.saying.add(task)
        task.add_done_callback(house.saying.discard)
    try:
        waiting.put_nowait(say)
    except asyncio.QueueFull:
        log.warning("an answer was left out: its group is too busy")


async def _say_all(house: House, chat_id: int, seconds: float) -> None:
    waiting = house.late[chat_id]
    await asyncio.sleep(seconds)
    try:
        while not waiting.empty():
            await _say(waiting.get_nowait())
    finally:
        del house.late[chat_id]


async def _say(say: Say) -> None:
    while True:
        try:
            await say()
        except TelegramRetryAfter as refusal:
            await asyncio.sleep(refusal.retry_after)
        except AiogramError as error:
            log.warning("a late answer was not taken", error=type(error).__name__)
            return
        else:
            return
