"""What programs of a factory read of its assignments: one, a page, those that changed.

Recipients are masked, free text too; in full a recipient is a look (`core.orders.looking`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from core.acting import acting
from core.entities import AssignmentStatus
from core.errors import AssignmentNotFound
from core.orders.standing import stop_reason
from core.orders.views import PackRow
from core.ports import Store
from core.programs.facts import AssignmentFacts, Stand
from core.text.free_text import as_shown
from core.values import Actor

MOST: Final = 100  # assignments on a page


class Reading:
    """Reading assignments, page by page in the order they were made."""

    def page(
        self, store: Store, actor: Actor, *, after: int, limit: int,
        statuses: Sequence[AssignmentStatus] = (), since: int | None = None,
    ) -> Sequence[AssignmentFacts]:  # fmt: skip
        """Return at most `limit` (≤ `MOST`) assignments behind id `after`, in these statuses.

        With `since`, a cursor of the feed: only those something has happened to after it. Nothing
        that stands throughout is missed or doubled, whatever changes between two pages.
        """
        acting(store, actor, "factory")
        ids = store.programs.assignment_ids(
            actor.shop_id, after=after, limit=min(limit, MOST), statuses=statuses, since=since
        )
        return _facts(store, actor, ids)

    def many(
        self, store: Store, actor: Actor, assignment_ids: Sequence[int]
    ) -> Mapping[int, AssignmentFacts]:
        """Return these by id; what is not the factory's is left out."""
        acting(store, actor, "factory")
        return {one.id: one for one in _facts(store, actor, assignment_ids)}

    def one(self, store: Store, actor: Actor, assignment_id: int) -> AssignmentFacts:
        """Return one. Raises `AssignmentNotFound`."""
        acting(store, actor, "factory")
        found = _facts(store, actor, [assignment_id])
        if not found:
            raise AssignmentNotFound
        return found[0]


def _facts(store: Store, actor: Actor, ids: Sequence[int]) -> list[AssignmentFacts]:
    rows = store.assignments.to_pack(actor.shop_id, ids)
    ids = [row.id for row in rows]
    stands = store.programs.stands(ids)
    lines, parcels = store.programs.lines(ids), store.programs.parcels(ids)
    return [
        replace(_fact(row, stands[row.id]), lines=lines[row.id], parcels=parcels[row.id])
        for row in rows
    ]


def _fact(row: PackRow, stand: Stand) -> AssignmentFacts:
    return AssignmentFacts(
        id=row.id, tag=row.tag, order_id=row.order_id, order_no=row.order_no,
        platform=row.platform, extra=row.extra, status=row.status,
        stopped=stop_reason(row, row.extra), changed=stand.changed_at is not None,
        merchant=row.merchant_name, buyer_said=as_shown(row.buyer_note),
        seller_said=as_shown(row.seller_note), ship_by=row.ship_by,
        assigned_at=stand.assigned_at, held_until=stand.held_until,
        recipient=stand.recipient if stand.ended_at is None else None,
    )  # fmt: skip
