"""The messages of every room, and how they look from a bot and from a phone."""

import json
from dataclasses import dataclass
from typing import Any

from playground.database import Database
from playground.entities import to_html
from playground.people import BotAccount, Person
from playground.rooms import Room, Rooms

# Keys of a message's body that are ours, not Telegram's.
SERVICE = "_service"
KEYBOARD = "_keyboard"


@dataclass(frozen=True)
class Message:
    """`body` holds the Bot API fields of the content; times are unix seconds."""

    room: Room
    id: int
    sender: int
    date: int
    edited: int | None
    reply_to: int | None
    body: dict[str, Any]


class Messages:
    """Message ids count per room and never restart, so one id means another message elsewhere."""

    def __init__(self, database: Database, rooms: Rooms) -> None:
        self._database = database
        self._rooms = rooms

    def add(
        self,
        room: Room,
        sender: int,
        body: dict[str, Any],
        date: int,
        reply_to: int | None = None,
    ) -> Message:
        number = self._database.next(f"message/{room.key}")
        self._database.run(
            "INSERT INTO messages VALUES(?, ?, ?, ?, NULL, ?, ?)",
            room.key,
            number,
            sender,
            date,
            reply_to,
            json.dumps(body, ensure_ascii=False),
        )
        return Message(room, number, sender, date, None, reply_to, body)

    def get(self, room: Room, message_id: int) -> Message | None:
        row = self._database.row(
            "SELECT * FROM messages WHERE room = ? AND id = ?", room.key, message_id
        )
        return _message(room, row) if row else None

    def change(self, message: Message, body: dict[str, Any], edited: int | None) -> Message:
        """`edited` None keeps the message unmarked, as a changed keyboard alone does."""
        mark = message.edited if edited is None else edited
        self._database.run(
            "UPDATE messages SET body = ?, edited = ? WHERE room = ? AND id = ?",
            json.dumps(body, ensure_ascii=False),
            mark,
            message.room.key,
            message.id,
        )
        return Message(
            message.room, message.id, message.sender, message.date, mark, message.reply_to, body
        )

    def delete(self, message: Message) -> None:
        self._database.run(
            "DELETE FROM messages WHERE room = ? AND id = ?", message.room.key, message.id
        )

    def of(self, room: Room, last: int = 500) -> list[Message]:
        """The newest `last` messages, oldest first."""
        rows = self._database.rows(
            "SELECT * FROM messages WHERE room = ? ORDER BY id DESC LIMIT ?", room.key, last
        )
        return [_message(room, row) for row in reversed(rows)]

    # As a bot sees it

    def for_bot(self, message: Message, *, with_reply: bool = True) -> dict[str, Any]:
        """The Bot API's Message."""
        seen: dict[str, Any] = {
            "message_id": message.id,
            "from": user(self._rooms.someone(message.sender)),
            "chat": self.chat(message.room),
            "date": message.date,
        }
        if message.edited is not None:
            seen["edit_date"] = message.edited
        if with_reply and message.reply_to is not None:
            original = self.get(message.room, message.reply_to)
            if original is not None:
                seen["reply_to_message"] = self.for_bot(original, with_reply=False)
        elif with_reply and (topic := self._topic_of(message)) is not None:
            # In a topic, what answers nothing answers the topic's first message.
            seen["reply_to_message"] = self.for_bot(topic, with_reply=False)
        seen.update((k, v) for k, v in message.body.items() if not k.startswith("_"))
        return seen

    def _topic_of(self, message: Message) -> Message | None:
        topic = message.body.get("message_thread_id")
        return self.get(message.room, topic) if topic and topic != message.id else None

    def chat(self, room: Room) -> dict[str, Any]:
        """The Bot API's Chat."""
        if room.group:
            group = self._rooms.group(room.group)
            forum = {"is_forum": True} if self._rooms.is_forum(room.group) else {}
            return {
                "id": room.group,
                "type": group.type if group else "group",
                "title": group.title if group else "",
                **forum,
            }
        person = self._rooms.person(room.person)
        found: dict[str, Any] = {"id": room.person, "type": "private"}
        if person is not None:
            found["first_name"] = person.first_name
            if person.username:
                found["username"] = person.username
        return found

    # As a phone sees it

    def for_phone(self, message: Message) -> dict[str, Any]:
        """The message as the page and the tests' phones get it."""
        body = message.body
        seen: dict[str, Any] = {
            "message_id": message.id,
            "chat_id": message.room.id_for_people,
            "date": message.date,
            "from": self._sender(message),
            "edited": message.edited is not None,
            "protected": bool(body.get("has_protected_content")),
        }
        if SERVICE in body:
            seen["service"] = body[SERVICE]
        if topic := body.get("message_thread_id"):
            found = self._rooms.topic(message.room.group, topic)
            name = found["name"] if found else body.get("forum_topic_created", {}).get("name", "")
            seen["topic"] = {"id": topic, "name": name}
        for text, marks, html in (
            ("text", "entities", "html"),
            ("caption", "caption_entities", "caption_html"),
        ):
            if text in body:
                seen[text] = body[text]
                seen[html] = to_html(body[text], body.get(marks, []))
        seen.update(_media(body))
        if message.reply_to is not None:
            original = self.get(message.room, message.reply_to)
            if original is not None:
                seen["reply_to"] = {
                    "message_id": original.id,
                    "from": self._sender(original),
                    "text": shortened(original.body),
                }
        seen.update(_keyboard(body))
        if body.get(KEYBOARD, {}).get("selective"):
            seen["force_reply"]["only"] = self._asked(message)
        return seen

    def _asked(self, message: Message) -> list[int]:
        """Whom a selective reply field is for: who is replied to, and who is named."""
        original = self.get(message.room, message.reply_to) if message.reply_to else None
        named = message.body.get("entities", []) + message.body.get("caption_entities", [])
        asked = [mark["user"]["id"] for mark in named if mark["type"] == "text_mention"]
        return [*asked, *([original.sender] if original is not None else [])]

    def _sender(self, message: Message) -> dict[str, Any]:
        chat = message.body.get("sender_chat")
        if chat is not None:
            return {"id": chat["id"], "first_name": chat["title"], "is_bot": False}
        sender = self._rooms.someone(message.sender)
        return {
            "id": message.sender,
            "first_name": sender.first_name if sender else "",
            "is_bot": isinstance(sender, BotAccount),
        }


