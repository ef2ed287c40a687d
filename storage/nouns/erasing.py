"""Finding what is to be erased, and erasing it: set-based, on indexes of what is not erased yet.

`PRAGMA secure_delete` overwrites what is deleted in the file; `storage.database.Database.settle`
empties the write-ahead log of what stood in it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, or_, select, update
from sqlmodel import col

from core.entities import (
    Assignment,
    Erasure,
    Order,
    OrderChange,
    OrderQuestion,
    SealedNotes,
    SealedRecipient,
    Shop,
    Talk,
)
from core.entities.order import ERASABLE
from core.ports.erasing import Erasable
from core.text.free_text import HIDDEN
from core.text.phones import read_phone
from storage.listed import within
from storage.nouns.base import Noun
from storage.rows import rows_of, run, table_of

_CLOSED = or_(
    col(Order.closed_reason).is_not(None),
    col(Order.after_sale) == "refunded",
    and_(col(Order.status) == "shipped", col(Order.after_sale) != "open"),
)
_IN_WORK = exists().where(
    col(Assignment.order_id) == col(Order.id), col(Assignment.ended_at).is_(None)
)
_OVER: ColumnElement[bool] = and_(_CLOSED, ~_IN_WORK)
_OLD = (
    select(col(Order.id))
    .where(ERASABLE, col(Order.sort_at) <= bindparam("before"), _OVER)
    .order_by(col(Order.sort_at))
    .limit(bindparam("limit"))
)
_BETWEEN = (
    select(col(Order.id))
    .where(
        ERASABLE, col(Order.merchant_id) == bindparam("merchant"),
        col(Order.factory_id) == bindparam("factory"), _OVER,
    )
    .limit(bindparam("limit"))
)  # fmt: skip
_FOUND = (
    select(col(Order.id), col(Order.order_no), col(Shop.name), _OVER)
    .join(Shop, col(Shop.id) == col(Order.merchant_id))
    .where(col(Order.erased_at).is_(None))
    .order_by(col(Order.id))
)
_NUMBERED = _FOUND.where(
    col(Order.merchant_id).in_(select(col(Shop.id)).where(col(Shop.role) == "merchant")),
    col(Order.order_no) == bindparam("number"),
)
_THESE = _FOUND.where(within(col(Order.id), "orders"))
_NEXT = (
    select(SealedRecipient.__table__)  # type: ignore[attr-defined]
    .where(col(SealedRecipient.order_id) > bindparam("after"))
    .order_by(col(SealedRecipient.order_id))
    .limit(bindparam("limit"))
)
_SEALED = [
    delete(table_of(one)).where(within(table_of(one).c.order_id, "orders"))
    for one in (SealedRecipient, SealedNotes)
]
_THEIR_ASSIGNMENTS = select(col(Assignment.id)).where(within(col(Assignment.order_id), "orders"))
_QUESTIONS = (
    update(table_of(OrderQuestion))
    .where(table_of(OrderQuestion).c.assignment_id.in_(_THEIR_ASSIGNMENTS))
    .values(question=b"", answer=b"")
)
_CHANGES = select(col(OrderChange.id), col(OrderChange.diffs)).where(
    within(col(OrderChange.order_id), "orders")
)
_CHANGE = (
    update(table_of(OrderChange))
    .where(table_of(OrderChange).c.id == bindparam("row"))
    .values(diffs=bindparam("clean"))
)
_TIMES = select(col(Order.id), col(Order.as_of)).where(within(col(Order.id), "orders"))
_ERASED = (
    update(table_of(Order))
    .where(table_of(Order).c.id == bindparam("row"))
    .values(erased_at=bindparam("now"), complete=False, as_of=bindparam("clean"))
)
_HUSH = delete(table_of(Talk)).where(table_of(Talk).c.asked_at < bindparam("before"))
_TOLD = frozenset({"recipient", "buyer_note", "seller_note"})


class ErasingStore(Noun):
    """`core.ports.ErasingPort`."""

    def old(self, before: datetime, limit: int) -> Sequence[int]:
        """Return orders that have been over since before then, the oldest first."""
        return run(self.session, _OLD, {"before": before, "limit": limit}).scalars().all()

    def parted(self) -> Erasure | None:
        """Return two shops that have parted, between which something is to be erased."""
        return self.session.scalars(select(Erasure).order_by(col(Erasure.id)).limit(1)).first()

    def between(self, merchant_id: int, factory_id: int, limit: int) -> Sequence[int]:
        """Return orders of the merchant that went to the factory last, and are over."""
        asked = {"merchant": merchant_id, "factory": factory_id, "limit": limit}
        return run(self.session, _BETWEEN, asked).scalars().all()

    def part(self, merchant_id: int, factory_id: int) -> None:
        """Keep that what is over between these two is to be erased."""
        self.session.add(Erasure(merchant_id=merchant_id, factory_id=factory_id, asked_at=self.now))

    def settle(self, erasure: Erasure) -> None:
        """Nothing is left to erase between them."""
        self.session.delete(erasure)

    def numbered(self, order_no: str) -> Sequence[Erasable]:
        """Return the orders of every merchant with this number, short of erased ones."""
        return [
            Erasable._make(row) for row in rows_of(self.session, _NUMBERED, {"number": order_no})
        ]

    def these(self, order_ids: Sequence[int]) -> Sequence[Erasable]:
        """Return these orders, short of erased ones."""
        rows = rows_of(self.session, _THESE, {"orders": list(order_ids)})
        return [Erasable._make(row) for row in rows]

    def called(self, phone: str, masked: str, after: int, limit: int) -> tuple[int, list[int]]:
        """Return which of the next recipients have this phone, and how far it looked: 0 at the end.

        Only those are opened whose masked form fits.
        """
        rows = rows_of(self.session, _NEXT, {"after": after, "limit": limit})
        fit = [row for row in rows if row.masked_phone == masked]
        found = [row.order_id for row in fit if self._phone(row) == phone]
        return (rows[-1].order_id if len(rows) == limit else 0), found

    def _phone(self, row: Any) -> str:
        opened = self.sealer.open(row.phone, tenant=row.merchant_id, row=row.row_key, field="phone")
        return str(read_phone(opened) or "")

    def erase(self, order_ids: Sequence[int]) -> None:
        """Erase what these orders hold of people; the orders stay."""
        asked = {"orders": list(order_ids)}
        for statement in (*_SEALED, _QUESTIONS):
            run(self.session, statement, asked)
        changes = [
            {"row": row.id, "clean": [_without_people(diff) for diff in row.diffs]}
            for row in rows_of(self.session, _CHANGES, asked)
            if any(diff["field"] in _TOLD for diff in row.diffs)
        ]
        if changes:
            run(self.session, _CHANGE, changes)
        times = [
            {"row": row.id, "now": self.now, "clean": _without_marks(row.as_of)}
            for row in rows_of(self.session, _TIMES, asked)
        ]
        run(self.session, _ERASED, times)
        self.session.expire_all()  # the statements went past what was loaded

    def hush(self, before: datetime) -> None:
        """Close questions asked of people before then, with what they had said so far."""
        run(self.session, _HUSH, {"before": before})


def _without_people(diff: Mapping[str, Any]) -> dict[str, Any]:
    """Return a difference that says that something changed, no longer from what to what."""
    if diff["field"] not in _TOLD:
        return dict(diff)
    return {"field": diff["field"], "old": HIDDEN, "new": HIDDEN, "first": False}


def _without_marks(as_of: Mapping[str, str] | None) -> dict[str, str] | None:
    """Return the times of an order's fields, without the hashes of whom and what they named."""
    kept = [name for name in as_of or () if name in _TOLD or name.split()[0] not in _TOLD]
    return {name: as_of[name] for name in kept} if as_of else None
