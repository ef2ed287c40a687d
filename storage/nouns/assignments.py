"""Assignments, their pieces, and the factory's lists."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, select
from sqlmodel import col

from core.entities import (
    Assignment,
    AssignmentPiece,
    Binding,
    Extra,
    FactoryTab,
    Order,
    OrderLine,
)
from core.orders.standing import stop_reason
from core.orders.views import AssignmentRow, Cursor, Page
from core.text.tags import read_tag
from storage.keyset import keyset_page, page_of
from storage.listed import within
from storage.nouns.assignment_answers import AssignmentAnswers
from storage.nouns.assignment_endings import AssignmentEndings
from storage.nouns.assignment_finds import AssignmentFinds
from storage.nouns.assignment_lists import AssignmentLists
from storage.nouns.base import Noun
from storage.nouns.extra_assignments import ExtraAssignments
from storage.nouns.packing import AssignmentPacking
from storage.nouns.split_assignments import SplitAssignments
from storage.nouns.stops import STOP_COLUMNS
from storage.nouns.ticks import AssignmentTicks
from storage.rows import rows_of, run

ROW: tuple[Any, ...] = (
    Assignment.tag, Order.order_no, Assignment.status, Assignment.extra,
    Assignment.held_until, Assignment.changed_at.label("changed"), *STOP_COLUMNS,  # type: ignore[union-attr]
    Order.ship_by, Assignment.sort_at, Assignment.id,
)  # fmt: skip

_ROWS = (
    select(*ROW)
    .join(Order, col(Order.id) == col(Assignment.order_id))
    .where(within(col(Assignment.id), "ids"))
)
_LATEST = (
    select(Assignment)
    .where(col(Assignment.order_id) == bindparam("order"), col(Assignment.extra) == "")
    .order_by(col(Assignment.id).desc())
    .limit(1)
)
_CANCELLED = (
    select(Assignment)
    .where(
        col(Assignment.order_id) == bindparam("order"), col(Assignment.status) == "cancelled",
        col(Assignment.extra) == "",
    )
    .order_by(col(Assignment.id))
)  # fmt: skip
_EXTRAS = (
    select(Assignment)
    .where(col(Assignment.order_id) == bindparam("order"), col(Assignment.extra) != "")
    .order_by(col(Assignment.id))
)
_PIECES = select(col(AssignmentPiece.line_id), col(AssignmentPiece.quantity)).where(
    col(AssignmentPiece.assignment_id) == bindparam("assignment")
)
_PRODUCTS = (
    select(
        col(AssignmentPiece.assignment_id), col(OrderLine.product_name), col(OrderLine.sku_spec),
        col(AssignmentPiece.quantity),
    )
    .join(OrderLine, col(OrderLine.id) == col(AssignmentPiece.line_id))
    .where(col(AssignmentPiece.assignment_id).in_(bindparam("assignments", expanding=True)))
    .order_by(col(OrderLine.id))
)  # fmt: skip


class AssignmentStore(
    ExtraAssignments,
    SplitAssignments,
    AssignmentAnswers,
    AssignmentEndings,
    AssignmentFinds,
    AssignmentLists,
    AssignmentPacking,
    AssignmentTicks,
    Noun,
):
    """`core.ports.AssignmentPort`."""

    def get(self, assignment_id: int) -> Assignment | None:
        """Return the assignment."""
        return self.lasting(Assignment, assignment_id)

    def of(self, assignment_id: int) -> Assignment:
        """Return an assignment a foreign key names: it exists."""
        return self.lasting_one(Assignment, assignment_id)

    def live_of(self, order_id: int) -> Sequence[Assignment]:
        """Return the assignments of an order that are still open."""
        return self.session.scalars(
            select(Assignment)
            .where(col(Assignment.order_id) == order_id, col(Assignment.ended_at).is_(None))
            .order_by(col(Assignment.id))
        ).all()

    def latest_of(self, order_id: int) -> Assignment | None:
        """Return the order's own last assignment, whatever became of it; extras left out."""
        return self.session.scalars(_LATEST, {"order": order_id}).one_or_none()

    def cancelled_of(self, order_id: int) -> Sequence[Assignment]:
        """Return those of the order's own that were cancelled, oldest first."""
        return self.session.scalars(_CANCELLED, {"order": order_id}).all()

    def extras_of(self, order_id: int) -> Sequence[Assignment]:
        """Return the order's extras, oldest first, whatever became of them."""
        return self.session.scalars(_EXTRAS, {"order": order_id}).all()

    def find(self, factory_id: int, text: str) -> Assignment | None:
        """Return the factory's order with that tag, else with that number; unfinished ones first.

        Both are looked up by index: a number by way of the merchants the factory ever had.
        """
        mine, tag = col(Assignment.factory_id), read_tag(text)
        found = self._newest(mine == factory_id, col(Assignment.tag) == tag) if tag else None
        if found is not None:
            return found
        merchants = select(col(Binding.merchant_id)).where(col(Binding.factory_id) == factory_id)
        orders = select(col(Order.id)).where(
            col(Order.merchant_id).in_(merchants), col(Order.order_no) == text
        )
        # `+ 0`: else SQLite takes an index of the factory and walks all it was ever given.
        return self._newest(mine + 0 == factory_id, col(Assignment.order_id).in_(orders))

    def _newest(self, *which: ColumnElement[bool]) -> Assignment | None:
        return self.session.scalars(
            select(Assignment)
            .where(*which)
            .order_by(col(Assignment.ended_at).is_not(None), col(Assignment.id).desc())
            .limit(1)
        ).one_or_none()

    def of_draft(self, draft_id: int) -> Sequence[Assignment]:
        """Return the assignments one 确认分配 made."""
        return self.session.scalars(
            select(Assignment)
            .where(col(Assignment.draft_id) == draft_id)
            .order_by(col(Assignment.id))
        ).all()

    def place(self, assignment: Assignment, *, tab: FactoryTab, sort_at: datetime) -> None:
        """Put the assignment into a tab; counters and the binding's open count follow."""
        before = assignment.tab
        assignment.tab, assignment.sort_at = tab, sort_at
        if before == tab:
            return
        self.counters.shift(assignment.factory_id, {before: -1, tab: 1})
        opened = (tab == "to_ship") - (before == "to_ship")
        self.counters.shift_open({assignment.binding_id: opened})

    def pieces(self, assignment_id: int) -> dict[int, int]:
        """Return how many pieces of which line the assignment owns."""
        rows = run(self.session, _PIECES, {"assignment": assignment_id})
        return {line_id: quantity for line_id, quantity in rows}

    def put_piece(self, assignment_id: int, line_id: int, quantity: int) -> None:
        """Set the pieces of one line; none removes the row."""
        if quantity:
            self.session.merge(
                AssignmentPiece(assignment_id=assignment_id, line_id=line_id, quantity=quantity)
            )
        else:
            self.session.execute(
                delete(AssignmentPiece).where(
                    col(AssignmentPiece.assignment_id) == assignment_id,
                    col(AssignmentPiece.line_id) == line_id,
                )
            )

    def mark_changed(self, assignment: Assignment, at: datetime | None) -> None:
        """Set or clear the wait for 已知晓; the `changed` counter follows."""
        shift = (at is not None) - (assignment.changed_at is not None)
        self.counters.shift(assignment.factory_id, {"changed": shift})
        assignment.changed_at = at

    def mark_all_changed(self, assignments: Sequence[Assignment]) -> None:
        """Set the wait for 已知晓 of these; the `changed` counters follow."""
        fresh = Counter(one.factory_id for one in assignments if one.changed_at is None)
        for factory_id, n in fresh.items():
            self.counters.shift(factory_id, {"changed": n})
        for one in assignments:
            one.changed_at = self.now

    def open_count(self, factory_id: int) -> int:
        """Return how many assignments the factory has to ship."""
        return self.counters.of(factory_id).get("to_ship", 0)

    def page(
        self, factory_id: int, tab: str, cursor: Cursor | None, limit: int
    ) -> Page[AssignmentRow]:
        """Return a page of a factory's tab: to_ship by deadline, changed and shipped newest first.

        `changed` runs by when the change came, over every status.
        """
        query = (
            select(*ROW)
            .join(Order, col(Order.id) == col(Assignment.order_id))
            .where(col(Assignment.factory_id) == factory_id)
        )
        sort_key: Any = col(Assignment.sort_at)
        if tab == "changed":
            sort_key = col(Assignment.changed_at)
            query = query.where(col(Assignment.changed_at).is_not(None)).with_only_columns(
                *ROW[:-2], col(Assignment.changed_at), col(Assignment.id)
            )
        else:
            query = query.where(col(Assignment.tab) == tab)
        return keyset_page(
            self.session, query, (sort_key, col(Assignment.id)), cursor, limit, make=self._rows,
            newest_first=tab != "to_ship",
        )  # fmt: skip

    def batch_page(
        self, draft_id: int, cursor: Cursor | None, limit: int, *, only_open: bool = False
    ) -> Page[AssignmentRow]:
        """Return a page of a batch in the order in which it was given, nearest ship-by first."""
        row_id, backward = col(Assignment.id), cursor is not None and cursor.backward
        order = row_id.desc() if backward else row_id
        here = select(row_id).where(col(Assignment.draft_id) == draft_id)
        if only_open:
            here = here.where(col(Assignment.tab) == "to_ship")
        if cursor is not None:
            here = here.where(row_id < cursor.id if backward else row_id > cursor.id)
        found = self.session.execute(
            select(*ROW)
            .join(Order, col(Order.id) == col(Assignment.order_id))
            .where(row_id.in_(here.order_by(order).limit(limit + 1)))
            .order_by(order)
        ).all()
        return page_of(found, cursor, limit, make=self._rows)

    def rows_of_ids(self, assignment_ids: Sequence[int]) -> list[AssignmentRow]:
        """Return these assignments as rows of a list, in any order."""
        return self._rows(rows_of(self.session, _ROWS, {"ids": assignment_ids}))

    def _rows(self, rows: Sequence[Any]) -> list[AssignmentRow]:
        products = self._products([row[-1] for row in rows])
        return [self._row_of(row, products.get(row[-1], [])) for row in rows]

    def _row_of(self, row: Any, products: Sequence[tuple[str, int]]) -> AssignmentRow:
        more = f" +{len(products) - 1}" if len(products) > 1 else ""
        extra: Extra = row.extra
        return AssignmentRow(
            id=row[-1], tag=row.tag, order_no=row.order_no,
            product=f"{products[0][0]}{more}" if products else "",
            pieces=sum(n for _, n in products), status=row.status, extra=extra,
            changed=row.changed is not None, stopped=stop_reason(row, extra) is not None,
            ship_by=None if extra else row.ship_by, sort_at=row[-2],
            held_until=row.held_until if row.status == "held" else None,
        )  # fmt: skip

    def _products(self, assignment_ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
        """Return what each assignment owns: product with spec, and pieces."""
        found: dict[int, list[tuple[str, int]]] = {}
        for one, name, spec, n in rows_of(self.session, _PRODUCTS, {"assignments": assignment_ids}):
            found.setdefault(one, []).append((f"{name} {spec}".strip(), n))
        return found
