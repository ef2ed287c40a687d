"""Webhooks of shops, and what is owed to them: written from the feed a slice at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Integer,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlmodel import col

from core.columns import UtcDateTime
from core.entities import AuditRow, Delivery, FeedItem, Webhook
from core.ids import key
from core.programs.facts import Fed
from storage.listed import within
from storage.nouns.base import Noun
from storage.nouns.shops import SUSPENDED
from storage.rows import rows_of, run, table_of

FRESH = timedelta(minutes=1)  # so long an item counts as having just happened
LEAD = timedelta(hours=1)  # how far it goes before others; so nothing waits for ever
_D = table_of(Delivery).c
_NOW = bindparam("now", type_=UtcDateTime())
_SHOP: Any = bindparam("shop")
_HOOK: Any = bindparam("webhook")
_LIMIT: Any = bindparam("limit")
_OWN = (
    select(Webhook)
    .where(col(Webhook.shop_id) == _SHOP, col(Webhook.ended_at).is_(None))
    .order_by(col(Webhook.id))
)
_END_OF = (
    update(table_of(Webhook))
    .where(
        table_of(Webhook).c.shop_id == _SHOP,
        table_of(Webhook).c.account_id == bindparam("account"),
        table_of(Webhook).c.ended_at.is_(None),
    )
    .values(ended_at=_NOW)
)
_DROP = delete(table_of(Delivery)).where(_D.webhook_id == _HOOK)
_OWED = select(func.count()).select_from(
    select(literal(1)).where(_D.webhook_id == _HOOK).limit(_LIMIT).subquery()
)
_FIRST_SINCE = select(func.min(col(FeedItem.id))).where(
    col(FeedItem.shop_id) == _SHOP, col(FeedItem.at) >= bindparam("since", type_=UtcDateTime())
)
_AFTER = and_(col(FeedItem.shop_id) == _SHOP, col(FeedItem.id) > bindparam("after"))
_HAPPENED = select(func.count()).select_from(
    select(literal(1)).select_from(table_of(FeedItem)).where(_AFTER).limit(_LIMIT).subquery()
)
_ANY = (
    select(literal(1))
    .where(col(Webhook.ended_at).is_(None), col(Webhook.disabled_at).is_(None))
    .limit(1)
)
_BEHIND = (
    select(Webhook)
    .where(
        col(Webhook.ended_at).is_(None),
        col(Webhook.disabled_at).is_(None),
        exists().where(
            col(FeedItem.shop_id) == col(Webhook.shop_id), col(FeedItem.id) > col(Webhook.fed_to)
        ),
    )
    .order_by(col(Webhook.id))
    .limit(_LIMIT)
)
# Up to where one slice goes: the last of so many items behind the cursor.
_NEXT = select(col(FeedItem.id)).where(_AFTER).order_by(col(FeedItem.id)).limit(_LIMIT).subquery()
_UP_TO = select(func.max(_NEXT.c.id), func.count())
# What has just happened goes before what is sent again or has waited: it is due as if for long.
_DUE_AT = case(
    (col(FeedItem.at) >= bindparam("fresh", type_=UtcDateTime()),
     bindparam("ahead", type_=UtcDateTime())),
    else_=_NOW,
)  # fmt: skip
_OWE = insert(table_of(Delivery)).from_select(
    ["webhook_id", "feed_id", "due_at", "tries"],
    select(
        bindparam("webhook", type_=Integer()), col(FeedItem.id), _DUE_AT, literal(0, Integer())
    ).where(
        _AFTER,
        col(FeedItem.id) <= bindparam("up_to"),
        ~exists().where(_D.webhook_id == _HOOK, _D.feed_id == col(FeedItem.id)),
    ),
)
_EARLIEST = (
    select(func.min(_D.due_at))
    .where(_D.webhook_id == col(Webhook.id))
    .correlate(Webhook)
    .scalar_subquery()
)
_DUE = (
    select(col(Webhook.id), col(Webhook.failing_since))
    .where(
        col(Webhook.ended_at).is_(None),
        col(Webhook.disabled_at).is_(None),
        _EARLIEST <= _NOW,
        col(Webhook.shop_id).not_in(SUSPENDED),
    )
    .order_by(_EARLIEST)
)
_NEXT_DUE = select(func.min(col(Delivery.due_at)))
_CLAIM = (
    select(
        col(FeedItem.id), col(AuditRow.act), col(FeedItem.at), col(AuditRow.door),
        col(FeedItem.order_id), col(FeedItem.assignment_id),
    )
    .join(Delivery, col(Delivery.feed_id) == col(FeedItem.id))
    .join(AuditRow, col(AuditRow.id) == col(FeedItem.audit_id))
    .where(col(Delivery.webhook_id) == _HOOK, col(Delivery.due_at) <= _NOW)
    .order_by(col(Delivery.due_at), col(Delivery.feed_id))
    .limit(_LIMIT)
    .with_for_update(of=Delivery, skip_locked=True)
)  # fmt: skip
_THESE = and_(_D.webhook_id == _HOOK, within(_D.feed_id, "items"))
_LEASE = (
    update(table_of(Delivery)).where(_THESE).values(due_at=bindparam("until", type_=UtcDateTime()))
)
_RECEIVED = delete(table_of(Delivery)).where(_THESE)
_TRIES = select(_D.feed_id, _D.tries).where(_THESE).order_by(_D.feed_id)
# What has failed before waits for its own time, whether it was being sent again or not.
_RELEASE = update(table_of(Delivery)).where(_D.tries == 0, _D.due_at > _NOW).values(due_at=_NOW)
_PUT_OFF = (
    update(table_of(Delivery))
    .where(_D.webhook_id == _HOOK, _D.feed_id == bindparam("item"))
    .values(due_at=bindparam("later", type_=UtcDateTime()), tries=bindparam("tried"))
)


class WebhookStore(Noun):
    """`core.ports.WebhookPort`."""

    def own(self, shop_id: int) -> Sequence[Webhook]:
        """Return the shop's webhooks, also those that are off, the oldest first."""
        return self.session.scalars(_OWN, {"shop": shop_id}).all()

    def get(self, webhook_id: int) -> Webhook | None:
        """Return the webhook, ended or not."""
        return self.found(Webhook, webhook_id)

    def add(self, new: Webhook) -> Webhook:
        """Keep a new webhook."""
        self.session.add(new)
        self.session.flush()
        return new

    def seal(self, shop_id: int, url: str, secret: str) -> bytes:
        """Seal a secret to its shop and address."""
        return self.sealer.seal(secret, tenant=shop_id, row=url, field="webhook_secret")

    def open(self, shop_id: int, url: str, sealed: bytes) -> str:
        """Return a sealed secret."""
        return self.sealer.open(sealed, tenant=shop_id, row=url, field="webhook_secret")

    def end_of(self, shop_id: int, account_id: int) -> None:
        """End the webhooks this person made for the shop, with what is owed to them."""
        mine = [one for one in self.own(shop_id) if one.account_id == account_id]
        for one in mine:
            self.drop(key(one))
        run(self.session, _END_OF, {"shop": shop_id, "account": account_id, "now": self.now})
        self._forget_loaded(Webhook)

    def drop(self, webhook_id: int) -> None:
        """Owe nothing to this webhook any more."""
        run(self.session, _DROP, {"webhook": webhook_id})

    def owed(self, webhook_id: int, most: int) -> int:
        """Return how many items are owed, counted up to `most`."""
        return self.session.scalar(_OWED, {"webhook": webhook_id, "limit": most}) or 0

    def first_since(self, shop_id: int, since: datetime) -> int | None:
        """Return the first item of the shop's feed that happened since then."""
        return self.session.scalar(_FIRST_SINCE, {"shop": shop_id, "since": since})

    def happened(self, shop_id: int, after: int, most: int) -> int:
        """Return how many items stand behind a cursor, counted up to `most`."""
        values = {"shop": shop_id, "after": after, "limit": most}
        return self.session.scalar(_HAPPENED, values) or 0

    def any(self) -> bool:
        """Return whether anything is sent anywhere."""
        return self.session.scalar(_ANY) is not None

    def behind(self, limit: int) -> Sequence[Webhook]:
        """Return webhooks whose shop's feed has more than they are owed yet."""
        return self.session.scalars(_BEHIND, {"limit": limit}).all()

    def owe(self, webhook: Webhook, most: int) -> int:
        """Owe at most so many items of the feed behind `fed_to`; returns how many it went on."""
        asked = {"shop": webhook.shop_id, "after": webhook.fed_to}
        [(up_to, n)] = rows_of(self.session, _UP_TO, {**asked, "limit": most})
        if n:
            about = {
                **asked, "webhook": key(webhook), "up_to": up_to, "now": self.now,
                "fresh": self.now - FRESH, "ahead": self.now - LEAD,
            }  # fmt: skip
            run(self.session, _OWE, about)
            webhook.fed_to = up_to
        return int(n)

    def due(self) -> Sequence[tuple[int, bool]]:
        """Return the webhooks something is due to, who waits longest first, and which fail."""
        found = rows_of(self.session, _DUE, {"now": self.now})
        return [(webhook_id, failing is not None) for webhook_id, failing in found]

    def next_due(self) -> datetime | None:
        """Return when the next item is due to anybody."""
        return self.session.scalar(_NEXT_DUE)

    def claim(self, webhook_id: int, limit: int, until: datetime) -> Sequence[Fed]:
        """Return what is due to it, at most so many items; they are due again at `until`."""
        values = {"webhook": webhook_id, "now": self.now, "limit": limit}
        found = [Fed._make(row) for row in rows_of(self.session, _CLAIM, values)]
        items = [one.id for one in found]
        run(self.session, _LEASE, {"webhook": webhook_id, "items": items, "until": until})
        return found

    def release(self) -> None:
        """Let what was sent for the first time be due: whoever was sending it is dead."""
        run(self.session, _RELEASE, {"now": self.now})

    def received(self, webhook_id: int, feed_ids: Sequence[int]) -> None:
        """Owe these items no more."""
        run(self.session, _RECEIVED, {"webhook": webhook_id, "items": list(feed_ids)})

    def tries(self, webhook_id: int, feed_ids: Sequence[int]) -> Mapping[int, int]:
        """Return of these items that are owed how often each has failed before."""
        values = {"webhook": webhook_id, "items": list(feed_ids)}
        return {item: tries for item, tries in rows_of(self.session, _TRIES, values)}

    def put_off(self, webhook_id: int, later: Sequence[tuple[int, datetime, int]]) -> None:
        """Let these items be due later, each after so many failures."""
        rows = [
            {"webhook": webhook_id, "item": item, "later": at, "tried": tried}
            for item, at, tried in later
        ]
        if rows:
            run(self.session, _PUT_OFF, rows)
