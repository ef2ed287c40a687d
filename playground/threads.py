"""Which topic a message goes to, and whether it may: closed ones take only administrators' words.

The refusals are Telegram's own. A message of the General topic carries no thread.
"""

from typing import Any

from playground.errors import PhoneError, bad_request
from playground.messages import Message
from playground.rooms import Room
from playground.world import World

ADMINS = ("administrator", "creator")
THREAD = ("message_thread_id", "is_topic_message")


def in_topic(topic: int | None) -> dict[str, Any]:
    """What a message of that topic carries."""
    return {"message_thread_id": topic, "is_topic_message": True} if topic else {}


def thread_for_bot(
    world: World, bot: int, room: Room, asked: int | None, reply_to: int | None
) -> dict[str, Any]:
    """Where a bot's message goes: the topic asked for, else that of the message replied to."""
    topic = asked or _thread_of(world.messages.get(room, reply_to) if reply_to else None)
    if topic is None:
        return {}
    found = world.rooms.topic(room.group, topic) if room.group else None
    if found is None:
        raise bad_request("message thread not found")
    if found["closed"] and world.rooms.status(room.group, bot) not in ADMINS:
        raise bad_request("TOPIC_CLOSED")
    return in_topic(topic)


def thread_for_person(
    world: World, person_id: int, room: Room, asked: int | None, reply_to: int | None
) -> dict[str, Any]:
    """As `thread_for_bot`, refused as a phone refuses."""
    topic = asked or _thread_of(world.messages.get(room, reply_to) if reply_to else None)
    if topic is None:
        return {}
    found = world.rooms.topic(room.group, topic) if room.group else None
    if found is None:
        raise PhoneError(f"there is no topic {topic} in this chat", 404)
    if found["closed"] and world.rooms.status(room.group, person_id) not in ADMINS:
        raise PhoneError("this topic is closed")
    return in_topic(topic)


def _thread_of(message: Message | None) -> int | None:
    return message.body.get("message_thread_id") if message is not None else None
