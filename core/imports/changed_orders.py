"""What an import says of stored orders it changed: before it is confirmed, and afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.changes.judging import Diff
from core.changes.line_changes import LINE_FIELDS
from core.entities import Order


@dataclass(frozen=True, slots=True)
class ChangedOrder:
    """A stored order the file says otherwise about.

    `waiting`: the change is applied, and pieces of an order at work are at no factory.
    """

    order_no: str
    diffs: Sequence[Diff]
    at_factory: bool
    shipped: bool
    waiting: bool = False


def changed_order(order: Order, diffs: Sequence[Diff]) -> ChangedOrder:
    """Return what is told of a change."""
    return ChangedOrder(
        order.order_no, diffs,
        at_factory=order.status in ("assigned", "part_shipped"),
        shipped=order.status in ("part_shipped", "shipped"),
    )  # fmt: skip


def left_waiting(
    changed: Iterable[ChangedOrder], orders: Iterable[Order | None]
) -> list[ChangedOrder]:
    """Return what is told of these changes once they are applied to these orders."""
    by_no = {one.order_no: one for one in orders if one is not None}
    return [
        replace(one, waiting=by_no[one.order_no].tab == "unassigned")
        if one.at_factory and not LINE_FIELDS.isdisjoint(diff["field"] for diff in one.diffs)
        else one
        for one in changed
    ]
