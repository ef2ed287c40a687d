"""Finding the chat a bot means, and the methods about chats and their members."""

from typing import Any

from playground.errors import bad_request, forbidden
from playground.groups import leave
from playground.membership import chat_member
from playground.methods import Call, method
from playground.rooms import Room
from playground.schema import fields

ACTIONS = frozenset(
    (
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    )
)


def room_of(call: Call, chat_id: int | str, *, write: bool = True) -> Room:
    """The room; raises `ApiError` for chats the bot does not know or may not write to."""
    if isinstance(chat_id, str):
        raise bad_request(
            "chat not found"
        )  # public names belong to channels, of which we have none
    if chat_id < 0:
        return _group(call, chat_id)
    rooms = call.world.rooms
    if rooms.bot(chat_id):
        raise forbidden("bots can't send messages to bots")
    if rooms.person(chat_id) is None:
        raise bad_request("chat not found")
    room = Room(bot=call.bot.id, person=chat_id)
    blocked = rooms.blocked(room)
    if blocked is None:
        raise forbidden("bot can't initiate conversation with a user")
    if blocked and write:
        raise forbidden("bot was blocked by the user")
    return room


def _group(call: Call, chat_id: int) -> Room:
    rooms = call.world.rooms
    group = rooms.group(chat_id)
    if group is None:
        raise bad_request("chat not found")
    if group.migrated_to is not None:
        raise bad_request(
            "group chat was upgraded to a supergroup chat", migrate_to_chat_id=group.migrated_to
        )
    status = rooms.status(chat_id, call.bot.id)
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {group.type} chat")
    if status == "left":
        raise forbidden(f"bot is not a member of the {group.type} chat")
    return Room(group=chat_id)


@method("getChat")
def get_chat(call: Call) -> Any:
    room = room_of(call, call.params["chat_id"], write=False)
    gifts = dict.fromkeys(fields("AcceptedGiftTypes"), True)
    return {
        **call.world.messages.chat(room),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
    }


@method("getChatMember")
def get_chat_member(call: Call) -> Any:
    room = room_of(call, call.params["chat_id"], write=False)
    user_id = call.params["user_id"]
    world = call.world
    if world.rooms.someone(user_id) is None:
        raise bad_request("user not found")
    if not room.group:
        if user_id not in (room.person, room.bot):
            raise bad_request("member not found")
        return chat_member(world, user_id, "member")
    return chat_member(world, user_id, world.rooms.status(room.group, user_id))


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> Any:
    room = room_of(call, call.params["chat_id"], write=False)
    if not room.group:
        raise bad_request("there are no administrators in the private chat")
    return [
        chat_member(call.world, member, status)
        for member, status in call.world.rooms.members(room.group).items()
        if status in ("creator", "administrator")
    ]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> Any:
    room = room_of(call, call.params["chat_id"], write=False)
    return len(call.world.rooms.members(room.group)) if room.group else 2


@method("leaveChat")
def leave_chat(call: Call) -> Any:
    room = room_of(call, call.params["chat_id"], write=False)
    if not room.group:
        raise bad_request("chat member status can't be changed in private chats")
    leave(call.world, room, call.bot.id, call.bot.id)
    return True


@method("sendChatAction")
def send_chat_action(call: Call) -> Any:
    if call.params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.type_in(room_of(call, call.params["chat_id"]))
    return True
