"""Cards that do not say what stands any more: something has happened to their orders since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select, update
from sqlmodel import col

from core.entities import Assignment, AuditRow, Card
from storage.nouns.base import Noun
from storage.rows import rows_of, run, table_of

_CARD = table_of(Card)
_NEWEST = (
    select(_CARD)
    .where(_CARD.c.bot_id == bindparam("bot"), _CARD.c.chat_id == bindparam("chat"))
    .order_by(_CARD.c.message_id.desc())
    .limit(bindparam("newest"))
    .subquery()
)


def _since(order: ColumnElement[Any]) -> ColumnElement[bool]:
    """Every act on an order is in its history, written with the act."""
    return exists().where(col(AuditRow.order_id) == order, col(AuditRow.at) > _NEWEST.c.shown_at)


def _outdated() -> Select[Any]:
    ref, kind = _NEWEST.c.ref_id, _NEWEST.c.kind
    given = select(col(Assignment.order_id)).where(col(Assignment.id) == ref).scalar_subquery()
    any_of_batch = exists().where(
        col(Assignment.draft_id) == ref,
        col(AuditRow.order_id) == col(Assignment.order_id),
        col(AuditRow.at) > _NEWEST.c.shown_at,
    )
    return (
        select(_NEWEST)
        .where(
            _NEWEST.c.shop_id == bindparam("shop"),
            or_(
                and_(kind == "order", _since(ref)),
                and_(kind == "assignment", _since(given)),
                and_(kind.in_(("given", "batch")), any_of_batch),
            ),
        )
        .order_by(_NEWEST.c.message_id.desc())
    )


_OUTDATED = _outdated()


class OutdatedCards(Noun):
    """The part of `core.ports.ChatPort` that brings cards up to date."""

    def outdated_cards(
        self, bot_id: int, chat_id: int, shop_id: int, newest: int
    ) -> Sequence[Card]:
        """Return the cards of orders, and of batches on both sides, that are old: newest first.

        Among the chat's `newest` remembered messages, those of that shop.
        """
        where = {"bot": bot_id, "chat": chat_id, "shop": shop_id, "newest": newest}
        return [Card(**row._mapping) for row in rows_of(self.session, _OUTDATED, where)]

    def redrawn(self, card: Card, at: datetime) -> None:
        """The message shows what stood `at` that moment, unless it was shown anew meanwhile."""
        run(
            self.session,
            update(_CARD)
            .where(
                _CARD.c.bot_id == card.bot_id,
                _CARD.c.chat_id == card.chat_id,
                _CARD.c.message_id == card.message_id,
                _CARD.c.shown_at == card.shown_at,
            )
            .values(shown_at=at),
        )
