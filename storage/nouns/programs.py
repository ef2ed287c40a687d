"""Programs of shops: their keys, the answers they were given, what they follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlmodel import col

from core.columns import UtcDateTime
from core.entities import (
    ApiKey,
    AuditRow,
    Delivery,
    FeedItem,
    KeptAnswer,
    Member,
    Shop,
)
from core.programs.facts import Fed, KeyHolder
from core.values import Answer
from storage.nouns.program_lists import ProgramLists
from storage.nouns.program_orders import ProgramOrders
from storage.rows import rows_of, run, table_of

_NOW = bindparam("now", type_=UtcDateTime())
_LIVING = or_(col(ApiKey.ends_at).is_(None), col(ApiKey.ends_at) > _NOW)
_KEYS = (
    select(ApiKey).where(col(ApiKey.shop_id) == bindparam("shop"), _LIVING).order_by(col(ApiKey.id))
)
_HOLDER = (
    select(
        col(ApiKey.id), col(ApiKey.account_id), col(ApiKey.shop_id), col(ApiKey.scopes),
        col(ApiKey.last_used_at),
    )
    .join(Shop, col(Shop.id) == col(ApiKey.shop_id))
    .join(
        Member,
        and_(
            col(Member.shop_id) == col(ApiKey.shop_id),
            col(Member.account_id) == col(ApiKey.account_id),
        ),
    )
    .where(
        col(ApiKey.token_hash) == bindparam("hash"), _LIVING, col(Member.left_at).is_(None),
        col(Shop.closed_at).is_(None), col(Shop.suspended_at).is_(None),
    )
)  # fmt: skip
_USED = (
    update(table_of(ApiKey))
    .where(table_of(ApiKey).c.id == bindparam("key"))
    .values(last_used_at=bindparam("now", type_=UtcDateTime()))
)
_END = (
    update(table_of(ApiKey))
    .where(
        table_of(ApiKey).c.account_id == bindparam("account"),
        table_of(ApiKey).c.shop_id == bindparam("shop"),
        or_(table_of(ApiKey).c.ends_at.is_(None), table_of(ApiKey).c.ends_at > _NOW),
    )
    .values(ends_at=_NOW)
)
_FEED = (
    select(
        col(FeedItem.id), col(AuditRow.act), col(FeedItem.at), col(AuditRow.door),
        col(FeedItem.order_id), col(FeedItem.assignment_id),
    )
    .join(AuditRow, col(AuditRow.id) == col(FeedItem.audit_id))
    .where(col(FeedItem.shop_id) == bindparam("shop"), col(FeedItem.id) > bindparam("after"))
    .order_by(col(FeedItem.id))
    .limit(bindparam("limit"))
)  # fmt: skip
_FED_SINCE = (
    select(col(FeedItem.shop_id), func.max(col(FeedItem.id)))
    .where(col(FeedItem.id) > bindparam("after"))
    .group_by(col(FeedItem.shop_id))
)
# Two looks into the index; min and max of one select would read all of it.
_FIRST = select(func.min(col(FeedItem.id)))
_KEPT = select(_FIRST.scalar_subquery(), select(func.max(col(FeedItem.id))).scalar_subquery())
_FORGOTTEN = delete(table_of(Delivery)).where(
    table_of(Delivery).c.feed_id < _FIRST.scalar_subquery()
)


class ProgramStore(ProgramLists, ProgramOrders):
    """`core.ports.ProgramPort`."""

    def keys_of(self, shop_id: int) -> Sequence[ApiKey]:
        """Return the shop's living keys, the oldest first."""
        return self.session.scalars(_KEYS, {"shop": shop_id, "now": self.now}).all()

    def holder(self, token_hash: str) -> KeyHolder | None:
        """Return for whom the token with this hash speaks now."""
        found = run(self.session, _HOLDER, {"hash": token_hash, "now": self.now}).first()
        return KeyHolder._make(found) if found is not None else None

    def add_key(self, new: ApiKey) -> ApiKey:
        """Keep a new key."""
        self.session.add(new)
        self.session.flush()
        return new

    def end_keys(self, shop_id: int, account_id: int) -> None:
        """End the keys this person made for the shop."""
        run(self.session, _END, {"shop": shop_id, "account": account_id, "now": self.now})

    def used(self, key_id: int) -> None:
        """Keep that a key was used now."""
        run(self.session, _USED, {"key": key_id, "now": self.now})

    def answer(self, shop_id: int, given_key: str, since: datetime) -> tuple[str, Answer] | None:
        """Return what was asked and answered under an idempotency key, if not before `since`."""
        kept = self.session.get(KeptAnswer, (shop_id, given_key))
        if kept is None:
            return None
        if kept.kept_at < since:
            self.session.delete(kept)
            self.session.flush()
            return None
        body = self.sealer.open(kept.sealed, tenant=shop_id, row=given_key, field="answer")
        return kept.asked, Answer(kept.status, kept.media_type, body.encode())

    def keep_answer(self, shop_id: int, given_key: str, asked: str, answer: Answer) -> None:
        """Keep an answer, sealed, in place of one that was under way."""
        body = answer.body.decode()
        kept = KeptAnswer(
            shop_id=shop_id, given_key=given_key, asked=asked, status=answer.status,
            media_type=answer.media_type, kept_at=self.now,
            sealed=self.sealer.seal(body, tenant=shop_id, row=given_key, field="answer"),
        )  # fmt: skip
        self.session.merge(kept)

    def forget_answers(self, before: datetime) -> int:
        """Delete answers kept before then; returns how many."""
        old = delete(table_of(KeptAnswer)).where(table_of(KeptAnswer).c.kept_at < before)
        return self.session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]

    def feed(self, shop_id: int, after: int, limit: int) -> Sequence[Fed]:
        """Return what happened behind a cursor, the oldest first."""
        values = {"shop": shop_id, "after": after, "limit": limit}
        return [Fed._make(row) for row in rows_of(self.session, _FEED, values)]

    def fed_since(self, after: int) -> Mapping[int, int]:
        """Return the shops something has happened to behind a cursor, each with its newest."""
        rows = rows_of(self.session, _FED_SINCE, {"after": after})
        return {shop_id: newest for shop_id, newest in rows}

    def kept(self) -> tuple[int, int]:
        """Return the oldest and the newest cursor there are; zeros while there is none."""
        [(first, last)] = rows_of(self.session, _KEPT)
        return first or 0, last or 0

    def forget_feed(self, kept: timedelta) -> int:
        """Delete what happened longer ago, and what is owed of it, but not the newest: ids go on
        from it.
        """
        items = table_of(FeedItem).c
        old = delete(table_of(FeedItem)).where(
            items.at < self.now - kept, items.id < select(func.max(items.id)).scalar_subquery()
        )
        forgotten = self.session.execute(old).rowcount  # type: ignore[attr-defined]
        if forgotten:
            run(self.session, _FORGOTTEN)
        return int(forgotten)
