"""A secret shown once: in private, in a message that is sure to vanish.

The message's id is committed with what the secret opens before the secret is in it. Should the
house stop right then, nobody has seen the secret: it is made anew.
"""

from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from typing import TypeVar

from aiogram.exceptions import TelegramBadRequest

from bot import sending
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.entities import Vanishing
from core.ports import Store

T = TypeVar("T")


async def reveal(
    turn: Turn, about: CardRef, waiting: Screen, work: Callable[[Store], T],
    shown: Callable[[T, datetime], Screen], *, hush: bool = False,
) -> None:  # fmt: skip
    """Run the one use case of this update and show what it made, this once, in private.

    `waiting` holds the place; `shown` gets what was made and when it vanishes.
    """
    place = (await sending.send(turn.bot, turn.telegram_id, waiting)).message_id

    def owed(store: Store) -> tuple[T, datetime]:
        made, due_at = work(store), store.now + turn.services.rules.vanish_after
        gone = Vanishing(
            bot_id=turn.house.bot_id, chat_id=turn.telegram_id, message_id=place, due_at=due_at
        )
        store.chats.vanish(gone)
        return made, due_at

    async with AsyncExitStack() as failing:
        failing.push_async_callback(_drop, turn, place)
        made, due_at = await turn.write(owed, about, hush=hush)
        failing.pop_all()
    await sending.edit(turn.bot, turn.telegram_id, place, shown(made, due_at))


async def _drop(turn: Turn, place: int) -> None:
    """Take the placeholder away: nothing was made."""
    with suppress(TelegramBadRequest):  # the person deleted it first
        await turn.bot.delete_message(turn.telegram_id, place)
