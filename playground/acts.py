"""What a person does on their phone, and what the bots in the room are told of it."""

import json
import re
from dataclasses import dataclass
from typing import Any

from playground.entities import find, trim, utf16_length
from playground.errors import PhoneError
from playground.files import File
from playground.membership import tell_bot
from playground.messages import Message, user
from playground.people import ANONYMOUS_ADMIN, BotAccount, Person
from playground.privacy import hears
from playground.rooms import Room
from playground.threads import ADMINS, THREAD, thread_for_person
from playground.world import World

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
FIRST_CALLBACK = 4_000_000_000_000_000
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Done:
    """One act: its message, the updates bots got for it, the last event up to it."""

    message: Message
    update_ids: tuple[int, ...]
    seq: int = 0


def someone(world: World, person_id: int) -> Person:
    person = world.rooms.person(person_id)
    if person is None:
        raise PhoneError(f"there is no person {person_id}", 404)
    return person


def message_in(world: World, room: Room, message_id: int) -> Message:
    message = world.messages.get(room, message_id)
    if message is None:
        raise PhoneError(f"there is no message {message_id} in this chat", 404)
    return message


def enter(world: World, person_id: int, chat_id: int) -> Room:
    """The room, entered: the first word to a bot starts it; a blocked bot must be unblocked."""
    someone(world, person_id)
    room = world.rooms.room_of_phone(person_id, chat_id)
    if not room.group:
        blocked = world.rooms.blocked(room)
        if blocked:
            raise PhoneError("you have blocked this bot: unblock or open it first")
        if blocked is None:
            world.rooms.start(room)
    return room


def send(
    world: World,
    person_id: int,
    chat_id: int,
    text: str,
    reply_to: int | None = None,
    *,
    topic: int | None = None,
    anonymous: bool = False,
) -> list[Done]:
    """A text; longer than 4096 it becomes several messages, as the apps do.

    `anonymous`: as an administrator who remains anonymous, in the group's own name.
    """
    room = enter(world, person_id, chat_id)
    if reply_to is not None:
        message_in(world, room, reply_to)
    more = thread_for_person(world, person_id, room, topic, reply_to)
    sender = person_id
    if anonymous:
        if world.rooms.status(room.group, person_id) not in ADMINS:
            raise PhoneError("only an administrator of a group remains anonymous")
        sender, more["sender_chat"] = ANONYMOUS_ADMIN.id, world.messages.chat(room)
    pieces = _split(text)
    if not pieces:
        raise PhoneError("an empty message can't be sent")
    return [_post(world, room, sender, text_body(p) | more, reply_to) for p in pieces]


def text_body(text: str) -> dict[str, Any]:
    entities = find(text, [])
    return {"text": text, **({"entities": entities} if entities else {})}


def _split(text: str) -> list[str]:
    pieces = []
    rest, _ = trim(text, [])
    while rest:
        end = len(rest)
        if utf16_length(rest) > TEXT_LIMIT:
            end = TEXT_LIMIT
            while utf16_length(rest[:end]) > TEXT_LIMIT:
                end -= 1
            line = rest.rfind("\n", 1, end)
            end = line if line > 0 else end
        piece, rest = rest[:end].strip(), rest[end:].strip()
        pieces.append(piece)
    return pieces


def upload(
    world: World,
    person_id: int,
    chat_id: int,
    file: File,
    *,
    caption: str = "",
    reply_to: int | None = None,
    topic: int | None = None,
    album: str | None = None,
) -> Done:
    """A document or photo; those of one album carry the same `media_group_id`."""
    room = enter(world, person_id, chat_id)
    if reply_to is not None:
        message_in(world, room, reply_to)
    thread = thread_for_person(world, person_id, room, topic, reply_to)
    photo = file.kind == "photo"
    body: dict[str, Any] = {"photo": file.as_photo()} if photo else {"document": file.as_document()}
    if album is not None:
        body["media_group_id"] = album
    text, _ = trim(caption, [])
    if utf16_length(text) > CAPTION_LIMIT:
        raise PhoneError(f"a caption has at most {CAPTION_LIMIT} characters")
    if text:
        body["caption"] = text
        if entities := find(text, []):
            body["caption_entities"] = entities
    return _post(world, room, person_id, body | thread, reply_to)


def _post(
    world: World, room: Room, sender: int, body: dict[str, Any], reply_to: int | None
) -> Done:
    message = world.say(room, sender, body, reply_to)
    return Done(message, tell(world, message, "message"), world.events.last)


