"""What programs of a factory read of its assignments: one, a page, those that changed.

Recipients are masked, free text too; in full a recipient is a look (`core.orders.looking`).
"""

from collections.abc import Mapping, Sequence

from core.acting import acting
from core.answers.fulfilling import own_assignment
from core.errors import AssignmentNotFound
from core.orders.notes import NONE, Notes, shown
from core.orders.standing import stop_reason
from core.orders.views import LineView
from core.ports import Store
from core.programs.facts import (
    AssignmentFacts,
    AssignmentStand,
    PageAsked,
    ParcelFacts,
    masked,
    waits_until,
)
from core.programs.paging import MOST, page_of
from core.text.tags import read_tag
from core.values import Actor, ShipFrom


class Reading:
    """Reading assignments, page by page in the order they were made."""

    def page(self, store: Store, actor: Actor, asked: PageAsked) -> Sequence[AssignmentFacts]:
        """Return a page of the factory's assignments."""
        rows = page_of(store, actor, "factory", asked, store.programs.assignment_page)
        return _facts(store, rows)

    def named(
        self, store: Store, actor: Actor, tag: str | None, order_no: str | None
    ) -> Sequence[AssignmentFacts]:
        """Return what the factory has, or had, under this tag, of the order with this number.

        As a slip names it, or a person; where both are given, both must be right.
        """
        acting(store, actor, "factory")
        if tag is None:
            found = store.assignments.by_numbers(actor.shop_id, [order_no or ""])
        else:
            found = store.assignments.by_tags(actor.shop_id, [read_tag(tag) or ""])
        fit = [one.assignment_id for one in found if order_no in (None, one.order_no)]
        return _facts(store, store.programs.assignments(actor.shop_id, fit[-MOST:]))

    def many(
        self, store: Store, actor: Actor, assignment_ids: Sequence[int]
    ) -> Mapping[int, AssignmentFacts]:
        """Return these by id; what is not the factory's is left out."""
        acting(store, actor, "factory")
        rows = store.programs.assignments(actor.shop_id, assignment_ids)
        return {one.id: one for one in _facts(store, rows)}

    def must_have(self, store: Store, actor: Actor, assignment_ids: Sequence[int]) -> None:
        """Raise `AssignmentNotFound` unless each of these, named once, is the factory's."""
        acting(store, actor, "factory")
        if len(store.assignments.by_ids(actor.shop_id, assignment_ids)) < len(assignment_ids):
            raise AssignmentNotFound

    def one(self, store: Store, actor: Actor, assignment_id: int) -> AssignmentFacts:
        """Return one. Raises `AssignmentNotFound`."""
        found = self.many(store, actor, [assignment_id])
        if not found:
            raise AssignmentNotFound
        return found[assignment_id]

    def sender(self, store: Store, actor: Actor, assignment_id: int) -> ShipFrom | None:
        """Return in whose name a parcel leaves, where the merchant has said it.

        Raises `AssignmentNotFound`.
        """
        return store.shops.ship_from(own_assignment(store, actor, assignment_id).merchant_id)


def _facts(store: Store, rows: Sequence[AssignmentStand]) -> list[AssignmentFacts]:
    ids = [row.id for row in rows]
    lines, parcels = store.programs.lines(ids), store.programs.parcels(ids)
    kept = store.orders.notes([row.order_id for row in rows])
    notes = {one: shown(each) for one, each in kept.items()}
    return [
        _fact(row, notes.get(row.order_id, NONE), lines[row.id], parcels[row.id]) for row in rows
    ]


def _fact(
    row: AssignmentStand, notes: Notes, lines: Sequence[LineView], parcels: Sequence[ParcelFacts]
) -> AssignmentFacts:
    return AssignmentFacts(
        id=row.id, tag=row.tag, order_id=row.order_id, order_no=row.order_no,
        platform=row.platform, extra=row.extra, status=row.status,
        stopped=_stopped(row), changed=row.changed_at is not None,
        merchant=row.merchant_name, buyer_said=notes.buyer, seller_said=notes.seller,
        ship_by=row.ship_by,
        assigned_at=row.assigned_at, held_until=waits_until(row.status, row.held_until),
        recipient=masked(row) if row.ended_at is None else None, lines=lines, parcels=parcels,
    )  # fmt: skip


def _stopped(row: AssignmentStand) -> str | None:
    """Return why it must not ship: it is the factory's no more, or its order must not."""
    if row.status in ("declined", "recalled"):  # what became of the order since is others' affair
        return row.status
    return stop_reason(row, row.extra) or ("cancelled" if row.status == "cancelled" else None)
