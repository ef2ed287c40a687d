"""Notices of changes: one for each change and assignment, until it is seen or work has ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func, or_, select, update
from sqlmodel import col

from core.changes.change_views import NoticeView, Unseen, Waiting
from core.entities import (
    Account,
    Alert,
    Assignment,
    Binding,
    ChangeNotice,
    Look,
    Order,
    OrderChange,
    Shop,
)
from core.ids import key
from core.ports.notices import Hearing
from core.values import Actor
from storage.listed import within
from storage.nouns.base import Noun
from storage.rows import insert_rows, rows_of, run, table_of

_TABLE = table_of(ChangeNotice)
_SEE = (
    update(_TABLE)
    .where(_TABLE.c.assignment_id == bindparam("assignment"), _TABLE.c.seen_at.is_(None))
    .values(seen_at=bindparam("now"), seen_by=bindparam("account"), due_at=None)
)
_SEE_MANY = (
    update(_TABLE)
    .where(within(_TABLE.c.assignment_id, "ids"), _TABLE.c.seen_at.is_(None))
    .values(seen_at=bindparam("now"), seen_by=bindparam("account"), due_at=None)
)
_GIVEN = table_of(Assignment)
_SEEN = (
    update(_GIVEN)
    .where(within(_GIVEN.c.id, "ids"))
    .values(changed_at=None, acknowledged_at=bindparam("now"))
)
_UNSEEN = (
    select(
        col(Assignment.id), col(Assignment.merchant_id), col(Assignment.binding_id),
        col(Order.order_no),
    )
    .join(Order, col(Order.id) == col(Assignment.order_id))
    .where(
        col(Assignment.factory_id) == bindparam("factory"),
        col(Assignment.changed_at) <= bindparam("until"),
        or_(bindparam("binding") == 0, col(Assignment.binding_id) == bindparam("binding")),
    )
    .order_by(col(Assignment.changed_at), col(Assignment.id))
    .limit(bindparam("limit"))
)  # fmt: skip
_AMONG = select(col(Assignment.id)).where(
    within(col(Assignment.id), "ids"), col(Assignment.changed_at).is_not(None)
)
_LOOKED_SINCE = exists().where(
    col(Look.assignment_id) == col(ChangeNotice.assignment_id),
    col(Look.at) >= col(ChangeNotice.told_at),
)
_WAITING = (
    select(col(ChangeNotice.assignment_id), col(OrderChange.diffs), _LOOKED_SINCE.label("looked"))
    .join(OrderChange, col(OrderChange.id) == col(ChangeNotice.change_id))
    .where(within(col(ChangeNotice.assignment_id), "ids"), col(ChangeNotice.seen_at).is_(None))
)
# Told before the work ended: nothing waits for it any more. What ended it is told as it ends.
_ENDED = and_(
    col(Assignment.ended_at).is_not(None), col(ChangeNotice.told_at) < col(Assignment.ended_at)
)
_OF_ORDER = (
    select(
        col(ChangeNotice.change_id), col(ChangeNotice.assignment_id),
        col(Binding.merchant_alias), col(Shop.name).label("shop"), col(OrderChange.changed_at),
        col(OrderChange.diffs), col(ChangeNotice.seen_at), col(Account.name).label("seen_by"),
        col(ChangeNotice.escalated_at), _ENDED.label("ended"), col(Assignment.status),
    )
    .select_from(ChangeNotice)
    .join(OrderChange, col(OrderChange.id) == col(ChangeNotice.change_id))
    .join(Assignment, col(Assignment.id) == col(ChangeNotice.assignment_id))
    .join(Shop, col(Shop.id) == col(ChangeNotice.factory_id))
    .join(Binding, col(Binding.id) == col(Assignment.binding_id))
    .outerjoin(Account, col(Account.id) == col(ChangeNotice.seen_by))
    .where(col(Assignment.order_id) == bindparam("order"))
    .order_by(col(ChangeNotice.id).desc())
    .limit(bindparam("limit"))
)  # fmt: skip
_OVER = (
    update(_TABLE)
    .where(
        _TABLE.c.id.in_(
            select(col(ChangeNotice.id))
            .join(Assignment, col(Assignment.id) == col(ChangeNotice.assignment_id))
            .where(col(ChangeNotice.due_at) <= bindparam("now"), _ENDED)
        )
    )
    .values(due_at=None)
)
_DUE = (
    select(ChangeNotice)
    .join(Assignment, col(Assignment.id) == col(ChangeNotice.assignment_id))
    .where(
        col(ChangeNotice.due_at) <= bindparam("now"),
        or_(col(Assignment.ended_at).is_(None),
            col(ChangeNotice.told_at) >= col(Assignment.ended_at)),
    )
    .order_by(col(ChangeNotice.due_at), col(ChangeNotice.id))
    .limit(bindparam("limit"))
)  # fmt: skip
# What a notice goes out with, in the transaction that keeps it; and what it is repeated with.
_NEWS = ("OrderChanged", "OrdersChanged", "OrderLetGo")
_REPEAT = "FellDue"
_ARRIVED = col(Alert.state).in_(["sent", "unknown"])
_HEARING: Any = (
    select(
        col(ChangeNotice.id),
        func.min(case((_ARRIVED, col(Alert.settled_at)))),
        func.min(case((col(Alert.state) == "owed", col(Alert.due_at)))),
    )
    .where(within(col(ChangeNotice.id), "notices"))
    .group_by(col(ChangeNotice.id))
)
_FIRST = _HEARING.join(
    Alert,
    and_(
        col(Alert.shop_id) == col(ChangeNotice.factory_id),
        col(Alert.created_at) == col(ChangeNotice.told_at),
        col(Alert.event).in_(_NEWS),
    ),
).where(col(ChangeNotice.repeated_at).is_(None))
# A repetition may have joined a message that waited already.
_AGAIN = _HEARING.join(
    Alert,
    and_(
        col(Alert.shop_id) == col(ChangeNotice.factory_id),
        col(Alert.created_at) >= col(ChangeNotice.told_at),
        col(Alert.created_at) <= col(ChangeNotice.repeated_at),
        col(Alert.event) == _REPEAT,
        or_(col(Alert.settled_at).is_(None),
            col(Alert.settled_at) >= col(ChangeNotice.repeated_at)),
    ),
).where(col(ChangeNotice.repeated_at).is_not(None))  # fmt: skip


class NoticeStore(Noun):
    """`core.ports.NoticePort`."""

    def add_many(self, told: Sequence[tuple[int, Assignment]], due_at: datetime) -> None:
        """Keep that these changes are told to these assignments' factories, seen by `due_at`."""
        rows = [
            {"change_id": change_id, "assignment_id": key(given), "merchant_id": given.merchant_id,
             "factory_id": given.factory_id, "told_at": self.now, "due_at": due_at}
            for change_id, given in told
        ]  # fmt: skip
        if rows:
            insert_rows(self.session, ChangeNotice, rows)

    def see(self, assignment_id: int, account_id: int) -> int:
        """Mark what is told to an assignment and nobody has seen; return how many there were."""
        asked = {"assignment": assignment_id, "account": account_id, "now": self.now}
        return run(self.session, _SEE, asked).rowcount

    def unseen(
        self, factory_id: int, binding_id: int, until: datetime, limit: int
    ) -> Sequence[Unseen]:
        """Return what a factory has not seen of changes until then; of one binding, or (0) all."""
        asked = {"factory": factory_id, "binding": binding_id, "until": until, "limit": limit}
        return [Unseen(*row) for row in rows_of(self.session, _UNSEEN, asked)]

    def unseen_among(self, assignment_ids: Sequence[int]) -> Sequence[int]:
        """Return which of these wait for 已知晓."""
        return [one.id for one in rows_of(self.session, _AMONG, {"ids": assignment_ids})]

    def waiting(self, assignment_ids: Sequence[int]) -> Sequence[Waiting]:
        """Return the changes of these that nobody has pressed 已知晓 for."""
        rows = rows_of(self.session, _WAITING, {"ids": assignment_ids})
        return [Waiting(one.assignment_id, one.diffs, bool(one.looked)) for one in rows]

    def see_many(self, actor: Actor, assignment_ids: Sequence[int]) -> None:
        """Somebody of the factory has seen every change of these, each of which waits for it."""
        seen = {"ids": assignment_ids, "now": self.now}
        run(self.session, _SEE_MANY, {**seen, "account": actor.account_id})
        run(self.session, _SEEN, seen)
        self.counters.shift(actor.shop_id, {"changed": -len(assignment_ids)})
        self.read_again(Assignment, assignment_ids)

    def of_order(self, order_id: int, limit: int) -> Sequence[NoticeView]:
        """Return what was told of an order's changes, the newest first."""
        rows = rows_of(self.session, _OF_ORDER, {"order": order_id, "limit": limit})
        return [
            NoticeView(
                one.change_id, one.assignment_id, one.merchant_alias or one.shop, one.changed_at,
                one.diffs, one.seen_at, one.seen_by or "", one.escalated_at is not None,
                bool(one.ended), one.status == "shipped",
            )
            for one in rows
        ]  # fmt: skip

    def due(self, limit: int) -> Sequence[ChangeNotice]:
        """Return notices nobody has seen in time, the longest due first.

        Those whose work has ended meanwhile are over: they are never due again.
        """
        run(self.session, _OVER, {"now": self.now})
        return self.session.scalars(_DUE, {"now": self.now, "limit": limit}).all()

    def heard(self, notice_ids: Sequence[int]) -> Mapping[int, Hearing]:
        """Return whether what each last told has arrived; nothing of those told to no chat."""
        asked = {"notices": notice_ids}
        return {
            notice_id: Hearing(at, waits)
            for query in (_FIRST, _AGAIN)
            for notice_id, at, waits in rows_of(self.session, query, asked)
        }
