"""待分配 by its deadline: found by an index that holds only what no factory has yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, literal, select
from sqlmodel import col

from core.columns import UtcDateTime
from core.entities import AuditRow, ClockLook, Order
from core.entities.order import UNASSIGNED
from core.ports.clock import WaitingRow
from storage.json_sql import json_object
from storage.listed import within
from storage.nouns.base import Noun
from storage.rows import rows_of, run, table_of

ACT = "waiting_told"
_PASSED: Any = (
    UNASSIGNED,
    col(Order.sort_at) > bindparam("after", type_=UtcDateTime()),
    col(Order.sort_at) <= bindparam("until", type_=UtcDateTime()),
)
_WAITING = (
    select(col(Order.merchant_id), func.min(col(Order.id)))
    .where(*_PASSED)
    .group_by(col(Order.merchant_id))
)
_TOLD = (
    select(col(AuditRow.id))
    .where(
        col(AuditRow.order_id) == col(Order.id),
        col(AuditRow.act) == ACT,
        col(AuditRow.at) >= col(Order.sort_at),
    )
    .exists()
)
_THESE = within(col(Order.id), "orders")
_LATE = (
    select(col(Order.id))
    .where(_THESE, UNASSIGNED, col(Order.sort_at) <= bindparam("now", type_=UtcDateTime()), ~_TOLD)
    .order_by(col(Order.sort_at), col(Order.id))
)
_UNTIL = (
    select(col(Order.id), col(Order.order_no), col(Order.sort_at))
    .where(
        col(Order.merchant_id) == bindparam("merchant"),
        col(Order.tab) == "unassigned",
        col(Order.sort_at) <= bindparam("until", type_=UtcDateTime()),
    )
    .order_by(col(Order.sort_at), col(Order.id))
    .limit(bindparam("most"))
)


def _recording(*which: Any) -> Any:
    return insert(table_of(AuditRow)).from_select(
        ["at", "order_id", "door", "act", "detail"],
        select(
            bindparam("now", type_=UtcDateTime()), col(Order.id), literal("tick"), literal(ACT),
            json_object(),
        ).where(*which),
    )  # fmt: skip


# What passed two of its moments while nobody looked is told once.
_TOLD_NOW = (
    select(col(AuditRow.id))
    .where(
        col(AuditRow.order_id) == col(Order.id),
        col(AuditRow.act) == ACT,
        col(AuditRow.at) == bindparam("now", type_=UtcDateTime()),
    )
    .exists()
)
_RECORD_PASSED = _recording(*_PASSED, within(col(Order.merchant_id), "merchants"), ~_TOLD_NOW)
_RECORD_THESE = _recording(_THESE)


class WaitingOrders(Noun):
    """The part of `ClockStore` about orders that wait to be assigned."""

    def look(self, name: str, now: datetime) -> datetime | None:
        """Return up to when the clock last looked at that, None the first time; it looks `now`."""
        kept = self.session.get(ClockLook, name)
        if kept is None:
            self.session.add(ClockLook(name=name, at=now))
            return None
        since, kept.at = kept.at, max(kept.at, now)
        return since

    def looked(self, name: str) -> datetime | None:
        """Return up to when the clock last looked at that, None before the first time."""
        kept = self.session.get(ClockLook, name)
        return kept.at if kept is not None else None

    def waiting(self, after: datetime, until: datetime) -> Sequence[tuple[int, int]]:
        """Return the merchants with orders due in that time, each with one of these."""
        rows = rows_of(self.session, _WAITING, {"after": after, "until": until})
        return [(merchant_id, order_id) for merchant_id, order_id in rows]

    def waiting_late(self, order_ids: Sequence[int]) -> Sequence[int]:
        """Return those that wait though they are due, and that nobody was told so of."""
        if not order_ids:
            return []
        return run(self.session, _LATE, {"orders": order_ids, "now": self.now}).scalars().all()

    def record_waiting(self, after: datetime, until: datetime, merchant_ids: Sequence[int]) -> None:
        """Append to the history of what is due in that time that its merchant was told."""
        if merchant_ids:
            asked = {"after": after, "until": until, "merchants": merchant_ids, "now": self.now}
            run(self.session, _RECORD_PASSED, asked)

    def record_these_waiting(self, order_ids: Sequence[int]) -> None:
        """Append to the history of these that their merchant was told."""
        run(self.session, _RECORD_THESE, {"orders": order_ids, "now": self.now})

    def waiting_until(self, merchant_id: int, until: datetime, limit: int) -> Sequence[WaitingRow]:
        """Return what a merchant has to assign by then, the nearest deadline first."""
        asked = {"merchant": merchant_id, "until": until, "most": limit}
        return [WaitingRow(*row) for row in rows_of(self.session, _UNTIL, asked)]