def user(someone: Person | BotAccount | None) -> dict[str, Any]:
    """The Bot API's User."""
    if someone is None:
        return {"id": 0, "is_bot": False, "first_name": ""}
    found: dict[str, Any] = {
        "id": someone.id,
        "is_bot": isinstance(someone, BotAccount),
        "first_name": someone.first_name,
    }
    if someone.username:
        found["username"] = someone.username
    if isinstance(someone, Person) and someone.language_code:
        found["language_code"] = someone.language_code
    return found


def shortened(body: dict[str, Any]) -> str:
    text = body.get("text") or body.get("caption") or body.get(SERVICE) or ""
    if not text and "document" in body:
        text = body["document"].get("file_name", "")
    if not text and "photo" in body:
        text = "照片"
    line = " ".join(str(text).split())
    return line if len(line) <= 80 else line[:79] + "…"


def _message(room: Room, row: Any) -> Message:
    return Message(
        room,
        row["id"],
        row["sender"],
        row["date"],
        row["edited"],
        row["reply_to"],
        json.loads(row["body"]),
    )


def _media(body: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    if "photo" in body:
        file_id = body["photo"][-1]["file_id"]
        seen["photo"] = {"file_id": file_id, "url": f"/api/files/{file_id}"}
    if "document" in body:
        document = body["document"]
        seen["document"] = {
            "file_id": document["file_id"],
            "url": f"/api/files/{document['file_id']}",
            "file_name": document.get("file_name", ""),
            "mime_type": document.get("mime_type", ""),
            "size": document.get("file_size", 0),
        }
    return seen


def _keyboard(body: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    inline = body.get("reply_markup", {}).get("inline_keyboard")
    if inline:
        seen["buttons"] = [[_button(button) for button in row] for row in inline]
    other = body.get(KEYBOARD, {})
    if other.get("force_reply"):
        seen["force_reply"] = {"placeholder": other.get("input_field_placeholder", "")}
    return seen


def _button(button: dict[str, Any]) -> dict[str, Any]:
    seen = {"text": button["text"]}
    if "callback_data" in button:
        return seen | {"kind": "callback"}
    if "copy_text" in button:
        return seen | {"kind": "copy", "copy_text": button["copy_text"]["text"]}
    return seen | {"kind": "url", "url": button["url"]}
