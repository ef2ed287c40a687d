"""What programs follow, made from the audit rows of a visit by one statement before it commits.

So nothing that is recorded can be missing from it. A shop without a living key or webhook has no
feed, and a house without any pays one look at two small tables. What platforms are to be told is
owed by the same rows (`storage.calls_owed`), and so is what becomes of e-waybills
(`storage.tickets_owed`).
"""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import and_, bindparam, event, func, insert, or_, select, text, union_all
from sqlmodel import Session, col

from core.columns import UtcDateTime
from core.entities import ApiKey, Assignment, AuditRow, FeedItem, Order, Webhook
from core.programs.published import PUBLISHED
from storage.calls_owed import ANY_LINK, owe_calls
from storage.rows import run, table_of
from storage.server_locks import FEEDING
from storage.tickets_owed import settle_tickets

_NOW = bindparam("now", type_=UtcDateTime())
_FED = union_all(
    select(col(ApiKey.shop_id)).where(
        or_(col(ApiKey.ends_at).is_(None), col(ApiKey.ends_at) > _NOW)
    ),
    select(col(Webhook.shop_id)).where(col(Webhook.ended_at).is_(None)),
)
_ANY = _FED.limit(1)
_NEWEST = select(func.max(col(AuditRow.id)))

_ABOUT: Any = col(AuditRow.detail)["assignment"].as_integer()
_NEW = and_(
    col(AuditRow.id) > bindparam("since"),
    col(AuditRow.order_id).is_not(None),
    col(AuditRow.act).in_(sorted(PUBLISHED)),
)
# An act on a whole order is news at the factories that have it, or had it until this moment.
_CONCERNED = or_(
    col(Assignment.id) == _ABOUT,
    and_(
        _ABOUT.is_(None),
        or_(
            col(Assignment.ended_at).is_(None),
            col(Assignment.ended_at) == _NOW,
            col(Assignment.status) == "shipped",
        ),
    ),
)
_AT_FACTORIES: Any = (
    select(
        col(Assignment.factory_id).label("shop"), col(AuditRow.id).label("audit"),
        col(AuditRow.order_id), col(Assignment.id), col(AuditRow.at),
    )
    .join(Assignment, and_(col(Assignment.order_id) == col(AuditRow.order_id), _CONCERNED))
    .where(_NEW, col(Assignment.factory_id).in_(_FED))
)  # fmt: skip
_AT_MERCHANTS: Any = (
    select(
        col(Order.merchant_id).label("shop"), col(AuditRow.id).label("audit"),
        col(AuditRow.order_id), _ABOUT, col(AuditRow.at),
    )
    .join(Order, col(Order.id) == col(AuditRow.order_id))
    .where(_NEW, col(Order.merchant_id).in_(_FED))
)  # fmt: skip
_BOTH = _AT_FACTORIES.union_all(_AT_MERCHANTS).order_by("audit", "shop")
_FEED = insert(table_of(FeedItem)).from_select(
    ["shop_id", "audit_id", "order_id", "assignment_id", "at"], _BOTH
)
_IN_TURN = text("SELECT pg_advisory_xact_lock(:lock)").bindparams(bindparam("lock", FEEDING))
# An act on an order makes its row a new one: two visits that act on one order at once meet there
# (`storage.holding`). Rows this visit has changed anyway are new already.
_TOUCH = text(
    "UPDATE orders SET tab = tab WHERE xmin != pg_current_xact_id()::xid AND id IN "
    "(SELECT order_id FROM audit WHERE id > :since AND order_id IS NOT NULL)"
)


class Feeding:
    """One visit's part of the feed."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._begun = False

    def begin(self) -> None:
        """Call before the first audit row of a visit: what follows it is fed before the commit."""
        if self._begun:
            return
        self._begun = True
        connection = self._session.connection()
        served = connection.dialect.name != "sqlite"
        fed = self._session.execute(_ANY, {"now": self._now}).first() is not None
        linked = connection.execute(ANY_LINK).first() is not None
        if fed or linked or served:
            # One snapshot: what is newer than this, and seen, is this visit's own.
            since = self._session.scalar(_NEWEST) or 0
            ending = partial(self._end, since, fed=fed, linked=linked, served=served)
            event.listen(self._session, "before_commit", lambda _: ending())

    def _end(self, since: int, *, fed: bool, linked: bool, served: bool) -> None:
        if self._session.in_nested_transaction():  # a savepoint's: the visit goes on
            return
        self._session.flush()
        if linked:
            owe_calls(self._session, since, self._now)
            settle_tickets(self._session, since, self._now)
        if served:
            run(self._session, _TOUCH, {"since": since})
        if fed:
            self._feed({"since": since, "now": self._now}, served=served)

    def _feed(self, values: dict[str, Any], *, served: bool) -> None:
        """Append to the feed; last of all, for on a server the others wait from here to the commit.

        Whoever follows the feed by ids must never meet a smaller one later: so ids are taken, and
        committed, by one visit after another.
        """
        if served:
            if run(self._session, _BOTH.limit(1), values).first() is None:
                return
            run(self._session, _IN_TURN)
        run(self._session, _FEED, values)
