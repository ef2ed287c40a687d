"""The playground's whole state, put together once and handed to every part."""

import time
from typing import Any

from playground.bells import Bells
from playground.config import Config
from playground.database import Database
from playground.events import Events
from playground.files import Files
from playground.menus import Menus
from playground.messages import Message, Messages
from playground.rooms import Room, Rooms
from playground.updates import Updates

TYPING_LASTS = 5.0


class World:
    """Used on one event loop; every change happens inside `transaction()`."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.bells = Bells()
        self.database = Database(config.data)
        self.rooms = Rooms(self.database)
        self.messages = Messages(self.database, self.rooms)
        self.updates = Updates(self.database, self.rooms, self.bells)
        self.events = Events(self.database, self.bells)
        self.files = Files(self.database, config.data / "files")
        self.menus = Menus(self.database)
        self._typing: dict[str, float] = {}
        self.transaction = self.database.transaction
        with self.transaction():
            for bot in config.bots:
                self.rooms.add_bot(bot)
            for person in config.people:
                if self.rooms.person(person.id) is None:
                    self.rooms.add_person(person)
            self.updates.prune(self.now())

    def now(self) -> float:
        return self.config.clock()

    def close(self) -> None:
        self.bells.close()
        self.database.close()

    def say(
        self, room: Room, sender: int, body: dict[str, Any], reply_to: int | None = None
    ) -> Message:
        """A new message, shown to everybody in the room; no bot is told of it here."""
        message = self.messages.add(room, sender, body, int(self.now()), reply_to)
        if self.rooms.bot(sender):
            self._typing.pop(room.key, None)
        self.show("message", message)
        return message

    def show(self, kind: str, message: Message) -> None:
        self.events.add(
            kind,
            self.rooms.people_in(message.room),
            message.room.id_for_people,
            message=self.messages.for_phone(message),
            message_id=message.id,
        )

    def erase(self, message: Message) -> None:
        self.messages.delete(message)
        self.events.add(
            "deleted",
            self.rooms.people_in(message.room),
            message.room.id_for_people,
            message_id=message.id,
        )

    def type_in(self, room: Room) -> None:
        self._typing[room.key] = time.monotonic() + TYPING_LASTS
        self.events.add("typing", self.rooms.people_in(room), room.id_for_people)

    def typing(self, room: Room) -> bool:
        return self._typing.get(room.key, 0.0) > time.monotonic()

    def reset(self) -> None:
        """Empty every chat; people, bots and counters stay."""
        for table in (
            "messages",
            "dialogs",
            "groups",
            "members",
            "forums",
            "topics",
            "callbacks",
            "events",
        ):
            self.database.run(f"DELETE FROM {table}")  # noqa: S608  names from the line above
        self.database.run("UPDATE updates SET pending = 0")
        self.bells.ring("acknowledged")
        for person in self.rooms.people():
            self.events.add("chat", [person.id], 0)
