"""Forum topics: made, closed, reopened and deleted by people.

A topic's id is the id of the service message that made it. Source:
https://core.telegram.org/bots/api#message (`message_thread_id`, `is_topic_message`).
"""

from playground.errors import PhoneError
from playground.groups import chat_changed, room_of_group, service
from playground.threads import in_topic
from playground.world import World

_COLOUR = 7322096


def make(world: World, chat_id: int, name: str, by: int) -> int:
    """A new topic's id; a group without topics becomes a forum, which a basic group can't."""
    room = room_of_group(world, chat_id)
    group = world.rooms.group(chat_id)
    if group is None or group.type != "supergroup":
        raise PhoneError("only a supergroup has topics")
    if not name.strip():
        raise PhoneError("a topic needs a name")
    world.rooms.make_forum(chat_id)
    body = {
        "forum_topic_created": {"name": name.strip(), "icon_color": _COLOUR},
        "is_topic_message": True,
    }
    made = service(world, room, by, f"创建了话题「{name.strip()}」", body, threaded=True)
    world.rooms.put_topic(chat_id, made.id, name.strip())
    chat_changed(world, room)
    return made.id


def close(world: World, chat_id: int, topic: int, by: int, *, closed: bool) -> None:
    room = room_of_group(world, chat_id)
    if world.rooms.topic(chat_id, topic) is None:
        raise PhoneError(f"there is no topic {topic}", 404)
    world.rooms.close_topic(chat_id, topic, closed=closed)
    chat_changed(world, room)
    kind, sentence = (
        ("forum_topic_closed", "关闭了话题")
        if closed
        else ("forum_topic_reopened", "重新打开了话题")
    )
    service(world, room, by, sentence, {kind: {}, **in_topic(topic)})


def delete(world: World, chat_id: int, topic: int) -> None:
    """The topic with everything in it; no bot is told."""
    room = room_of_group(world, chat_id)
    if world.rooms.topic(chat_id, topic) is None:
        raise PhoneError(f"there is no topic {topic}", 404)
    world.rooms.drop_topic(chat_id, topic)
    chat_changed(world, room)
    for message in world.messages.of(room):
        if message.body.get("message_thread_id") == topic:
            world.erase(message)
