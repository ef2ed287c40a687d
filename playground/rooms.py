"""Who may meet where: people, bots, private chats and groups, and what each calls the room."""

import json
from dataclasses import dataclass
from typing import Any

from playground.database import Database
from playground.errors import PhoneError
from playground.people import SERVICE_USERS, BotAccount, Person

FIRST_GROUP = -4_000_000_000
FIRST_SUPERGROUP = -1_002_000_000_000


@dataclass(frozen=True)
class Room:
    """A private chat (`bot` and `person` set) or a group (`group` set).

    The private chat is called by the person's id on the bot's side and by the bot's id on the
    person's side; a group has one id for everybody.
    """

    bot: int = 0
    person: int = 0
    group: int = 0

    @property
    def key(self) -> str:
        return str(self.group) if self.group else f"{self.bot}/{self.person}"

    @classmethod
    def of_key(cls, key: str) -> "Room":
        bot, _, person = key.partition("/")
        return cls(bot=int(bot), person=int(person)) if person else cls(group=int(key))

    @property
    def id_for_bot(self) -> int:
        return self.group or self.person

    @property
    def id_for_people(self) -> int:
        return self.group or self.bot


@dataclass(frozen=True)
class Group:
    id: int
    type: str
    title: str
    migrated_to: int | None


class Rooms:
    """The directory of everybody and every room."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._people: dict[int, Person] = {}
        self._bots: dict[int, BotAccount] = {}
        for row in database.rows("SELECT * FROM people"):
            self._people[row["id"]] = Person(**row)
        for row in database.rows("SELECT token, username, first_name FROM bots ORDER BY id"):
            bot = BotAccount(**row)
            self._bots[bot.id] = bot

    # People and bots

    def people(self) -> list[Person]:
        return list(self._people.values())

    def bots(self) -> list[BotAccount]:
        return list(self._bots.values())

    def person(self, person_id: int) -> Person | None:
        return self._people.get(person_id)

    def bot(self, bot_id: int) -> BotAccount | None:
        return self._bots.get(bot_id)

    def bot_of_token(self, token: str) -> BotAccount | None:
        return next((bot for bot in self._bots.values() if bot.token == token), None)

    def bot_named(self, username: str) -> BotAccount | None:
        name = username.lstrip("@").lower()
        return next((bot for bot in self._bots.values() if bot.username.lower() == name), None)

    def someone(self, user_id: int) -> Person | BotAccount | None:
        return self._people.get(user_id) or self._bots.get(user_id) or SERVICE_USERS.get(user_id)

    def add_person(self, person: Person) -> None:
        self._database.run(
            "INSERT OR REPLACE INTO people VALUES(?, ?, ?, ?)",
            person.id,
            person.first_name,
            person.username,
            person.language_code,
        )
        self._people[person.id] = person

    def add_bot(self, bot: BotAccount) -> None:
        self._database.run(
            "INSERT INTO bots(id, token, username, first_name) VALUES(?, ?, ?, ?) "
            "ON CONFLICT(id) DO UPDATE SET token = excluded.token, username = excluded.username",
            bot.id,
            bot.token,
            bot.username,
            bot.first_name,
        )
        known = self._bots.get(bot.id, bot)
        self._bots[bot.id] = BotAccount(bot.token, bot.username, known.first_name)

    def rename_bot(self, bot: BotAccount, first_name: str) -> None:
        self._database.run("UPDATE bots SET first_name = ? WHERE id = ?", first_name, bot.id)
        self._bots[bot.id] = BotAccount(bot.token, bot.username, first_name)

    def settings(self, bot: BotAccount) -> dict[str, Any]:
        """What the bot was told to keep: webhook, wanted updates, descriptions, menu buttons."""
        row = self._database.row("SELECT settings FROM bots WHERE id = ?", bot.id)
        found: dict[str, Any] = json.loads(row["settings"]) if row else {}
        return found

    def keep_settings(self, bot: BotAccount, settings: dict[str, Any]) -> None:
        self._database.run(
            "UPDATE bots SET settings = ? WHERE id = ?", json.dumps(settings), bot.id
        )

    # Private chats

    def blocked(self, room: Room) -> bool | None:
        """None when the person never started the bot."""
        row = self._database.row(
            "SELECT blocked FROM dialogs WHERE bot = ? AND person = ?", room.bot, room.person
        )
        return bool(row["blocked"]) if row else None

    def start(self, room: Room) -> None:
        self.block(room, blocked=False)

    def block(self, room: Room, *, blocked: bool) -> None:
        self._database.run(
            "INSERT INTO dialogs VALUES(?, ?, ?) "
            "ON CONFLICT(bot, person) DO UPDATE SET blocked = excluded.blocked",
            room.bot,
            room.person,
            int(blocked),
        )

    # Groups

    def group(self, chat_id: int) -> Group | None:
        row = self._database.row("SELECT * FROM groups WHERE id = ?", chat_id)
        return Group(**row) if row else None

    def add_group(self, title: str, *, supergroup: bool = False) -> Group:
        number = self._database.next("groups")
        first = FIRST_SUPERGROUP if supergroup else FIRST_GROUP
        group = Group(first - number, "supergroup" if supergroup else "group", title, None)
        self._database.run(
            "INSERT INTO groups VALUES(?, ?, ?, NULL)", group.id, group.type, group.title
        )
        return group

    def migrate(self, old: Group) -> Group:
        new = self.add_group(old.title, supergroup=True)
        self._database.run("UPDATE groups SET migrated_to = ? WHERE id = ?", new.id, old.id)
        self._database.run(
            "INSERT INTO members SELECT ?, member, status FROM members WHERE chat = ?",
            new.id,
            old.id,
        )
        return new

    def members(self, chat_id: int) -> dict[int, str]:
        """Who is in it now, with their status; those who left are not in it."""
        return {
            row["member"]: row["status"]
            for row in self._database.rows(
                "SELECT member, status FROM members WHERE chat = ? "
                "AND status NOT IN ('left', 'kicked')",
                chat_id,
            )
        }

    def status(self, chat_id: int, member: int) -> str:
        row = self._database.row(
            "SELECT status FROM members WHERE chat = ? AND member = ?", chat_id, member
        )
        return str(row["status"]) if row else "left"

    def set_status(self, chat_id: int, member: int, status: str) -> None:
        self._database.run(
            "INSERT INTO members VALUES(?, ?, ?) "
            "ON CONFLICT(chat, member) DO UPDATE SET status = excluded.status",
            chat_id,
            member,
            status,
        )

    # Topics of groups

    def make_forum(self, chat_id: int) -> None:
        self._database.run("INSERT OR IGNORE INTO forums VALUES(?)", chat_id)

    def is_forum(self, chat_id: int) -> bool:
        return self._database.row("SELECT 1 FROM forums WHERE chat = ?", chat_id) is not None

    def put_topic(self, chat_id: int, topic: int, name: str) -> None:
        self._database.run("INSERT INTO topics VALUES(?, ?, ?, 0)", chat_id, topic, name)

    def close_topic(self, chat_id: int, topic: int, *, closed: bool) -> None:
        self._database.run(
            "UPDATE topics SET closed = ? WHERE chat = ? AND id = ?", int(closed), chat_id, topic
        )

    def drop_topic(self, chat_id: int, topic: int) -> None:
        self._database.run("DELETE FROM topics WHERE chat = ? AND id = ?", chat_id, topic)

    def topics(self, chat_id: int) -> list[dict[str, Any]]:
        """Each with `id`, `name` and `closed`, oldest first."""
        rows = self._database.rows(
            "SELECT id, name, closed FROM topics WHERE chat = ? ORDER BY id", chat_id
        )
        return [{**dict(row), "closed": bool(row["closed"])} for row in rows]

    def topic(self, chat_id: int, topic: int) -> dict[str, Any] | None:
        return next((one for one in self.topics(chat_id) if one["id"] == topic), None)

    # From a phone

    def room_of_phone(self, person_id: int, chat_id: int) -> Room:
        """The room a person means; raises `PhoneError` when they are not in it."""
        if chat_id in self._bots:
            return Room(bot=chat_id, person=person_id)
        group = self.group(chat_id)
        if group is None or person_id not in self.members(chat_id):
            raise PhoneError(f"{person_id} is in no chat {chat_id}", 404)
        if group.migrated_to is not None:
            raise PhoneError(f"group {chat_id} has become supergroup {group.migrated_to}")
        return Room(group=chat_id)

    def rooms_of(self, person_id: int) -> list[Room]:
        """Every chat of a person: bots spoken to first, then groups."""
        private = self._database.rows(
            "SELECT bot FROM dialogs WHERE person = ? ORDER BY bot", person_id
        )
        groups = self._database.rows(
            "SELECT chat FROM members JOIN groups ON groups.id = members.chat WHERE member = ? "
            "AND status NOT IN ('left', 'kicked') AND migrated_to IS NULL ORDER BY chat DESC",
            person_id,
        )
        return [Room(bot=row["bot"], person=person_id) for row in private] + [
            Room(group=row["chat"]) for row in groups
        ]

    def people_in(self, room: Room) -> list[int]:
        if not room.group:
            return [room.person]
        return [member for member in self.members(room.group) if member in self._people]

    def bots_in(self, room: Room) -> list[BotAccount]:
        if not room.group:
            bot = self._bots.get(room.bot)
            return [bot] if bot else []
        return [self._bots[m] for m in self.members(room.group) if m in self._bots]
