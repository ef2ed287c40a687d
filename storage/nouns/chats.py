"""What chats were shown, what must vanish, and which updates are done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from core.entities import Card, HandledUpdate, PoisonedUpdate, Vanishing
from storage.nouns.base import Noun
from storage.rows import table_of


class ChatStore(Noun):
    """`core.ports.ChatPort`."""

    def mark(self, bot_id: int, update_id: int, card: tuple[str, int, int] | None = None) -> bool:
        """Mark an update as handled; `card` is (kind, ref, shop). False if it was before."""
        kind, ref_id, shop_id = card or (None, None, None)
        sqlite_here = self.session.get_bind().dialect.name == "sqlite"
        insert = sqlite.insert if sqlite_here else postgresql.insert
        values = {
            "bot_id": bot_id, "update_id": update_id, "kind": kind, "ref_id": ref_id,
            "shop_id": shop_id, "handled_at": self.now,
        }  # fmt: skip
        result = self.session.connection().execute(
            insert(table_of(HandledUpdate)).on_conflict_do_nothing(), values
        )
        return result.rowcount == 1

    def marked(self, bot_id: int, update_id: int) -> HandledUpdate | None:
        """Return the mark of an update."""
        return self.session.get(HandledUpdate, (bot_id, update_id))

    def handled_at(self, bot_id: int, moment: datetime) -> int | None:
        """Return the newest update whose effect was committed at exactly that moment."""
        found: int | None = self.session.scalar(
            select(func.max(HandledUpdate.update_id)).where(
                col(HandledUpdate.bot_id) == bot_id, col(HandledUpdate.handled_at) == moment
            )
        )
        return found

    def poison(self, bot_id: int, update_id: int, kind: str, error: str) -> None:
        """Record an update nobody could handle."""
        self.session.merge(
            PoisonedUpdate(bot_id=bot_id, update_id=update_id, kind=kind, error=error, at=self.now)
        )

    def forget_marks(self, before: datetime) -> int:
        """Forget marks older than Telegram keeps updates. Returns how many."""
        result: CursorResult[Any] = self.session.execute(  # type: ignore[assignment]
            delete(HandledUpdate).where(col(HandledUpdate.handled_at) < before)
        )
        return result.rowcount

    def remember(self, card: Card) -> None:
        """Remember what a message shows."""
        self.session.merge(card)

    def forget_card(self, bot_id: int, chat_id: int, message_id: int) -> None:
        """A message shows nothing kept any more: a reply to it means nothing now."""
        self.session.execute(
            delete(Card).where(
                col(Card.bot_id) == bot_id,
                col(Card.chat_id) == chat_id,
                col(Card.message_id) == message_id,
            )
        )

    def shown(self, bot_id: int, chat_id: int, message_id: int) -> Card | None:
        """Return what a message shows."""
        return self.session.get(Card, (bot_id, chat_id, message_id))

    def vanish(self, row: Vanishing) -> None:
        """Owe the end of a message."""
        self.session.merge(row)

    def vanishing(self, bot_id: int, limit: int) -> Sequence[Vanishing]:
        """Return messages that must be gone by now."""
        return self.session.scalars(
            select(Vanishing)
            .where(col(Vanishing.bot_id) == bot_id, col(Vanishing.due_at) <= self.now)
            .order_by(col(Vanishing.due_at))
            .limit(limit)
        ).all()

    def vanished(self, row: Vanishing) -> None:
        """The message is gone."""
        self.session.execute(
            delete(Vanishing).where(
                col(Vanishing.bot_id) == row.bot_id,
                col(Vanishing.chat_id) == row.chat_id,
                col(Vanishing.message_id) == row.message_id,
            )
        )
