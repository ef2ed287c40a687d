"""Assigning what was selected: dry-run, confirm. The dry run freezes what confirming applies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.acting import acting
from core.assignments.selecting import Selecting
from core.entities import BATCH_FROM, AssignDraft, Binding, Shop
from core.errors import (
    DraftGone,
    DraftNotFound,
    DraftSpent,
    NotAFactory,
    NothingToAssign,
    NumberUnknown,
)
from core.events import OrderAssigned, OrdersAssigned
from core.ids import key
from core.orders.shown import outdate_cards
from core.orders.views import DraftOrder
from core.people.numbers import read_number
from core.people.suspending import dealing
from core.ports import Store
from core.values import Actor, Skipped


@dataclass(frozen=True, slots=True)
class DryRun:
    """What confirming would do, frozen."""

    draft_id: int
    factory: Shop
    factory_name: str
    orders: int
    pieces: int
    skipped: Sequence[Skipped]


@dataclass(frozen=True, slots=True)
class Assigned:
    """What was done. `again` is True when the draft had been confirmed before.

    `left_out` is how many orders of the draft were not assigned, at the dry run or since.
    """

    draft_id: int
    factory_name: str
    orders: int
    pieces: int
    changed: Sequence[Skipped]
    again: bool = False
    left_out: int = 0


def tell_assigned(store: Store, actor: Actor, draft: AssignDraft, orders: int) -> None:
    """Put a batch on record, and tell its factory: a card for each of a few, else one digest."""
    if not orders or draft.factory_id is None:
        return
    draft_id = key(draft)
    store.record_batch(actor, "assigned", draft_id)
    outdate_cards(store, orders, [actor.shop_id])
    if orders >= BATCH_FROM:
        store.emit(OrdersAssigned(draft_id), to=draft.factory_id)
    else:
        cards = [OrderAssigned(one) for one in store.assignments.made_by(draft_id)]
        store.emit_all(cards, to=draft.factory_id)


class Assigning(Selecting):
    """Use cases of a merchant's 分配."""

    def dry_run(self, store: Store, actor: Actor, draft_id: int, factory_id: int) -> DryRun:
        """Freeze a copy of the draft for a factory: what cannot be assigned is left out and named.

        A copy, so that ticking on changes nothing that was shown: confirming applies the copy. What
        is left out stands in it with its reason.

        Raises `NotBound`, `DraftSpent`, `DraftGone`, `NothingToAssign`.
        """
        acting(store, actor, "merchant")
        self._unspent(store, actor, draft_id)
        binding = self._bound(store, actor, factory_id)
        orders = store.drafts.everything(draft_id)
        good = [order for order in orders if order.blocked is None]
        skipped = [Skipped(order.order_no, order.blocked) for order in orders if order.blocked]
        if not good:
            raise NothingToAssign(tuple(skipped))
        frozen = key(self._new(store, actor, frozen_for=factory_id))
        store.drafts.take(frozen, [order.id for order in orders])
        store.drafts.set_aside(frozen, {one.id: one.blocked for one in orders if one.blocked})
        factory = store.shops.of(factory_id)
        return DryRun(
            frozen, factory, binding.merchant_alias or factory.name,
            len(good), sum(order.pieces for order in good), skipped,
        )  # fmt: skip

    def confirm(self, store: Store, actor: Actor, draft_id: int) -> Assigned:
        """Assign exactly what the dry run froze; what changed since is left and named.

        Confirming again changes nothing and answers what was done (`again`). Raises `NotBound`,
        `DraftGone`.
        """
        acting(store, actor, "merchant")
        draft = self._draft(store, actor, draft_id)
        if draft.factory_id is None or draft.state == "dropped":
            raise DraftGone
        if not store.drafts.confirm(draft_id):
            return self._done_before(store, draft)
        binding = self._bound(store, actor, draft.factory_id)
        spoilt = {one.id: (one.order_no, _moved_on(one)) for one in store.drafts.spoilt(draft_id)}
        store.drafts.set_aside(draft_id, {one: why for one, (_, why) in spoilt.items()})
        given = store.assignments.open_draft(draft, binding, actor)
        tell_assigned(store, actor, draft, given.orders)
        ticked = store.drafts.current(actor.shop_id, actor.account_id)
        if ticked is not None:
            store.drafts.leave_out_given(key(ticked), draft_id)
        return Assigned(
            draft_id, binding.merchant_alias or store.shops.of(draft.factory_id).name,
            given.orders, given.pieces, [Skipped(*left) for left in spoilt.values()],
            left_out=store.drafts.left_out_size(draft_id),
        )  # fmt: skip

    def size(self, store: Store, actor: Actor, draft_id: int) -> int:
        """Return how many orders confirming would assign; none when it was done before."""
        acting(store, actor, "merchant")
        draft = self._draft(store, actor, draft_id)
        return store.drafts.size(draft_id) if draft.state == "frozen" else 0

    def outcome(self, store: Store, actor: Actor, draft_id: int) -> Assigned:
        """Return what a confirmed draft did. Raises `DraftGone` when it was never confirmed."""
        acting(store, actor, "merchant")
        draft = self._draft(store, actor, draft_id)
        if draft.state != "confirmed":
            raise DraftGone
        return self._done_before(store, draft)

    def direct(self, store: Store, actor: Actor, order_nos: Sequence[str], number: str) -> Assigned:
        """`/assign 订单号… F…` in one line: select, dry-run and confirm at once.

        Skipped orders are named in `changed`. Raises as its parts, and `NumberUnknown`.
        """
        acting(store, actor, "merchant")
        factory = self.factory(store, number)
        selection = self.take_these(store, actor, order_nos)
        run = self.dry_run(store, actor, selection.draft_id, key(factory))
        done = self.confirm(store, actor, run.draft_id)
        return replace(done, changed=run.skipped)

    def factory(self, store: Store, number: str) -> Shop:
        """Return the factory with that number. Raises as `core.people.numbers`, `NumberUnknown`."""
        read = read_number(number)
        shop = store.shops.by_number(read)
        if shop is None:
            raise NumberUnknown(read)
        if shop.role != "factory":
            raise NotAFactory(read)
        return shop

    def _done_before(self, store: Store, draft: AssignDraft) -> Assigned:
        orders, pieces = store.assignments.standing_of(key(draft))
        factory = store.shops.of(draft.factory_id or 0)
        binding = store.bindings.bound(draft.shop_id, key(factory))
        name = binding.merchant_alias if binding and binding.merchant_alias else factory.name
        return Assigned(key(draft), name, orders, pieces, (), again=True,
                        left_out=store.drafts.left_out_size(key(draft)))  # fmt: skip

    def _bound(self, store: Store, actor: Actor, factory_id: int) -> Binding:
        return dealing(store, actor.shop_id, factory_id)

    def _draft(self, store: Store, actor: Actor, draft_id: int) -> AssignDraft:
        draft = store.drafts.get(draft_id)
        if draft is None or draft.shop_id != actor.shop_id:
            raise DraftNotFound
        return draft

    def _unspent(self, store: Store, actor: Actor, draft_id: int) -> None:
        draft = self._draft(store, actor, draft_id)
        if draft.state == "confirmed":
            raise DraftSpent
        if draft.state == "dropped":
            raise DraftGone


def _moved_on(order: DraftOrder) -> str:
    """Return why an order frozen earlier cannot be assigned as it was shown."""
    return order.blocked or "changed_since"
