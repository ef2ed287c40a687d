"""Methods by which a bot changes and deletes what stands in a chat."""

from typing import Any

from playground.errors import bad_request
from playground.messages import KEYBOARD, SERVICE, Message
from playground.methods import Call, method
from playground.methods.chats import room_of
from playground.methods.content import caption_body, inline_keyboard, text_body
from playground.methods.sending import media_body

DELETABLE = 48 * 3600
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
_TEXT = ("text", "entities", "link_preview_options")
_CAPTION = ("caption", "caption_entities")
_MEDIA = ("photo", "document", "has_media_spoiler", "show_caption_above_media", *_CAPTION)


@method("editMessageText")
def edit_message_text(call: Call) -> Any:
    message = _editable(call)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _edited(call, message, _TEXT, text_body(call, too_long="MESSAGE_TOO_LONG"))


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Any:
    message = _editable(call)
    if "photo" not in message.body and "document" not in message.body:
        raise bad_request("there is no caption in the message to edit")
    return _edited(call, message, _CAPTION, caption_body(call, call.params))


@method("editMessageMedia")
def edit_message_media(call: Call) -> Any:
    """A text message may be given media too: its text goes (Bot API 10.1, editMessageMedia)."""
    message = _editable(call)
    replaced = (*_TEXT, *_MEDIA)
    return _edited(call, message, replaced, media_body(call, call.params["media"]))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Any:
    message = _editable(call)
    return _edited(call, message, (), {}, mark=False)


@method("deleteMessage")
def delete_message(call: Call) -> Any:
    room = room_of(call, call.params["chat_id"], write=False)
    message = call.world.messages.get(room, call.params["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    _check_deletable(call, message)
    call.world.erase(message)
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> Any:
    """Those that are not there are passed over, as Telegram does."""
    room = room_of(call, call.params["chat_id"], write=False)
    ids = call.params["message_ids"]
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > 100:
        raise bad_request("too many message identifiers specified")
    found = [m for m in (call.world.messages.get(room, number) for number in ids) if m]
    for message in found:
        _check_deletable(call, message)
    for message in found:
        call.world.erase(message)
    return True


def _check_deletable(call: Call, message: Message) -> None:
    if call.world.now() - message.date >= DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    group = message.room.group
    if group and message.sender != call.bot.id:
        status = call.world.rooms.status(group, call.bot.id)
        if status not in ("administrator", "creator"):
            raise bad_request("message can't be deleted")


def _editable(call: Call) -> Message:
    if "inline_message_id" in call.params:
        raise bad_request("MESSAGE_ID_INVALID")
    if "business_connection_id" in call.params:
        raise bad_request("business_connection_id is not in the playground")
    if "chat_id" not in call.params:
        raise bad_request("chat_id is empty")
    if "message_id" not in call.params:
        raise bad_request("message identifier is not specified")
    room = room_of(call, call.params["chat_id"])
    message = call.world.messages.get(room, call.params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    # Only messages without a keyboard or with an inline one can be edited (Bot API).
    if message.sender != call.bot.id or SERVICE in message.body or KEYBOARD in message.body:
        raise bad_request("message can't be edited")
    return message


def _edited(
    call: Call,
    message: Message,
    replaced: tuple[str, ...],
    content: dict[str, Any],
    *,
    mark: bool = True,
) -> dict[str, Any]:
    """Put `content` in the place of the fields `replaced`; the keyboard is always replaced."""
    gone = (*replaced, "reply_markup")
    body = {name: value for name, value in message.body.items() if name not in gone} | content
    keyboard = inline_keyboard(call.get("reply_markup"))
    if keyboard:
        body["reply_markup"] = keyboard
    if body == message.body:
        raise bad_request(_NOT_MODIFIED)
    edited = int(call.world.now()) if mark else None
    changed = call.world.messages.change(message, body, edited)
    call.world.show("edited", changed)
    return call.world.messages.for_bot(changed)
