"""Finding orders of a merchant by what people have in hand; every way is a look into an index.

Orders of an import that was undone are never found.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import col

from core.entities import Assignment, Binding, Order, OrderLine, Shipment
from core.orders.lookups import OrderStanding
from storage.nouns.base import Noun
from storage.nouns.stops import STOP_COLUMNS
from storage.rows import chunks, rows_of, run

_MINE = (col(Order.merchant_id) == bindparam("merchant"), col(Order.tab) != "undone")
_NEWEST = (col(Order.id).desc(),)
_BY_NUMBER = select(col(Order.id)).where(*_MINE, col(Order.order_no) == bindparam("text"))
_BY_END = select(col(Order.id)).where(
    *_MINE, col(Order.reversed_no) >= bindparam("text"), col(Order.reversed_no) < bindparam("past")
)
_MY_FACTORIES = select(col(Binding.factory_id)).where(
    col(Binding.merchant_id) == bindparam("merchant")
)
# A tag is unique at a factory only, so it is looked up at each factory the merchant ever had. No
# condition on the order's own merchant: SQLite would walk all of their orders by it.
_BY_TAG = (
    select(col(Order.id))
    .join(Assignment, col(Assignment.order_id) == col(Order.id))
    .where(
        col(Assignment.factory_id).in_(_MY_FACTORIES),
        col(Assignment.tag) == bindparam("text"),
        col(Assignment.merchant_id) == bindparam("merchant"),
        col(Order.tab) != "undone",
    )
    .distinct()
)  # fmt: skip
_BY_TRACKING = (
    select(col(Order.id))
    .join(Shipment, col(Shipment.order_id) == col(Order.id))
    .where(*_MINE, col(Shipment.tracking_number) == bindparam("text"))
    .distinct()
)
# Walks the code's own index from its newest order on, so that a code of a million orders is quick.
_BY_CODE = (
    select(col(OrderLine.order_id))
    .join(Order, col(Order.id) == col(OrderLine.order_id))
    .where(
        col(OrderLine.merchant_id) == bindparam("merchant"),
        col(OrderLine.product_code) == bindparam("text"),
        col(Order.tab) != "undone",
    )
    .order_by(col(OrderLine.order_id).desc())
    .distinct()
    .limit(bindparam("limit"))
)
_LINE_OF_CODE = (
    select(col(OrderLine.id))
    .where(
        col(OrderLine.merchant_id) == bindparam("merchant"),
        col(OrderLine.product_code) == bindparam("text"),
    )
    .limit(1)
)
_STANDING = select(
    col(Order.id), col(Order.order_no), col(Order.status), *STOP_COLUMNS,
    col(Order.complete), col(Order.tab),
).where(*_MINE, col(Order.order_no).in_(bindparam("numbers", expanding=True)))  # fmt: skip
_CANDIDATES = (
    select(col(Order.id), col(Order.order_no))
    .where(
        col(Order.merchant_id) == bindparam("merchant"),
        col(Order.tab) == "unassigned",
        col(Order.reversed_no) >= bindparam("text"),
        col(Order.reversed_no) < bindparam("past"),
    )
    .limit(bindparam("limit"))
)


def _newest(query: Select[Any]) -> Select[Any]:
    return query.order_by(*_NEWEST).limit(bindparam("limit"))


_NUMBER, _END, _TAG, _TRACKING = map(_newest, (_BY_NUMBER, _BY_END, _BY_TAG, _BY_TRACKING))


class OrderSearch(Noun):
    """The finding part of `OrderStore`: ids, the newest first, at most `limit`."""

    def by_number(self, merchant_id: int, order_no: str, limit: int) -> Sequence[int]:
        """Return orders with exactly that number: on several platforms there may be one each."""
        return self._look_up(_NUMBER, merchant_id, limit, text=order_no)

    def by_end(self, merchant_id: int, end: str, limit: int) -> Sequence[int]:
        """Return orders whose number ends so."""
        return self._look_up(_END, merchant_id, limit, **_range(end))

    def by_tag(self, merchant_id: int, tag: str, limit: int) -> Sequence[int]:
        """Return orders that have or had that tag at one of the merchant's factories."""
        return self._look_up(_TAG, merchant_id, limit, text=tag)

    def by_tracking(self, merchant_id: int, number: str, limit: int) -> Sequence[int]:
        """Return orders with a parcel of that number."""
        return self._look_up(_TRACKING, merchant_id, limit, text=number)

    def by_code(self, merchant_id: int, code: str, limit: int) -> Sequence[int]:
        """Return orders with a product of exactly that code."""
        return self._look_up(_BY_CODE, merchant_id, limit, text=code)

    def line_of_code(self, merchant_id: int, code: str) -> int | None:
        """Return some line with that code: a button carries its id instead of the code."""
        found = run(self.session, _LINE_OF_CODE, {"merchant": merchant_id, "text": code})
        return found.scalar()

    def standing(self, merchant_id: int, order_nos: Sequence[str]) -> list[OrderStanding]:
        """Return where the merchant's orders with these numbers stand, on any platform."""
        found: list[OrderStanding] = []
        for some in chunks(order_nos):
            rows = run(self.session, _STANDING, {"merchant": merchant_id, "numbers": some})
            found += [OrderStanding(*row) for row in rows]
        return found

    def waiting_by_end(self, merchant_id: int, end: str, limit: int) -> list[tuple[int, str]]:
        """Return (id, number) of unassigned orders whose number ends so."""
        values = {"merchant": merchant_id, "limit": limit, **_range(end)}
        return [(one, number) for one, number in rows_of(self.session, _CANDIDATES, values)]

    def _look_up(
        self, query: Select[Any], merchant_id: int, limit: int, **values: str
    ) -> Sequence[int]:
        given = {"merchant": merchant_id, "limit": limit, **values}
        return run(self.session, query, given).scalars().all()


def _range(end: str) -> dict[str, str]:
    """Return the span of reversed numbers that begin with the end, reversed."""
    turned = end[::-1]
    return {"text": turned, "past": turned[:-1] + chr(ord(turned[-1]) + 1)}
