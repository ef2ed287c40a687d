"""Methods by which a bot speaks: text, photos, documents, albums."""

from typing import Any

from playground.errors import bad_request
from playground.files import File
from playground.messages import KEYBOARD, Message
from playground.methods import Call, method
from playground.methods.chats import room_of
from playground.methods.content import caption_body, inline_keyboard, text_body
from playground.rooms import Room
from playground.threads import thread_for_bot

# In the field tables, but about things the playground has not (channels, business accounts).
_NOT_HERE = ("business_connection_id", "direct_messages_topic_id", "suggested_post_parameters")


@method("sendMessage")
def send_message(call: Call) -> Any:
    return _sent(call, text_body(call))


@method("sendPhoto")
def send_photo(call: Call) -> Any:
    room_of(call, call.params["chat_id"])
    file = input_file(call, call.params["photo"], "photo")
    return _sent(call, photo_body(call, file, call.params))


@method("sendDocument")
def send_document(call: Call) -> Any:
    room_of(call, call.params["chat_id"])
    file = input_file(call, call.params["document"], "document")
    return _sent(call, {"document": file.as_document(), **caption_body(call, call.params)})


@method("sendMediaGroup")
def send_media_group(call: Call) -> Any:
    room = room_of(call, call.params["chat_id"])
    media = call.params["media"]
    if not 2 <= len(media) <= 10:
        raise bad_request("there must be 2-10 items in an album")
    if len({item["type"] == "photo" for item in media}) > 1:
        raise bad_request("Can't use the media of the specified type in the album")
    reply_to = _reply_to(call, room)
    thread = _thread(call, room, reply_to)
    album = str(call.world.database.next("albums"))
    sent = []
    for item in media:
        body = {**media_body(call, item), "media_group_id": album, **_options(call), **thread}
        sent.append(call.world.say(room, call.bot.id, body, reply_to))
    return [call.world.messages.for_bot(message) for message in sent]


def photo_body(call: Call, file: File, source: dict[str, Any]) -> dict[str, Any]:
    body = {"photo": file.as_photo(), **caption_body(call, source)}
    if source.get("has_spoiler"):
        body["has_media_spoiler"] = True
    if source.get("show_caption_above_media"):
        body["show_caption_above_media"] = True
    return body


def media_body(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    """One InputMedia as a message's content."""
    if item["type"] == "photo":
        return photo_body(call, input_file(call, item["media"], "photo"), item)
    if item["type"] == "document":
        file = input_file(call, item["media"], "document")
        return {"document": file.as_document(), **caption_body(call, item)}
    raise bad_request(f'media of type "{item["type"]}" is not in the playground')


def input_file(call: Call, value: str, kind: str) -> File:
    """A file named by attach://, or by the id of one sent before."""
    if value.startswith("attach://"):
        upload = call.uploads.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return call.world.files.keep(upload.data, upload.name, upload.mime, kind)
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")  # the playground fetches nothing
    file = call.world.files.get(value)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
    return file


def _sent(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    world = call.world
    room = room_of(call, call.params["chat_id"])
    reply_to = _reply_to(call, room)
    body.update(_thread(call, room, reply_to))
    body.update(_markup(call.get("reply_markup")))
    body.update(_options(call))
    message: Message = world.say(room, call.bot.id, body, reply_to)
    return world.messages.for_bot(message)


def _thread(call: Call, room: Room, reply_to: int | None) -> dict[str, Any]:
    return thread_for_bot(call.world, call.bot.id, room, call.get("message_thread_id"), reply_to)


def _options(call: Call) -> dict[str, Any]:
    for name in _NOT_HERE:
        if name in call.params:
            raise bad_request(f"{name} is not in the playground")
    found: dict[str, Any] = {}
    if call.get("protect_content"):
        found["has_protected_content"] = True
    if call.get("message_effect_id"):
        found["effect_id"] = call.get("message_effect_id")
    return found


def _markup(markup: dict[str, Any] | None) -> dict[str, Any]:
    if not markup:
        return {}
    if "inline_keyboard" in markup:
        keyboard = inline_keyboard(markup)
        return {"reply_markup": keyboard} if keyboard else {}
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= 64:
        raise bad_request("reply markup input field placeholder is too long")
    return {KEYBOARD: markup}


def _reply_to(call: Call, room: Room) -> int | None:
    reply = call.get("reply_parameters")
    if not reply:
        return None
    if reply.get("chat_id") not in (None, call.params["chat_id"]):
        raise bad_request("replies to other chats are not in the playground")
    if call.world.messages.get(room, reply["message_id"]) is not None:
        return int(reply["message_id"])
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")
