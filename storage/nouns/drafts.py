"""Prepared work: selections, parsed files, half-settled shipments."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, literal, not_, select, update
from sqlmodel import col

from core.entities import (
    AssignDraft,
    AssignDraftItem,
    Assignment,
    ImportDraft,
    Order,
    PasteDraft,
    ShipDraft,
)
from core.orders.narrowing import Conditions
from core.orders.standing import unassignable_reason
from core.orders.views import DraftOrder
from storage.nouns.base import Noun
from storage.nouns.order_filters import checked, walked
from storage.nouns.paste_drafts import PasteDrafts
from storage.nouns.stops import GOES_ON, STOP_COLUMNS
from storage.nouns.waiting_drafts import WaitingDrafts
from storage.rows import chunks, rows_of, run, table_of

ITEM: tuple[Any, ...] = (
    Order.id, Order.order_no, Order.pieces, Order.sort_at, AssignDraftItem.revision,
    Order.revision.label("now"), Order.status, *STOP_COLUMNS,  # type: ignore[attr-defined]
    Order.complete, Order.tab,
)  # fmt: skip

_EVERYTHING = (
    select(*ITEM)
    .join(Order, col(Order.id) == col(AssignDraftItem.order_id))
    .where(col(AssignDraftItem.draft_id) == bindparam("draft"))
    .order_by(col(Order.sort_at), col(Order.id))
)
_ORDERS = _EVERYTHING.where(col(AssignDraftItem.left_out) == "")
_IS_LEFT_OUT = (
    col(AssignDraftItem.draft_id) == bindparam("draft"),
    col(AssignDraftItem.left_out) != "",
)
_LEFT_OUT = (
    select(col(Order.id), col(Order.order_no), col(AssignDraftItem.left_out))
    .join(Order, col(Order.id) == col(AssignDraftItem.order_id))
    .where(*_IS_LEFT_OUT)
    .order_by(col(Order.sort_at), col(Order.id))
)
_SIZE = select(func.count()).where(
    col(AssignDraftItem.draft_id) == bindparam("draft"), col(AssignDraftItem.left_out) == ""
)
_LEFT_OUT_SIZE = select(func.count()).where(*_IS_LEFT_OUT)
# In SQL what `core.orders.standing.unassignable_reason` says when it says nothing; a test compares.
ASSIGNABLE = and_(
    col(Order.tab) == "unassigned",
    col(Order.complete),
    GOES_ON,
)
AS_TAKEN = col(Order.revision) == col(AssignDraftItem.revision)
_SPOILT = _ORDERS.where(not_(and_(ASSIGNABLE, AS_TAKEN)))
_ITEM_TABLE = table_of(AssignDraftItem)
_SET_ASIDE = (
    update(_ITEM_TABLE)
    .where(
        _ITEM_TABLE.c.draft_id == bindparam("draft"), _ITEM_TABLE.c.order_id == bindparam("order")
    )
    .values(left_out=bindparam("why"))
)
_LEAVE_OUT = delete(_ITEM_TABLE).where(
    _ITEM_TABLE.c.draft_id == bindparam("draft"),
    _ITEM_TABLE.c.order_id.in_(
        select(col(Assignment.order_id)).where(col(Assignment.draft_id) == bindparam("batch"))
    ),
)

APPLYING = timedelta(hours=1)
_CURRENT = (
    select(AssignDraft)
    .where(
        col(AssignDraft.shop_id) == bindparam("shop"),
        col(AssignDraft.account_id) == bindparam("account"),
        col(AssignDraft.ticked),
        col(AssignDraft.state) == "open",
    )
    .order_by(col(AssignDraft.id).desc())
    .limit(1)
)


class DraftStore(WaitingDrafts, PasteDrafts, Noun):
    """`core.ports.DraftPort`."""

    def get(self, draft_id: int) -> AssignDraft | None:
        """Return the selection."""
        return self.lasting(AssignDraft, draft_id)

    def current(self, shop_id: int, account_id: int) -> AssignDraft | None:
        """Return the person's selection that is still being ticked."""
        return self.session.scalars(
            _CURRENT, {"shop": shop_id, "account": account_id}
        ).one_or_none()

    def add(self, draft: AssignDraft) -> AssignDraft:
        """Keep a new selection."""
        self.session.add(draft)
        self.session.flush()
        return draft

    def toggle(self, draft_id: int, order_id: int, revision: int) -> bool:
        """Take an order in, or out if it was in. Returns whether it is in now."""
        item = self.found(AssignDraftItem, draft_id, order_id)
        if item is not None:
            self.session.delete(item)
        else:
            self.session.add(
                AssignDraftItem(draft_id=draft_id, order_id=order_id, revision=revision)
            )
        self.session.flush()
        return item is None

    def take_unassigned(self, draft_id: int, merchant_id: int, limit: int) -> None:
        """Take in what stands in 待分配, nearest deadline first."""
        nearest = (
            select(literal(draft_id), col(Order.id), col(Order.revision))
            .where(col(Order.merchant_id) == merchant_id, col(Order.tab) == "unassigned")
            .order_by(col(Order.sort_at), col(Order.id))
            .limit(limit)
        )
        self._insert_items(nearest)

    def take_matching(self, draft_id: int, merchant_id: int, asked: Conditions, limit: int) -> None:
        """Take in what stands in 待分配, matches and is not in yet, nearest deadline first."""
        inside = select(literal(1)).where(
            col(AssignDraftItem.draft_id) == draft_id,
            col(AssignDraftItem.order_id) == col(Order.id),
        )
        matching = (
            select(literal(draft_id), col(Order.id), col(Order.revision))
            .where(*walked(merchant_id, "unassigned", asked), *checked(asked), ~inside.exists())
            .order_by(col(Order.sort_at), col(Order.id))
            .limit(limit)
        )
        self._insert_items(matching)

    def take(self, draft_id: int, order_ids: Sequence[int]) -> None:
        """Take in these orders."""
        for some in chunks(order_ids):
            self._insert_items(
                select(literal(draft_id), col(Order.id), col(Order.revision)).where(
                    col(Order.id).in_(some)
                )
            )

    def _insert_items(self, query: Any) -> None:
        self.session.execute(
            insert(AssignDraftItem).from_select(
                ["draft_id", "order_id", "revision", "left_out"],
                query.add_columns(literal("")),
            )
        )

    def picked(self, draft_id: int, order_ids: Sequence[int]) -> set[int]:
        """Return which of these orders are in."""
        return set(
            self.session.scalars(
                select(col(AssignDraftItem.order_id)).where(
                    col(AssignDraftItem.draft_id) == draft_id,
                    col(AssignDraftItem.order_id).in_(order_ids),
                )
            )
        )

    def size(self, draft_id: int) -> int:
        """Return how many orders are in; bounded by what one selection may hold."""
        return int(run(self.session, _SIZE, {"draft": draft_id}).scalar_one())

    def orders(self, draft_id: int) -> Sequence[DraftOrder]:
        """Return the orders it assigns as they are now, nearest deadline first."""
        return self._items(_ORDERS, draft_id)

    def spoilt(self, draft_id: int) -> Sequence[DraftOrder]:
        """Return those it cannot assign any more as they were taken in."""
        return self._items(_SPOILT, draft_id)

    def everything(self, draft_id: int) -> Sequence[DraftOrder]:
        """Return those left out as well."""
        return self._items(_EVERYTHING, draft_id)

    def _items(self, query: Any, draft_id: int) -> list[DraftOrder]:
        rows = rows_of(self.session, query, {"draft": draft_id})
        begun = [row.id for row in rows if row.status in ("assigned", "part_shipped", "shipped")]
        owed = self.visit.orders.owed_of(begun) if begun else {}
        return [
            DraftOrder(
                row.id, row.order_no, row.pieces - owed.get(row.id, 0), row.sort_at, row.revision,
                row.now, unassignable_reason(row),
            )
            for row in rows
        ]  # fmt: skip

    def set_aside(self, draft_id: int, reasons: Mapping[int, str]) -> None:
        """Mark orders of a frozen draft as left out, each with its reason."""
        rows = [{"draft": draft_id, "order": one, "why": why} for one, why in reasons.items()]
        if rows:
            run(self.session, _SET_ASIDE, rows)

    def left_out(self, draft_id: int) -> list[tuple[int, str, str]]:
        """Return (order, number, reason) of what a frozen draft leaves out."""
        rows = run(self.session, _LEFT_OUT, {"draft": draft_id})
        return [(one, number, why) for one, number, why in rows]

    def left_out_size(self, draft_id: int) -> int:
        """Return how many those are."""
        return int(run(self.session, _LEFT_OUT_SIZE, {"draft": draft_id}).scalar_one())

    def drop_last(self, draft_id: int, n: int) -> None:
        """Take out the `n` orders with the latest deadlines."""
        rows = run(self.session, _EVERYTHING.with_only_columns(col(Order.id)), {"draft": draft_id})
        self.leave_out(draft_id, rows.scalars().all()[-n:])

    def empty(self, draft_id: int) -> None:
        """Take every order out."""
        self.session.execute(
            delete(AssignDraftItem).where(col(AssignDraftItem.draft_id) == draft_id)
        )

    def leave_out(self, draft_id: int, order_ids: Sequence[int]) -> None:
        """Take these orders out."""
        for some in chunks(order_ids):
            self.session.execute(
                delete(AssignDraftItem).where(
                    col(AssignDraftItem.draft_id) == draft_id,
                    col(AssignDraftItem.order_id).in_(some),
                )
            )

    def leave_out_given(self, draft_id: int, batch_id: int) -> None:
        """Take out what a batch has assigned meanwhile."""
        run(self.session, _LEAVE_OUT, {"draft": draft_id, "batch": batch_id})

    def confirm(self, draft_id: int) -> bool:
        """Spend the draft. Returns False when it was spent before."""
        draft = self.lasting_one(AssignDraft, draft_id)
        if draft.state != "frozen":
            return False
        draft.state, draft.confirmed_at = "confirmed", self.now
        return True

    def drop_older(self, than: datetime) -> int:
        """Drop unconfirmed drafts made before `than`, and what every older sealed one held.

        An import that is just being applied has an hour more.
        """
        dropped = 0
        applying = and_(
            col(ImportDraft.state) == "frozen", col(ImportDraft.created_at) >= than - APPLYING
        )
        for table in (AssignDraft, ImportDraft, PasteDraft, ShipDraft):
            stale = self.session.scalars(
                select(table).where(
                    col(table.created_at) < than,
                    col(table.state).in_(("open", "frozen")),
                    *([not_(applying)] if table is ImportDraft else []),
                )
            ).all()
            for draft in stale:
                draft.state = "dropped"
            dropped += len(stale)
        self.session.flush()
        for sealed in (ImportDraft, PasteDraft):
            self.session.execute(
                update(sealed)
                .where(
                    col(sealed.created_at) < than,
                    col(sealed.sealed) != b"",
                    *([not_(applying)] if sealed is ImportDraft else []),
                )
                .values(sealed=b"")
                .execution_options(synchronize_session=False)
            )
        return dropped
