"""Selecting the orders to assign: ticked one by one, all of them, by number. Kept as a draft."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.acting import acting
from core.entities import AssignDraft
from core.errors import NothingChosen, NothingToAssign, OrderNotFound
from core.ids import key
from core.ports import Store
from core.values import Actor

BATCH_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Selection:
    """An open draft and how many orders it holds."""

    draft_id: int
    size: int


class Selecting:
    """The choosing half of a merchant's 分配."""

    def tick(self, store: Store, actor: Actor, order_id: int) -> Selection:
        """Take an order into the open selection, or out of it. Raises `OrderNotFound`."""
        acting(store, actor, "merchant")
        order = store.orders.get(order_id)
        if order is None or order.merchant_id != actor.shop_id:
            raise OrderNotFound
        draft_id = key(self._open(store, actor))
        store.drafts.toggle(draft_id, order_id, order.revision)
        return Selection(draft_id, store.drafts.size(draft_id))

    def take_all(self, store: Store, actor: Actor) -> Selection:
        """Select everything unassigned, nearest deadline first, at most `BATCH_LIMIT`.

        Raises `NothingToAssign`.
        """
        acting(store, actor, "merchant")
        draft_id = key(self._new(store, actor))
        store.drafts.take_unassigned(draft_id, actor.shop_id, BATCH_LIMIT)
        return self._selected(store, draft_id)

    def take_these(self, store: Store, actor: Actor, order_nos: Sequence[str]) -> Selection:
        """Select orders by number. Raises `OrderNotFound` naming nothing when none is known."""
        acting(store, actor, "merchant")
        found = [order for no in order_nos for order in store.orders.find(actor.shop_id, no)]
        if not found:
            raise OrderNotFound
        draft_id = key(self._new(store, actor))
        store.drafts.take(draft_id, [key(order) for order in found])
        return self._selected(store, draft_id)

    def take_one(self, store: Store, actor: Actor, order_id: int) -> Selection:
        """Select just this order (the button on its card). Raises `OrderNotFound`."""
        acting(store, actor, "merchant")
        order = store.orders.get(order_id)
        if order is None or order.merchant_id != actor.shop_id:
            raise OrderNotFound
        draft_id = key(self._new(store, actor))
        store.drafts.take(draft_id, [order_id])
        return self._selected(store, draft_id)

    def selection(self, store: Store, actor: Actor) -> Selection:
        """Return what this person has ticked. Raises `NothingChosen`."""
        acting(store, actor, "merchant")
        draft = store.drafts.current(actor.shop_id, actor.account_id)
        size = store.drafts.size(key(draft)) if draft else 0
        if draft is None or not size:
            raise NothingChosen
        return Selection(key(draft), size)

    def _open(self, store: Store, actor: Actor) -> AssignDraft:
        draft = store.drafts.current(actor.shop_id, actor.account_id)
        return draft or self._new(store, actor, ticked=True)

    def _new(
        self, store: Store, actor: Actor, *, ticked: bool = False, frozen_for: int | None = None
    ) -> AssignDraft:
        return store.drafts.add(
            AssignDraft(
                shop_id=actor.shop_id,
                account_id=actor.account_id,
                ticked=ticked,
                factory_id=frozen_for,
                state="open" if frozen_for is None else "frozen",
                created_at=store.now,
            )
        )

    def _selected(self, store: Store, draft_id: int) -> Selection:
        size = store.drafts.size(draft_id)
        if not size:
            raise NothingToAssign(())
        return Selection(draft_id, size)
