"""Groups made and changed by people, and what the bots in them are told."""

from typing import Any

from playground.acts import someone, tell, text_body
from playground.errors import PhoneError
from playground.membership import tell_bot
from playground.messages import SERVICE, Message, user
from playground.people import LINKED_CHANNEL
from playground.rooms import Group, Room
from playground.world import World

LINKED = -1_003_000_000_000


def create(
    world: World, title: str, creator: int, members: list[int], *, supergroup: bool = False
) -> Group:
    someone(world, creator)
    if not title.strip():
        raise PhoneError("a group needs a title")
    for member in members:
        _known(world, member)
    group = world.rooms.add_group(title.strip(), supergroup=supergroup)
    world.rooms.set_status(group.id, creator, "creator")
    for member in members:
        if member != creator:
            world.rooms.set_status(group.id, member, "member")
    room = Room(group=group.id)
    chat_changed(world, room)
    for bot in world.rooms.bots_in(room):
        tell_bot(world, bot, room, creator, old="left", new="member")
    made = "supergroup_chat_created" if supergroup else "group_chat_created"
    service(world, room, creator, "创建了群组", {made: True})
    return group


def change_members(world: World, chat_id: int, by: int, add: list[int], remove: list[int]) -> None:
    """Whoever is in the group may add and remove, except its creator."""
    room = room_of_group(world, chat_id)
    if by not in world.rooms.members(chat_id):
        raise PhoneError(f"{by} is not in group {chat_id}")
    for member in add:
        _add(world, room, by, member)
    for member in remove:
        leave(world, room, by, member)


def _add(world: World, room: Room, by: int, member: int) -> None:
    _known(world, member)
    old = world.rooms.status(room.group, member)
    if old not in ("left", "kicked"):
        return
    world.rooms.set_status(room.group, member, "member")
    chat_changed(world, room)
    bot = world.rooms.bot(member)
    if bot is not None:
        tell_bot(world, bot, room, by, old=old, new="member")
    newcomer = user(world.rooms.someone(member))
    service(
        world, room, by, f"{newcomer['first_name']} 加入了群组", {"new_chat_members": [newcomer]}
    )


def leave(world: World, room: Room, by: int, member: int) -> None:
    """`member` leaves (when it is `by`) or is removed."""
    old = world.rooms.status(room.group, member)
    if old in ("left", "kicked"):
        return
    if old == "creator" and by != member:
        raise PhoneError("the creator can't be removed")
    gone = user(world.rooms.someone(member))
    body = {"left_chat_member": gone}
    service(world, room, by, f"{gone['first_name']} 离开了群组", body)
    new = "left" if by == member else "kicked"
    world.rooms.set_status(room.group, member, new)
    chat_changed(world, room, also=member)
    bot = world.rooms.bot(member)
    if bot is not None:
        tell_bot(world, bot, room, by, old=old, new=new)


def promote(world: World, chat_id: int, member: int, *, admin: bool) -> None:
    """Make a member an administrator, or an administrator a member."""
    room = room_of_group(world, chat_id)
    old = world.rooms.status(chat_id, member)
    new = "administrator" if admin else "member"
    if old not in ("member", "administrator") or old == new:
        return
    world.rooms.set_status(chat_id, member, new)
    chat_changed(world, room)
    bot = world.rooms.bot(member)
    if bot is not None:
        creator = next(
            who for who, status in world.rooms.members(chat_id).items() if status == "creator"
        )
        tell_bot(world, bot, room, creator, old=old, new=new)


def to_supergroup(world: World, chat_id: int) -> Group:
    """Telegram's migration: a new id, told by a service message on either side."""
    old = world.rooms.group(chat_id)
    if old is None or old.type != "group" or old.migrated_to is not None:
        raise PhoneError(f"there is no basic group {chat_id}", 404)
    sender = next(iter(world.rooms.members(chat_id)))
    new = world.rooms.migrate(old)
    service(world, Room(group=old.id), sender, "升级为超级群组", {"migrate_to_chat_id": new.id})
    service(world, Room(group=new.id), sender, "由普通群组升级", {"migrate_from_chat_id": old.id})
    chat_changed(world, Room(group=new.id))
    return new


def room_of_group(world: World, chat_id: int) -> Room:
    group = world.rooms.group(chat_id)
    if group is None:
        raise PhoneError(f"there is no group {chat_id}", 404)
    if group.migrated_to is not None:
        raise PhoneError(f"group {chat_id} has become supergroup {group.migrated_to}")
    return Room(group=chat_id)


def _known(world: World, member: int) -> None:
    if world.rooms.someone(member) is None:
        raise PhoneError(f"there is nobody {member}", 404)


def chat_changed(world: World, room: Room, also: int = 0) -> None:
    people = world.rooms.people_in(room)
    if world.rooms.person(also) is not None:
        people.append(also)
    world.events.add("chat", people, room.group)


def channel_post(world: World, chat_id: int, title: str, text: str) -> Message:
    """A post of the group's linked channel, passed on into it by Telegram."""
    room = room_of_group(world, chat_id)
    channel = {"id": LINKED - chat_id, "type": "channel", "title": title}
    origin = {"type": "channel", "chat": channel, "date": int(world.now()), "message_id": 1}
    body = {"sender_chat": channel, "is_automatic_forward": True, "forward_origin": origin}
    message = world.say(room, LINKED_CHANNEL.id, {**text_body(text), **body})
    tell(world, message, "message")
    return message


def service(
    world: World,
    room: Room,
    sender: int,
    sentence: str,
    body: dict[str, Any],
    *,
    threaded: bool = False,
) -> Message:
    """A service message; `threaded`, it is the first of a topic that bears its id."""
    message = world.say(room, sender, {SERVICE: sentence, **body})
    if threaded:
        first = {**message.body, "message_thread_id": message.id}
        message = world.messages.change(message, first, None)
    tell(world, message, "message")
    return message
