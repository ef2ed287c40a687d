"""The merchant's lists: keyset pages of orders, and what was shipped in a span."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from core.entities import Account, Assignment, AuditRow, MerchantTab, Order, OrderLine
from core.orders.lookups import TrailRow
from core.orders.views import Cursor, OrderRow, Page
from storage.keyset import keyset_page
from storage.nouns.base import Noun
from storage.nouns.stops import STOP_COLUMNS
from storage.rows import chunks, rows_of, run

ROW: tuple[Any, ...] = (
    Order.id, Order.order_no, Order.pieces, Order.status, *STOP_COLUMNS,
    Order.complete, Order.ship_by, Order.sort_at, Order.id,
)  # fmt: skip

_ANSWERS = (
    select(
        col(Assignment.order_id), col(Assignment.status), col(Assignment.decline_reason),
        col(Assignment.held_until),
    )
    .where(
        col(Assignment.order_id).in_(bindparam("orders", expanding=True)),
        col(Assignment.extra) == "",
    )
    .order_by(col(Assignment.id))
)  # fmt: skip
NEWEST_FIRST = ("shipped", "stopped")
LAST = 2**31 - 1  # what an id column can hold

_TRAIL = (
    select(
        col(AuditRow.id), col(AuditRow.at), col(AuditRow.act), col(AuditRow.door),
        col(AuditRow.shop_id), func.coalesce(col(Account.name), ""), col(AuditRow.detail),
    )
    .outerjoin(Account, col(Account.id) == col(AuditRow.account_id))
    .where(col(AuditRow.order_id) == bindparam("order"), col(AuditRow.id) < bindparam("before"))
    .order_by(col(AuditRow.id).desc())
    .limit(bindparam("limit"))
)  # fmt: skip
_ROWS = select(*ROW).where(col(Order.id).in_(bindparam("orders", expanding=True)))
_PRODUCTS = (
    select(col(OrderLine.order_id), col(OrderLine.product_name), col(OrderLine.sku_spec))
    .where(
        col(OrderLine.order_id).in_(bindparam("orders", expanding=True)),
        col(OrderLine.quantity) > 0,
        col(OrderLine.extra) == "",
    )
    .order_by(col(OrderLine.id))
)


def product_names(noun: Noun, order_ids: Sequence[int]) -> dict[int, str]:
    """Return the first product of each order, with how many more there are."""
    names: dict[int, list[str]] = {}
    for some in chunks(order_ids):
        for order_id, name, spec in rows_of(noun.session, _PRODUCTS, {"orders": some}):
            names.setdefault(order_id, []).append(f"{name} {spec}".strip())
    return {
        one: f"{all_[0]} +{len(all_) - 1}" if len(all_) > 1 else all_[0]
        for one, all_ in names.items()
    }


class OrderLists(Noun):
    """The listing half of `OrderStore`."""

    def page(
        self, merchant_id: int, tab: MerchantTab, cursor: Cursor | None, limit: int
    ) -> Page[OrderRow]:
        """Return a page of a tab: open tabs by deadline, the others newest first."""
        query = select(*ROW).where(col(Order.merchant_id) == merchant_id, col(Order.tab) == tab)
        keys = (col(Order.sort_at), col(Order.id))
        newest_first = tab in NEWEST_FIRST
        return keyset_page(
            self.session, query, keys, cursor, limit, make=self._rows, newest_first=newest_first
        )

    def products(self, order_ids: Sequence[int]) -> dict[int, str]:
        """Return the first product of each order, with how many more there are."""
        return product_names(self, order_ids)

    def trail(self, order_id: int, before: int | None, limit: int) -> list[TrailRow]:
        """Return the acts on an order that are older than row `before`, the newest first."""
        asked = {"order": order_id, "before": before or LAST, "limit": limit}
        return [TrailRow(*row) for row in rows_of(self.session, _TRAIL, asked)]

    def rows(self, order_ids: Sequence[int]) -> list[OrderRow]:
        """Return these orders as rows of a list, in any order."""
        if not order_ids:
            return []
        return self._rows(run(self.session, _ROWS, {"orders": order_ids}).all())

    def _rows(self, rows: Sequence[Any]) -> list[OrderRow]:
        ids = [row.id for row in rows]
        names, answers = product_names(self, ids), self._answers(ids)
        return [
            OrderRow(
                row.id, row.order_no, names.get(row.id, ""), row.pieces, row.status,
                row.after_sale, row.closed_reason, row.held_at, row.let_go_at, row.complete,
                row.ship_by, row.sort_at,
                **answers.get(row.id, {}),
            )
            for row in rows
        ]  # fmt: skip

    def _answers(self, order_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return what the factories of these orders have answered last, as a row shows it."""
        found: dict[int, dict[str, Any]] = {}
        for some in chunks(order_ids):
            for one, status, reason, until in rows_of(self.session, _ANSWERS, {"orders": some}):
                found[one] = {
                    "declined": reason if status == "declined" else "",
                    "held_until": until if status == "held" else None,
                    "recall_asked": status == "recall_asked",
                }
        return found
