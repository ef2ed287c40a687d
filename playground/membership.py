"""Membership as the Bot API tells it: ChatMember and ChatMemberUpdated."""

from typing import Any

from playground.messages import user
from playground.people import BotAccount
from playground.rooms import Room
from playground.schema import fields
from playground.world import World


def chat_member(world: World, member: int, status: str) -> dict[str, Any]:
    """The ChatMember of that status."""
    found: dict[str, Any] = {"status": status, "user": user(world.rooms.someone(member))}
    if status == "creator":
        found["is_anonymous"] = False
    elif status == "kicked":
        found["until_date"] = 0
    elif status == "administrator":
        rights = fields("ChatMemberAdministrator")
        found.update(
            (name, name not in ("can_be_edited", "is_anonymous"))
            for name, facts in rights.items()
            if facts["required"] and facts["types"] == ["Boolean"]
        )
    return found


def tell_bot(
    world: World, bot: BotAccount, room: Room, by: int, *, old: str, new: str
) -> int | None:
    """`my_chat_member`: the bot's own standing in a chat changed."""
    body = {
        "chat": world.messages.chat(room),
        "from": user(world.rooms.someone(by)),
        "date": int(world.now()),
        "old_chat_member": chat_member(world, bot.id, old),
        "new_chat_member": chat_member(world, bot.id, new),
    }
    return world.updates.make(bot, "my_chat_member", room, body, world.now())
