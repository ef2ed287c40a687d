"""Group privacy mode: which messages of a group a bot gets to see.

Source: Telegram, "Bot features", Privacy mode: commands meant for it (unaddressed ones when it is
the only bot or spoke last), replies to it, service messages; and here also mentions of it. Bots
that are administrators see everything.
"""

from typing import Any

from playground.messages import SERVICE, Message
from playground.people import BotAccount
from playground.world import World


def hears(world: World, bot: BotAccount, message: Message) -> bool:
    room = message.room
    if not room.group:
        return True
    if world.rooms.status(room.group, bot.id) in ("administrator", "creator"):
        return True
    if SERVICE in message.body or _answers(world, bot, message):
        return True
    text, entities = _text(message.body)
    units = text.encode("utf-16-le")
    for entity in entities:
        start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        piece = units[start:end].decode("utf-16-le").lower()
        if entity["type"] == "mention" and piece == f"@{bot.username.lower()}":
            return True
        if entity["type"] == "bot_command" and _meant_for(world, bot, message, piece):
            return True
    return False


def _text(body: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    if "text" in body:
        return body["text"], body.get("entities", [])
    return body.get("caption", ""), body.get("caption_entities", [])


def _answers(world: World, bot: BotAccount, message: Message) -> bool:
    if message.reply_to is None:
        return False
    original = world.messages.get(message.room, message.reply_to)
    return original is not None and original.sender == bot.id


def _meant_for(world: World, bot: BotAccount, message: Message, command: str) -> bool:
    _, at, name = command.partition("@")
    if at:
        return name == bot.username.lower()
    bots = world.rooms.bots_in(message.room)
    if len(bots) == 1:
        return True
    ids = {one.id for one in bots}
    spoken = [m.sender for m in world.messages.of(message.room) if m.sender in ids]
    return bool(spoken) and spoken[-1] == bot.id
