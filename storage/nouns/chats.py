"""What chats were shown, what must vanish, and which updates are done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, bindparam, delete, func, select, text, update
from sqlmodel import col

from core.columns import UtcDateTime
from core.entities import Card, HandledUpdate, PoisonedUpdate, Vanishing, VanishingOrder
from storage.listed import within
from storage.nouns.outdated_cards import OutdatedCards
from storage.rows import chunks, insert_rows, rows_of, run

# In words: SQLAlchemy builds a dialect's own upsert anew each time, which takes 300 µs.
_MARK = (
    text(
        "INSERT INTO handled_update (bot_id, update_id, kind, ref_id, shop_id, handled_at) "
        "VALUES (:bot_id, :update_id, :kind, :ref_id, :shop_id, :now) ON CONFLICT DO NOTHING"
    )
    .bindparams(bindparam("now", type_=UtcDateTime))
    .execution_options(preserve_rowcount=True)
)
_FORGET = text(
    "DELETE FROM card WHERE bot_id = :bot_id AND chat_id = :chat_id AND message_id = :message_id"
)
_REMEMBER = text(
    "INSERT INTO card (bot_id, chat_id, message_id, kind, ref_id, shop_id, shown_at) "
    "VALUES (:bot_id, :chat_id, :message_id, :kind, :ref_id, :shop_id, :shown_at) "
    "ON CONFLICT (bot_id, chat_id, message_id) DO UPDATE SET kind = excluded.kind, "
    "ref_id = excluded.ref_id, shop_id = excluded.shop_id, shown_at = excluded.shown_at"
).bindparams(bindparam("shown_at", type_=UtcDateTime))

_CARDS_OF = (
    select(Card)
    .where(
        col(Card.kind) == bindparam("kind"),
        col(Card.ref_id) == bindparam("ref"),
        # `+ 0`: else SQLite walks the chat's messages instead of the index of cards.
        col(Card.bot_id) + 0 == bindparam("bot"),
        col(Card.chat_id) + 0 == bindparam("chat"),
    )
    .order_by(col(Card.message_id).desc())
    .limit(bindparam("most"))
)
_SHOWING = (
    select(
        col(VanishingOrder.bot_id), col(VanishingOrder.chat_id), col(VanishingOrder.message_id)
    )
    .where(within(col(VanishingOrder.order_id), "orders"))
    .distinct()
)  # fmt: skip


class ChatStore(OutdatedCards):
    """`core.ports.ChatPort`."""

    _made_due = False

    def mark(self, bot_id: int, update_id: int, card: tuple[str, int, int] | None = None) -> bool:
        """Mark an update as handled; `card` is (kind, ref, shop). False if it was before."""
        kind, ref_id, shop_id = card or (None, None, None)
        values = {
            "bot_id": bot_id, "update_id": update_id, "kind": kind, "ref_id": ref_id,
            "shop_id": shop_id, "now": self.now,
        }  # fmt: skip
        return run(self.session, _MARK, values).rowcount == 1

    def marked(self, bot_id: int, update_id: int) -> HandledUpdate | None:
        """Return the mark of an update."""
        return self.found(HandledUpdate, bot_id, update_id)

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
        run(self.session, _REMEMBER, card.model_dump())

    def forget_card(self, bot_id: int, chat_id: int, message_id: int) -> None:
        """A message shows nothing kept any more: a reply to it means nothing now."""
        where = {"bot_id": bot_id, "chat_id": chat_id, "message_id": message_id}
        run(self.session, _FORGET, where)

    def shown(self, bot_id: int, chat_id: int, message_id: int) -> Card | None:
        """Return what a message shows."""
        return self.found(Card, bot_id, chat_id, message_id)

    def cards_of(
        self, bot_id: int, chat_id: int, kind: str, ref_id: int, limit: int
    ) -> Sequence[Card]:
        """Return the chat's messages that show this, newest first."""
        about = {"kind": kind, "ref": ref_id, "bot": bot_id, "chat": chat_id, "most": limit}
        return self.session.scalars(_CARDS_OF, about).all()

    def vanish(self, row: Vanishing, order_ids: Sequence[int] = ()) -> None:
        """Owe the end of a message that shows the recipients of these orders."""
        self.session.merge(row)
        where = {"bot_id": row.bot_id, "chat_id": row.chat_id, "message_id": row.message_id}
        rows = [{"order_id": one, **where} for one in dict.fromkeys(order_ids)]
        if rows:
            insert_rows(self.session, VanishingOrder, rows)

    def outdate(self, order_ids: Sequence[int]) -> None:
        """What still shows a recipient of these orders is old: it is due at once."""
        for some in chunks(order_ids):
            for where in rows_of(self.session, _SHOWING, {"orders": some}):
                self._due_now(
                    col(Vanishing.bot_id) == where.bot_id,
                    col(Vanishing.chat_id) == where.chat_id,
                    col(Vanishing.message_id) == where.message_id,
                    col(Vanishing.state) == "shown",
                    state="outdated",
                )

    def still_shown(self, bot_id: int, chat_id: int, message_id: int) -> bool:
        """Return whether what a message shows holds: nothing of it has changed or is over."""
        row = self.found(Vanishing, bot_id, chat_id, message_id)
        return row is not None and row.state == "shown"

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
        for entity in (Vanishing, VanishingOrder):
            self.session.execute(
                delete(entity).where(
                    col(entity.bot_id) == row.bot_id,
                    col(entity.chat_id) == row.chat_id,
                    col(entity.message_id) == row.message_id,
                )
            )

    def told_outdated(self, row: Vanishing, until: datetime) -> None:
        """The message says now that it is old, and must be gone by `until`."""
        self.session.execute(
            update(Vanishing)
            .where(
                col(Vanishing.bot_id) == row.bot_id,
                col(Vanishing.chat_id) == row.chat_id,
                col(Vanishing.message_id) == row.message_id,
            )
            .values(due_at=until, state="told")
        )

    def vanish_now(self, chat_id: int) -> None:
        """All that would vanish from the chat by and by is due at once."""
        self._due_now(col(Vanishing.chat_id) == chat_id, col(Vanishing.due_at) > self.now)

    @property
    def due_now(self) -> bool:
        """Return whether this visit has made messages due that were to stay."""
        return self._made_due

    def _due_now(self, *which: ColumnElement[bool], **values: str) -> None:
        self.session.flush()
        self.session.execute(
            update(Vanishing).where(*which).values(due_at=self.now, **values)
        )  # fmt: skip
        self._made_due = True
