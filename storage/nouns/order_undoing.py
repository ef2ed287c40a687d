"""Taking an import's orders out again, and bringing them back in with a later one: set-based.

An order is never deleted, its history points at it: it is closed, stands in no list, and its
recipient is erased.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import BindParameter, bindparam, delete, func, or_, select, text, update
from sqlmodel import col

from core.entities import Assignment, Order, OrderLine, SealedNotes, SealedRecipient
from core.imports.incoming import IncomingOrder
from storage.nouns.order_intake import OrderIntake, line_row
from storage.rows import chunks, insert_rows, run, table_of

_ORDERS: BindParameter[int] = bindparam("orders", expanding=True)
_OF_IMPORT = (
    select(col(Order.id))
    .where(col(Order.import_id) == bindparam("draft"), col(Order.tab) != "undone")
    .order_by(col(Order.id))
)
_TABS = (
    select(col(Order.tab), func.count()).where(col(Order.id).in_(_ORDERS)).group_by(col(Order.tab))
)
_AT_FACTORIES = (
    select(Assignment)
    .where(
        col(Assignment.order_id).in_(_ORDERS),
        or_(col(Assignment.ended_at).is_(None), col(Assignment.status) == "shipped"),
    )
    .order_by(col(Assignment.id))
)
_TAKE_OUT = (
    update(table_of(Order))
    .where(table_of(Order).c.id.in_(_ORDERS))
    .values(
        status="closed", closed_reason="undone", tab="undone", factory_id=None,
        revision=table_of(Order).c.revision + 1, sort_at=bindparam("now"),
        updated_at=bindparam("now"),
    )
)  # fmt: skip
_ERASE = [
    delete(table_of(sealed)).where(table_of(sealed).c.order_id.in_(_ORDERS))
    for sealed in (SealedRecipient, SealedNotes)
]
_REVIVE = (
    update(table_of(Order))
    .where(table_of(Order).c.id == bindparam("row"))
    .values(revision=table_of(Order).c.revision + 1)
)
_EMPTY = (
    update(table_of(OrderLine))
    .where(table_of(OrderLine).c.order_id.in_(_ORDERS))
    .values(quantity=0)
)
# In words, as in `storage.counters`. Lines stay: pieces of what was taken back point at them.
_PUT_LINE = text(
    "INSERT INTO order_line (order_id, merchant_id, extra, sub_order_no, product_name, sku_spec, "
    "product_code, quantity, price_fen) VALUES (:order_id, :merchant_id, :extra, :sub_order_no, "
    ":product_name, :sku_spec, :product_code, :quantity, :price_fen) "
    "ON CONFLICT (order_id, sub_order_no) DO UPDATE SET product_name = excluded.product_name, "
    "sku_spec = excluded.sku_spec, product_code = excluded.product_code, extra = excluded.extra, "
    "quantity = excluded.quantity, price_fen = excluded.price_fen"
)


class OrderUndoing(OrderIntake):
    """The undoing half of `OrderStore`."""

    def of_import(self, draft_id: int) -> list[int]:
        """Return the orders an import brought in that were not taken out since."""
        return list(run(self.session, _OF_IMPORT, {"draft": draft_id}).scalars())

    def at_factories(self, order_ids: Sequence[int]) -> list[Assignment]:
        """Return the assignments of these orders that are open or have shipped."""
        found: list[Assignment] = []
        for some in chunks(order_ids):
            found += self.session.scalars(_AT_FACTORIES, {"orders": some})
        return found

    def take_out(self, merchant_id: int, order_ids: Sequence[int]) -> None:
        """Close these orders as undone and erase their recipients and notes."""
        for some in chunks(order_ids):
            tabs = {tab: n for tab, n in run(self.session, _TABS, {"orders": some})}
            run(self.session, _TAKE_OUT, {"orders": some, "now": self.now})
            for erasing in _ERASE:
                run(self.session, erasing, {"orders": some})
            moves = Counter({tab: -n for tab, n in tabs.items()})
            moves["undone"] += sum(tabs.values())
            self.counters.shift(merchant_id, moves)
        self.session.expire_all()  # the statements went past what was loaded

    def revive_many(
        self, merchant_id: int, orders: Sequence[tuple[int, IncomingOrder]], import_id: int | None
    ) -> list[int]:
        """Bring undone orders in afresh, as the rows they were. Returns their ids."""
        if not orders:
            return []
        ids = [order_id for order_id, _ in orders]
        rows = [self.order_row(merchant_id, one, import_id) for _, one in orders]
        for row in rows:
            del row["revision"]  # it goes on counting
        revived = [{"row": one, **row} for one, row in zip(ids, rows, strict=True)]
        run(self.session, _REVIVE, revived)
        for some in chunks(ids):
            run(self.session, _EMPTY, {"orders": some})
        lines = [line_row(merchant_id, one, line) for one, new in orders for line in new.lines]
        run(self.session, _PUT_LINE, lines)
        insert_rows(
            self.session, SealedRecipient,
            [{"order_id": one, **self.recipient_row(merchant_id, new)} for one, new in orders],
        )  # fmt: skip
        self.add_notes([(one, self.incoming_notes(merchant_id, new)) for one, new in orders])
        tabs = Counter(row["tab"] for row in rows)
        self.counters.shift(merchant_id, {**tabs, "undone": -len(ids)})
        self.session.expire_all()
        return ids
