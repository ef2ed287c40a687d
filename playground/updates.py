"""Updates owed to bots: kept until the bot says it has them, as Telegram does, at most 24 hours."""

import json
from typing import Any

from playground.bells import Bells
from playground.database import Database
from playground.people import BotAccount
from playground.rooms import Room, Rooms
from playground.schema import fields

FIRST = 500_000_000
KEPT = 24 * 3600
# Sent only to bots that ask for them (Bot API, getUpdates, allowed_updates).
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KINDS = frozenset(fields("Update")) - {"update_id"}


class Updates:
    """One growing sequence of update ids for all bots."""

    def __init__(self, database: Database, rooms: Rooms, bells: Bells) -> None:
        self._database = database
        self._rooms = rooms
        self._bells = bells

    def make(
        self, bot: BotAccount, kind: str, room: Room, body: dict[str, Any], now: float
    ) -> int | None:
        """The id of the new update; None when the bot did not ask for this kind."""
        allowed = self._rooms.settings(bot).get("allowed_updates")
        if kind not in allowed if allowed else kind in _ON_REQUEST:
            return None
        number = FIRST + self._database.next("updates")
        text = json.dumps({"update_id": number, kind: body}, ensure_ascii=False)
        self._database.run(
            "INSERT INTO updates(id, bot, kind, room, body, made) VALUES(?, ?, ?, ?, ?, ?)",
            number,
            bot.id,
            kind,
            room.key,
            text,
            now,
        )
        self._bells.ring(f"updates/{bot.id}")
        return number

    def pending(self, bot: BotAccount, offset: int, limit: int, now: float) -> list[Any]:
        """Rows owed from `offset` on, and any that are to be repeated, oldest first."""
        return self._database.rows(
            "SELECT * FROM updates WHERE bot = ? AND pending AND (id >= ? OR repeated) "
            "AND made > ? ORDER BY id LIMIT ?",
            bot.id,
            offset,
            now - KEPT,
            limit,
        )

    def hand_out(self, bot: BotAccount, offset: int, limit: int, now: float) -> list[str]:
        """Their JSON; a repeated one counts as delivered from here on."""
        rows = self.pending(bot, offset, limit, now)
        for row in rows:
            if row["repeated"]:
                self._database.run("UPDATE updates SET delivered = 1 WHERE id = ?", row["id"])
        return [row["body"] for row in rows]

    def acknowledge_below(self, bot: BotAccount, offset: int) -> None:
        changed = self._database.run(
            "UPDATE updates SET pending = 0, repeated = 0, delivered = 0 "
            "WHERE bot = ? AND pending AND id < ? AND (delivered OR NOT repeated)",
            bot.id,
            offset,
        )
        if changed:
            self._bells.ring("acknowledged")

    def forget_all_but(self, bot: BotAccount, last: int) -> None:
        """A negative offset: only the newest `last` stay."""
        self._database.run(
            "UPDATE updates SET pending = 0 WHERE bot = ? AND pending AND id NOT IN "
            "(SELECT id FROM updates WHERE bot = ? AND pending ORDER BY id DESC LIMIT ?)",
            bot.id,
            bot.id,
            last,
        )
        self._bells.ring("acknowledged")

    def acknowledge(self, update_id: int) -> None:
        self._database.run(
            "UPDATE updates SET pending = 0, repeated = 0, delivered = 0 WHERE id = ?", update_id
        )
        self._bells.ring("acknowledged")

    def acknowledged(self, update_id: int) -> bool | None:
        """None when there is no such update."""
        row = self._database.row("SELECT pending FROM updates WHERE id = ?", update_id)
        return None if row is None else not row["pending"]

    def repeat(self, update_id: int) -> bool:
        """Owe it once more under the same id; False when there is no such update."""
        row = self._database.row("SELECT bot FROM updates WHERE id = ?", update_id)
        if row is None:
            return False
        self._database.run(
            "UPDATE updates SET pending = 1, repeated = 1, delivered = 0 WHERE id = ?", update_id
        )
        self._bells.ring(f"updates/{row['bot']}")
        return True

    def count(self, bot: BotAccount) -> int:
        row = self._database.row("SELECT count(*) FROM updates WHERE bot = ? AND pending", bot.id)
        return int(row[0]) if row else 0

    def prune(self, now: float) -> None:
        self._database.run("DELETE FROM updates WHERE made < ?", now - 3 * KEPT)
