"""Orders, their lines, sealed recipients and changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlmodel import col

from core.entities import (
    Assignment,
    AssignmentPiece,
    MerchantTab,
    Order,
    OrderChange,
    OrderLine,
    SealedRecipient,
    Shipment,
    ShipmentPiece,
)
from core.entities.assignment import OPEN_STATUSES
from core.ids import key
from core.orders.recipients import is_concealed
from core.orders.standing import Pieces
from core.values import Actor, Concealed, MaskedRecipient, Recipient
from storage.listed import within
from storage.nouns.base import Noun
from storage.nouns.order_filters import OrderFilters
from storage.nouns.order_places import OrderPlaces
from storage.nouns.order_search import OrderSearch
from storage.nouns.order_undoing import OrderUndoing
from storage.rows import chunks, insert_rows, rows_of, run

FIELDS = ("name", "phone", "address")

_ORDERED = select(col(Order.pieces)).where(col(Order.id) == bindparam("order"))
_OWED = (
    select(func.coalesce(func.sum(AssignmentPiece.quantity), 0))
    .join(Assignment, col(Assignment.id) == col(AssignmentPiece.assignment_id))
    .where(
        col(Assignment.order_id) == bindparam("order"),
        col(Assignment.extra) == "",
        col(Assignment.status).in_([*sorted(OPEN_STATUSES), "shipped"]),
    )
)
_SHIPPED = (
    select(func.coalesce(func.sum(ShipmentPiece.quantity), 0))
    .join(Shipment, col(Shipment.id) == col(ShipmentPiece.shipment_id))
    .join(Assignment, col(Assignment.id) == col(Shipment.assignment_id))
    .where(col(Shipment.order_id) == bindparam("order"), col(Assignment.extra) == "")
)
_PIECES = select(*(one.scalar_subquery() for one in (_ORDERED, _OWED, _SHIPPED)))
_LINES = (
    select(OrderLine)
    .where(col(OrderLine.order_id).in_(bindparam("orders", expanding=True)))
    .order_by(col(OrderLine.id))
)
_BY_NUMBERS = select(Order).where(
    col(Order.merchant_id) == bindparam("merchant"),
    col(Order.platform) == bindparam("platform"),
    within(col(Order.order_no), "numbers"),
)
_OWN = (
    select(Order)
    .where(
        within(col(Order.id), "orders"),
        col(Order.merchant_id) == bindparam("merchant"),
        col(Order.tab) != "undone",
    )
    .order_by(col(Order.id))
)
_SEALED = select(
    col(SealedRecipient.order_id), col(SealedRecipient.merchant_id), col(SealedRecipient.row_key),
    col(SealedRecipient.name), col(SealedRecipient.phone), col(SealedRecipient.address),
    col(SealedRecipient.same_hash),
).where(col(SealedRecipient.order_id).in_(bindparam("orders", expanding=True)))  # fmt: skip
_LATEST_CHANGES = (
    select(col(OrderChange.order_id), func.max(OrderChange.id))
    .where(col(OrderChange.order_id).in_(bindparam("orders", expanding=True)))
    .group_by(col(OrderChange.order_id))
)
_ERASE = delete(SealedRecipient).where(
    col(SealedRecipient.order_id).in_(bindparam("orders", expanding=True))
)
_CHANGES = (
    select(OrderChange)
    .where(
        col(OrderChange.order_id) == bindparam("order"),
        col(OrderChange.changed_at) > bindparam("since"),
    )
    .order_by(col(OrderChange.revision))
)

_CHANGES_SINCE = (
    select(OrderChange)
    .where(
        col(OrderChange.order_id) == bindparam("order"),
        col(OrderChange.changed_at) >= bindparam("since"),
    )
    .order_by(col(OrderChange.revision))
)


class OrderStore(OrderUndoing, OrderFilters, OrderPlaces, OrderSearch, Noun):
    """`core.ports.OrderPort`."""

    def get(self, order_id: int) -> Order | None:
        """Return the order."""
        return self.lasting(Order, order_id)

    def of(self, order_id: int) -> Order:
        """Return an order a foreign key names: it exists."""
        return self.lasting_one(Order, order_id)

    def own(self, merchant_id: int, order_ids: Sequence[int]) -> Sequence[Order]:
        """Return those of these orders that are the merchant's and stand in its lists."""
        asked = {"orders": list(order_ids), "merchant": merchant_id}
        return self.session.scalars(_OWN, asked).all()

    def by_numbers(
        self, merchant_id: int, platform: str, order_nos: Sequence[str]
    ) -> dict[str, Order]:
        """Return the merchant's orders of a platform with these numbers, by number."""
        asked = {"merchant": merchant_id, "platform": platform, "numbers": list(order_nos)}
        return {one.order_no: one for one in self.session.scalars(_BY_NUMBERS, asked)}

    def find(self, merchant_id: int, order_no: str) -> Sequence[Order]:
        """Return the merchant's orders with that number, on any platform."""
        return self.session.scalars(
            select(Order).where(
                col(Order.merchant_id) == merchant_id,
                col(Order.order_no) == order_no,
                col(Order.tab) != "undone",
            )
        ).all()

    def lines(self, order_ids: Sequence[int]) -> dict[int, list[OrderLine]]:
        """Return the lines of each order, extras with them, in the order they came."""
        lines: dict[int, list[OrderLine]] = {one: [] for one in order_ids}
        for some in chunks(order_ids):
            rows = self.session.scalars(_LINES, {"orders": some})
            for line in rows:
                lines[line.order_id].append(line)
        return lines

    def add_line(self, line: OrderLine) -> None:
        """Keep a line that came later."""
        self.session.add(line)
        self.session.flush()

    def pieces(self, order_id: int) -> Pieces:
        """Return how many pieces are ordered, owed by factories, in parcels; extras left out."""
        return Pieces(*run(self.session, _PIECES, {"order": order_id}).one())

    def place(self, order: Order, *, tab: MerchantTab, sort_at: datetime) -> None:
        """Put the order into a tab; the counters follow."""
        if tab != order.tab:
            self.counters.shift(order.merchant_id, {order.tab: -1, tab: 1})
        order.tab, order.sort_at = tab, sort_at

    def same_hashes(self, order_ids: Sequence[int]) -> dict[int, str]:
        """Return the recipient hash of each order that has one."""
        found: dict[int, str] = {}
        for some in chunks(order_ids):
            rows = self.session.execute(
                select(col(SealedRecipient.order_id), col(SealedRecipient.same_hash)).where(
                    col(SealedRecipient.order_id).in_(some)
                )
            )
            found |= {order_id: value for order_id, value in rows}
        return found

    def masked(self, order_id: int) -> MaskedRecipient | None:
        """Return the masked forms, without opening a seal."""
        kept = self.found(SealedRecipient, order_id)
        if kept is None:
            return None
        return MaskedRecipient(kept.masked_name, kept.masked_phone, kept.masked_address)

    def recipient(self, order_id: int) -> Recipient | Concealed | None:
        """Open the recipient: only `core.orders.looking` asks."""
        kept = self.found(SealedRecipient, order_id)
        if kept is None:
            return None
        return self._opened(kept)

    def differing(self, order_id: int, given: Recipient | Concealed) -> list[str]:
        """Return which of name, phone and address are others than this; nothing of them is told.

        Of one that a platform conceals nobody can say: none.
        """
        kept = self.recipient(order_id)
        if not (isinstance(kept, Recipient) and isinstance(given, Recipient)):
            return []
        return [one for one in FIELDS if getattr(kept, one) != getattr(given, one)]

    def _opened(self, kept: Any) -> Recipient | Concealed:
        parts = (
            self.sealer.open(
                getattr(kept, one), tenant=kept.merchant_id, row=kept.row_key, field=one
            )
            for one in FIELDS
        )
        return Concealed(*parts) if is_concealed(kept.same_hash) else Recipient(*parts)

    def recipients(self, order_ids: Sequence[int]) -> dict[int, Recipient | Concealed]:
        """Open many recipients, of the orders that have one: only `core.orders.looking` asks."""
        found: dict[int, Recipient | Concealed] = {}
        for some in chunks(order_ids):
            found |= {
                row.order_id: self._opened(row)
                for row in rows_of(self.session, _SEALED, {"orders": some})
            }
        return found

    def put_recipients(
        self, given: Sequence[tuple[Order, Recipient | Concealed, MaskedRecipient]]
    ) -> None:
        """Keep recipients, sealed, in place of what stood there."""
        for some in chunks([key(order) for order, _, _ in given]):
            run(self.session, _ERASE, {"orders": some})
        rows = [
            {
                "order_id": key(order),
                **self.sealed_row(
                    order.merchant_id, order.platform, order.order_no, recipient, masked
                ),
            }
            for order, recipient, masked in given
        ]
        if rows:
            insert_rows(self.session, SealedRecipient, rows)

    def add_changes(
        self,
        actor: Actor,
        changes: Sequence[tuple[int, int, datetime | None, list[dict[str, Any]]]],
    ) -> dict[int, int]:
        """Keep changes of many orders: order, the revision it led to, when it was true, diffs.

        Returns the change of each order.
        """
        rows = [
            {"order_id": order_id, "revision": revision, "source": actor.door,
             "account_id": actor.account_id, "happened_at": happened_at,
             "changed_at": self.now, "diffs": diffs}
            for order_id, revision, happened_at, diffs in changes
        ]  # fmt: skip
        if rows:
            insert_rows(self.session, OrderChange, rows)
        made: dict[int, int] = {}
        for some in chunks([order_id for order_id, *_ in changes]):
            found = run(self.session, _LATEST_CHANGES, {"orders": some})
            made |= {order_id: change_id for order_id, change_id in found}
        return made

    def add_change(self, change: OrderChange) -> OrderChange:
        """Keep a change."""
        self.session.add(change)
        self.session.flush()
        return change

    def change(self, change_id: int) -> OrderChange | None:
        """Return the change."""
        return self.session.get(OrderChange, change_id)

    def changes_since(self, order_id: int, since: datetime) -> Sequence[OrderChange]:
        """Return the order's changes from `since` on, oldest first."""
        return self.session.scalars(_CHANGES_SINCE, {"order": order_id, "since": since}).all()
