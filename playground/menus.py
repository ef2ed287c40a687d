"""Command menus: which list is in force for a person in a chat.

The narrowest scope wins, and within it the person's language (Bot API, "Determining list of
commands").
"""

import json
from typing import Any

from playground.database import Database
from playground.people import BotAccount, Person
from playground.rooms import Room

Commands = list[dict[str, Any]]


class Menus:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, bot: BotAccount, scope: str, language: str, commands: Commands) -> None:
        self._database.run(
            "INSERT OR REPLACE INTO commands VALUES(?, ?, ?, ?)",
            bot.id,
            scope,
            language,
            json.dumps(commands, ensure_ascii=False),
        )

    def delete(self, bot: BotAccount, scope: str, language: str) -> None:
        self._database.run(
            "DELETE FROM commands WHERE bot = ? AND scope = ? AND language = ?",
            bot.id,
            scope,
            language,
        )

    def get(self, bot: BotAccount, scope: str, language: str) -> Commands:
        row = self._database.row(
            "SELECT commands FROM commands WHERE bot = ? AND scope = ? AND language = ?",
            bot.id,
            scope,
            language,
        )
        found: Commands = json.loads(row["commands"]) if row else []
        return found

    def in_force(self, bot: BotAccount, room: Room, person: Person, *, admin: bool) -> Commands:
        language = (person.language_code or "")[:2]
        for scope in _scopes(room, person, admin=admin):
            for wanted in (language, "") if language else ("",):
                if found := self.get(bot, scope, wanted):
                    return found
        return []


def scope_key(scope: dict[str, Any] | None) -> str:
    """A scope as one word: its type, chat and user."""
    if scope is None:
        return "default"
    parts = [scope["type"], *(str(scope[k]) for k in ("chat_id", "user_id") if k in scope)]
    return "/".join(parts)


def _scopes(room: Room, person: Person, *, admin: bool) -> list[str]:
    if not room.group:
        return [f"chat/{room.person}", "all_private_chats", "default"]
    admins = [f"chat_administrators/{room.group}"] if admin else []
    all_admins = ["all_chat_administrators"] if admin else []
    return [
        f"chat_member/{room.group}/{person.id}",
        *admins,
        f"chat/{room.group}",
        *all_admins,
        "all_group_chats",
        "default",
    ]