def tell(world: World, message: Message, kind: str) -> tuple[int, ...]:
    """Owe the message to every bot of the room that hears it."""
    made = []
    for bot in world.rooms.bots_in(message.room):
        if bot.id != message.sender and hears(world, bot, message):
            body = world.messages.for_bot(message)
            made.append(world.updates.make(bot, kind, message.room, body, world.now()))
    return tuple(number for number in made if number is not None)


def edit(world: World, person_id: int, chat_id: int, message_id: int, text: str) -> Done:
    room = enter(world, person_id, chat_id)
    message = message_in(world, room, message_id)
    if message.sender != person_id or "text" not in message.body:
        raise PhoneError("only one's own text can be edited")
    clean, _ = trim(text, [])
    if not clean or utf16_length(clean) > TEXT_LIMIT:
        raise PhoneError(f"a message has 1 to {TEXT_LIMIT} characters")
    kept = {name: message.body[name] for name in THREAD if name in message.body}
    changed = world.messages.change(message, kept | text_body(clean), int(world.now()))
    world.show("edited", changed)
    return Done(changed, tell(world, changed, "edited_message"), world.events.last)


def delete(world: World, person_id: int, chat_id: int, message_id: int) -> None:
    """In a private chat anything, for both sides; in a group one's own. No bot is told."""
    someone(world, person_id)
    room = world.rooms.room_of_phone(person_id, chat_id)
    message = message_in(world, room, message_id)
    if room.group and message.sender != person_id:
        raise PhoneError("only one's own messages can be deleted in a group")
    world.erase(message)


def open_bot(world: World, person_id: int, username: str, start: str | None) -> Done:
    """Press START, or open t.me/<bot>?start=<payload>: unblocks, and sends /start."""
    someone(world, person_id)
    if start is not None and not _PAYLOAD.fullmatch(start):
        raise PhoneError("a deep link's payload is 1 to 64 of A-Z a-z 0-9 _ -")
    bot = bot_named(world, username)
    room = Room(bot=bot.id, person=person_id)
    if world.rooms.blocked(room):
        block(world, person_id, username, blocked=False)
    return send(world, person_id, bot.id, f"/start {start}" if start else "/start")[0]


def bot_named(world: World, username: str) -> BotAccount:
    bot = world.rooms.bot_named(username)
    if bot is None:
        raise PhoneError(f"there is no bot {username}", 404)
    return bot


def block(world: World, person_id: int, username: str, *, blocked: bool) -> int | None:
    """The update id of the bot's `my_chat_member`; None when nothing changed."""
    someone(world, person_id)
    bot = bot_named(world, username)
    room = Room(bot=bot.id, person=person_id)
    if bool(world.rooms.blocked(room)) == blocked:
        return None
    world.rooms.block(room, blocked=blocked)
    world.events.add("chat", [person_id], bot.id)
    old, new = ("member", "kicked") if blocked else ("kicked", "member")
    return tell_bot(world, bot, room, person_id, old=old, new=new)


def press(
    world: World, person_id: int, room: Room, message_id: int, data: str
) -> tuple[int | None, int]:
    """A callback query from that person: its update id, and the query's id."""
    message = world.messages.get(room, message_id)
    bots = world.rooms.bots_in(room)
    bot = world.rooms.bot(message.sender) if message else (bots[0] if bots else None)
    if bot is None:
        raise PhoneError("only a bot's message has buttons")
    query_id = FIRST_CALLBACK + world.database.next("callbacks")
    world.database.run("INSERT INTO callbacks VALUES(?, ?, ?, NULL)", query_id, bot.id, world.now())
    body: dict[str, Any] = {
        "id": str(query_id),
        "from": user(world.rooms.person(person_id)),
        "chat_instance": str(abs(hash_of(room.key))),
        "data": data,
        "message": (
            world.messages.for_bot(message)
            if message
            else {"chat": world.messages.chat(room), "message_id": message_id, "date": 0}
        ),
    }
    return world.updates.make(bot, "callback_query", room, body, world.now()), query_id


def hash_of(key: str) -> int:
    """The same number for the same room in every run."""
    return int.from_bytes(key.encode().ljust(8, b"\0")[:8], "big")


def answer_to(world: World, query_id: int) -> dict[str, Any] | None:
    row = world.database.row("SELECT answer FROM callbacks WHERE id = ?", query_id)
    if row is None or row["answer"] is None:
        return None
    answer: dict[str, Any] = json.loads(row["answer"])
    return answer
