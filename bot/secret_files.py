"""Files with recipients in them: in the private chat, protected, gone after some minutes.

A placeholder is sent; its id and the moment it must vanish are committed with what the file is
recorded as; only then the file is put in its place. So no crash leaves a file that stays.
"""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Literal, TypeVar

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto

from bot import sending
from bot.attached import content_of
from bot.house import House
from bot.screens.screen import Screen
from core.entities import Vanishing
from core.ports import Store

T = TypeVar("T")


class PrivateChatClosed(Exception):
    """The person never opened the private chat with the bot, or has blocked it."""


async def hold_place(
    house: House,
    bot: Bot,
    telegram_id: int,
    waiting: Screen,
    record: Callable[[Store], T],
    *,
    shows: Callable[[T], Sequence[int]] = lambda _: (),
) -> tuple[int, T]:
    """Send `waiting` to the private chat, then commit `record` and that the message will vanish.

    At once it will, when one of the orders that it `shows` changes or stops.

    Returns the message's id and what `record` gave; where it fails, the place is taken away again.
    Protected from forwarding as the operator says. Raises `PrivateChatClosed` and as `record`.
    """
    protected = Screen(waiting.text, protect=house.protect_recipients)
    try:
        place = (await sending.send(bot, telegram_id, protected)).message_id
    except TelegramForbiddenError:
        raise PrivateChatClosed from None

    def owe(store: Store) -> T:
        made = record(store)
        due_at = store.now + house.services.rules.vanish_after
        store.chats.vanish(
            Vanishing(
                bot_id=house.bot_id, chat_id=telegram_id, message_id=place, due_at=due_at
            ),
            shows(made),
        )  # fmt: skip
        return made

    async with AsyncExitStack() as failing:
        failing.push_async_callback(_drop, bot, telegram_id, place)
        made = await house.database.write(owe)
        failing.pop_all()
    return place, made


async def still_holds(house: House, telegram_id: int, place: int) -> bool:
    """Return whether what was to be shown there holds: no order of it has changed meanwhile."""
    where = house.bot_id, telegram_id, place
    return await house.database.read(lambda store: store.chats.still_shown(*where))


async def put_in_while_it_holds(
    house: House, bot: Bot, telegram_id: int, place: int, screen: Screen
) -> Literal["in", "deleted", "outdated"]:
    """As `put_in`; `outdated` where an order of it has changed while it was made or put in."""
    if not await still_holds(house, telegram_id, place):
        return "outdated"
    if not await put_in(bot, telegram_id, place, screen):
        return "deleted"
    if await still_holds(house, telegram_id, place):
        return "in"
    await _drop(bot, telegram_id, place)  # the sweeper came first, and found no file to take away
    return "outdated"


async def put_in(bot: Bot, telegram_id: int, place: int, screen: Screen) -> bool:
    """Put the screen's file in the held place; False when the person has deleted it meanwhile."""
    if screen.attachment is None:
        raise ValueError("there is no file to put in")
    file = BufferedInputFile(await content_of(screen.attachment), screen.attachment.name)
    kind = InputMediaPhoto if screen.attachment.picture else InputMediaDocument
    media = kind(media=file, caption=screen.text, parse_mode="HTML")
    try:
        await bot.edit_message_media(
            media, chat_id=telegram_id, message_id=place, reply_markup=sending.keyboard(screen)
        )
    except TelegramBadRequest as refusal:
        if "not found" in refusal.message:
            return False
        raise
    return True


async def _drop(bot: Bot, telegram_id: int, place: int) -> None:
    """Take the placeholder away: nothing was recorded, so nothing is shown."""
    with suppress(TelegramBadRequest):  # the person deleted it first
        await bot.delete_message(telegram_id, place)
