"""Seeing orders: tabs with counts, keyset pages, cards. Never a recipient in plain words."""

from collections.abc import Mapping, Sequence

from core.acting import acting
from core.answers.asking import last_question
from core.answers.claim_views import ClaimView
from core.answers.claimed import claims_of
from core.answers.question_views import QuestionView
from core.assignments.recalling import recall_refusal
from core.assignments.splitting import movable, splittable
from core.entities import Assignment, AssignRule, Order, OrderLine, Shipment, Shop
from core.errors import AssignmentNotFound, OrderNotFound
from core.ids import key
from core.orders.notes import notes_of
from core.orders.standing import stop_reason
from core.orders.views import (
    AssignmentCard,
    AssignmentRow,
    Cursor,
    ExtraView,
    LineView,
    OldNumber,
    OrderCard,
    Page,
    PartView,
)
from core.ports import Store
from core.tickets.eligible import ticket_of
from core.values import NO_NOTES, Actor

PAGE = 8
NOTICES = 4  # changes of which a card says who has seen them
TOGETHER = 10  # tags of orders to the same recipient that a card names


class Listing:
    """Lists and cards of both roles."""

    def merchant(self, store: Store, actor: Actor) -> Shop:
        """Return the shop when it is a merchant's. Raises `WrongRole`."""
        return acting(store, actor, "merchant").shop

    def factory(self, store: Store, actor: Actor) -> Shop:
        """Return the shop when it is a factory's. Raises `WrongRole`."""
        return acting(store, actor, "factory").shop

    def counts(self, store: Store, actor: Actor) -> dict[str, int]:
        """Return how many orders stand in each tab of the shop."""
        acting(store, actor)
        return store.counts(actor.shop_id)

    def assignments(
        self, store: Store, actor: Actor, tab: str, cursor: Cursor | None = None
    ) -> Page[AssignmentRow]:
        """Return a page of the factory's tab: to_ship by ship-by, changed, shipped."""
        acting(store, actor, "factory")
        return store.assignments.page(actor.shop_id, tab, cursor, PAGE)

    def order(self, store: Store, actor: Actor, order_id: int) -> OrderCard:
        """Return the card of the merchant's own order. Raises `OrderNotFound`."""
        acting(store, actor, "merchant")
        order = store.orders.get(order_id)
        if order is None or order.merchant_id != actor.shop_id or order.tab == "undone":
            raise OrderNotFound
        return self._order_card(store, order)

    def assignment(self, store: Store, actor: Actor, assignment_id: int) -> AssignmentCard:
        """Return the card of the factory's own assignment. Raises `AssignmentNotFound`."""
        acting(store, actor, "factory")
        assignment = store.assignments.get(assignment_id)
        if assignment is None or assignment.factory_id != actor.shop_id:
            raise AssignmentNotFound
        return self._assignment_card(store, assignment)

    def find_assignment(self, store: Store, actor: Actor, text: str) -> AssignmentCard:
        """Return the factory's order with that tag or number. Raises `AssignmentNotFound`."""
        acting(store, actor, "factory")
        found = store.assignments.find(actor.shop_id, text)
        if found is None:
            raise AssignmentNotFound
        return self._assignment_card(store, found)

    def _order_card(self, store: Store, order: Order) -> OrderCard:
        order_id = key(order)
        assignment = store.assignments.latest_of(order_id)
        lines = store.orders.lines([order_id])[order_id]
        parcels = store.shipments.of_order(order_id)
        extras = [
            _extra(store, one, lines, parcels) for one in store.assignments.extras_of(order_id)
        ]
        apart = {key(one.assignment) for one in extras}
        free, back = movable(store, order_id)
        parts = _parts(store, order_id, lines) if assignment is not None else []
        waits = bool(parts) and order.closed_reason is None  # closed, nothing waits for a factory
        unowned = [(one, free[key(one)]) for one in lines if key(one) in free] if waits else []
        several = len(parts) > 1 or bool(unowned)
        if parts and not several:
            assignment = parts[0].assignment  # one that came later gave its part back
        return OrderCard(
            order=order,
            lines=[one for one in lines if one.quantity and not one.extra],
            recipient=store.orders.masked(order_id),
            assignment=assignment,
            factory_name=factory_name_of(store, assignment) if assignment else "",
            shipments=[one for one in parcels if one.assignment_id not in apart],
            extras=extras,
            packed=_packed(store, parcels),
            old_numbers=_old_numbers(store, order_id, parcels),
            changes=order.revision - 1,
            notices=store.notices.of_order(order_id, NOTICES) if order.revision > 1 else (),
            parts=parts if several else (),
            unowned=unowned,
            rule=_rule(store, assignment),
            splittable=splittable(order, sum(free.values()) + sum(one.owned for one in back)),
            question=_question(store, order, assignment, parts if several else ()),
            claims=_claims(store, parcels),
            calls=store.platforms.calls_of(order_id) if assignment is not None else (),
            notes=notes_of(store, order),
        )

    def _assignment_card(self, store: Store, assignment: Assignment) -> AssignmentCard:
        assignment_id, order = key(assignment), store.orders.of(assignment.order_id)
        pieces = store.assignments.pieces(assignment_id)
        lines = store.orders.lines([assignment.order_id])[assignment.order_id]
        binding = store.bindings.get(assignment.binding_id)
        seen = assignment.acknowledged_at
        changes = [
            one
            for one in store.orders.changes_since(assignment.order_id, assignment.assigned_at)
            if seen is None or one.changed_at > seen
        ]
        live = assignment.ended_at is None
        stopped = stop_reason(order, assignment.extra)
        parcels = store.shipments.of_assignment(assignment_id)
        together = store.shipments.together(assignment, TOGETHER) if live and not stopped else ()
        ticket, drawable = ticket_of(store, assignment) if live else (None, False)
        return AssignmentCard(
            assignment=assignment,
            order=order,
            lines=_owned(lines, pieces),
            recipient=store.orders.masked(assignment.order_id) if live else None,
            merchant_name=(binding and binding.factory_alias)
            or store.shops.of(assignment.merchant_id).name,
            sender=store.shops.ship_from(assignment.merchant_id),
            shipments=parcels,
            changes=changes,
            stopped=stopped,
            packed=store.shipments.packed(assignment_id) if parcels else {},
            old_numbers=_old_numbers(store, assignment.order_id, parcels),
            together=[tag for _, tag in together],
            question=last_question(store, assignment.factory_id, assignment_id),
            ticket=ticket,
            drawable=drawable,
            notes=notes_of(store, order) if live else NO_NOTES,
        )


