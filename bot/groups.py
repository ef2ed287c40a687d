"""What a group's updates say about the group itself: the bot is out, it moved, nobody wrote.

Seen before anybody's turn: they concern every shop whose alerts go there, whoever caused them.
All of it may come twice. Sources: https://core.telegram.org/bots/api#message (`sender_chat`,
`migrate_to_chat_id`) and #chatmemberupdated.
"""

import time
from typing import Final

from aiogram import Bot
from aiogram.types import ChatMemberRestricted, ChatMemberUpdated, Message, Update

from bot import sending
from bot.commands import read_command
from bot.house import House
from bot.screens import here as screens
from bot.texts import translator
from core.people.gathering import follow, is_group
from core.people.reaching import group_lost

HINT_EVERY: Final = 3600.0  # seconds between two hints to one chat
HINTED: Final = 1_000  # chats whose last hint is remembered


async def about_group(house: House, bot: Bot, update: Update) -> bool:
    """Do what the update says about its group; True when it says nothing else."""
    event, message = update.my_chat_member, update.message
    if event is not None and is_group(event.chat.id):
        if _silenced(event):
            await house.database.write(lambda store: group_lost(store, event.chat.id))
            house.owed.set()
        return True
    if message is None:
        return False
    if message.migrate_to_chat_id is not None:
        old, new = message.chat.id, message.migrate_to_chat_id
        await house.database.write(lambda store: follow(store, old, new))
        house.owed.set()
        return True
    if message.sender_chat is not None:
        await _hint(house, bot, message)
        return True
    return False


def thread_of(message: object) -> int | None:
    """Return the topic a message is in; a reply's own thread in a plain group is none."""
    if isinstance(message, Message) and message.is_topic_message:
        return message.message_thread_id
    return None


def _silenced(event: ChatMemberUpdated) -> bool:
    now = event.new_chat_member
    if isinstance(now, ChatMemberRestricted):
        return not now.can_send_messages
    return now.status in ("kicked", "left")


async def _hint(house: House, bot: Bot, message: Message) -> None:
    """Say why a message of an anonymous admin or a channel does nothing: at times, if asked."""
    if not _addressed(house, message) or not _due(house, message.chat.id):
        return
    assert message.sender_chat is not None  # noqa: S101 - the caller looked
    t = translator(house.default_lang)
    screen = screens.nobody(t, channel=message.sender_chat.id != message.chat.id)
    await sending.send(bot, message.chat.id, screen, message.message_id, thread_of(message))


def _addressed(house: House, message: Message) -> bool:
    text, original = message.text or message.caption or "", message.reply_to_message
    if original is not None and original.from_user and original.from_user.id == house.bot_id:
        return True
    return text.startswith("/") and read_command(text, house.username) is not None


def _due(house: House, chat_id: int) -> bool:
    now = time.monotonic()
    if now - house.hinted.get(chat_id, -HINT_EVERY) < HINT_EVERY:
        return False
    house.hinted[chat_id] = now
    house.hinted.move_to_end(chat_id)
    if len(house.hinted) > HINTED:
        house.hinted.popitem(last=False)
    return True