def _parts(store: Store, order_id: int, lines: Sequence[OrderLine]) -> list[PartView]:
    """Return what each factory has of the order, the first given first."""
    pieces: dict[int, dict[int, int]] = {}
    for one in store.assignments.held_of(order_id):
        pieces.setdefault(one.assignment_id, {})[one.line_id] = one.owned
    given = [store.assignments.of(one) for one in pieces]
    return [
        PartView(
            one, _owned(lines, pieces[key(one)]), factory_name_of(store, one)
        )
        for one in given
    ]  # fmt: skip


def _question(
    store: Store, order: Order, assignment: Assignment | None, parts: Sequence[PartView]
) -> QuestionView | None:
    """Return the newest question; of a split order that of any factory, first one that waits."""
    given = [one.assignment for one in parts] or [one for one in (assignment,) if one]
    asked = [last_question(store, order.merchant_id, key(one)) for one in given]
    found = [one for one in asked if one is not None]
    waits = [one for one in found if not one.mine and one.answered_at is None]
    return max(waits or found, key=lambda one: one.asked_at, default=None)


def _claims(store: Store, parcels: Sequence[Shipment]) -> list[ClaimView]:
    return [
        ClaimView(
            key(one.given), factory_name_of(store, one.given), one.given.status, one.asked,
            one.missing,
            [(factory_name_of(store, each), each.status) for each in one.holders],
        )
        for one in claims_of(store, parcels)
    ]  # fmt: skip


def _rule(store: Store, assignment: Assignment | None) -> AssignRule | None:
    made_by = assignment.rule_id if assignment is not None else None
    return store.rules.get(made_by) if made_by is not None else None


def _packed(store: Store, parcels: Sequence[Shipment]) -> dict[int, int]:
    packed: dict[int, int] = {}
    for assignment_id in {one.assignment_id for one in parcels}:
        packed |= store.shipments.packed(assignment_id)
    return packed


def _old_numbers(store: Store, order_id: int, parcels: Sequence[Shipment]) -> Sequence[OldNumber]:
    corrected = any(one.corrected_at is not None for one in parcels)
    return store.shipments.old_numbers(order_id) if corrected else ()


def _owned(lines: Sequence[OrderLine], pieces: Mapping[int, int]) -> list[LineView]:
    """Return the pieces of these lines that an assignment owns."""
    return [
        LineView(one.product_name, one.sku_spec, one.product_code, pieces[key(one)])
        for one in lines
        if pieces.get(key(one))
    ]


def _extra(
    store: Store, given: Assignment, lines: Sequence[OrderLine], parcels: Sequence[Shipment]
) -> ExtraView:
    return ExtraView(
        given,
        _owned(lines, store.assignments.pieces(key(given))),
        factory_name_of(store, given),
        [one for one in parcels if one.assignment_id == given.id],
        recall_refusal(given) is None,
    )


def factory_name_of(store: Store, assignment: Assignment) -> str:
    """Return the merchant's name for the factory that has the assignment, else its own."""
    binding = store.bindings.get(assignment.binding_id)
    alias = binding.merchant_alias if binding else ""
    return alias or store.shops.of(assignment.factory_id).name
