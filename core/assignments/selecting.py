"""Selecting the orders to assign: ticked one by one, all of them, by number. Kept as a draft."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.acting import acting
from core.entities import AssignDraft
from core.errors import (
    DraftGone,
    DraftNotFound,
    Invalid,
    NothingChosen,
    NothingToAssign,
    OrderNotFound,
)
from core.ids import key
from core.orders.narrowing import Narrowing
from core.orders.resolving import NoneOfThese, Resolved, read_numbers, resolve
from core.ports import Store
from core.values import Actor

BATCH_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Selection:
    """An open draft and how many orders it holds."""

    draft_id: int
    size: int


NOTHING_READ = Resolved()


@dataclass(frozen=True, slots=True)
class Taken:
    """What came into a selection: `added` orders now; `more` match but do not fit in."""

    selection: Selection
    added: int
    read: Resolved = NOTHING_READ
    more: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An order that was not assigned, with its products and why. Never a recipient."""

    order_no: str
    product: str
    reason: str


@dataclass(eq=False)
class SelectionFull(Invalid):
    """More orders than go at once; what was chosen before stays chosen."""

    limit: int


class NoNumbers(Invalid):
    """No order number stands in the text."""


class Selecting:
    """The choosing half of a merchant's 分配."""

    def tick(self, store: Store, actor: Actor, order_id: int) -> Selection:
        """Take an order into the open selection, or out of it.

        Raises `OrderNotFound`, `SelectionFull`.
        """
        acting(store, actor, "merchant")
        order = store.orders.get(order_id)
        if order is None or order.merchant_id != actor.shop_id:
            raise OrderNotFound
        draft_id = key(self._open(store, actor))
        store.drafts.toggle(draft_id, order_id, order.revision)
        size = store.drafts.size(draft_id)
        if size > BATCH_LIMIT:
            raise SelectionFull(BATCH_LIMIT)
        return Selection(draft_id, size)

    def take_all(self, store: Store, actor: Actor) -> Selection:
        """Select everything unassigned, nearest deadline first, at most `BATCH_LIMIT`.

        Raises `NothingToAssign`.
        """
        acting(store, actor, "merchant")
        draft_id = key(self._new(store, actor))
        store.drafts.take_unassigned(draft_id, actor.shop_id, BATCH_LIMIT)
        return self._selected(store, draft_id)

    def take_matching(self, store: Store, actor: Actor) -> Taken:
        """Add to what is ticked all of 待分配 that this person's filter lets through.

        Raises `NothingToAssign` where nothing matches.
        """
        acting(store, actor, "merchant")
        kept = Narrowing(**store.drafts.narrowed(actor.account_id, actor.shop_id))
        asked = kept.conditions("unassigned", store.now)
        draft_id = key(self._open(store, actor))
        before = store.drafts.size(draft_id)
        # One more than fits tells whether there are others.
        store.drafts.take_matching(draft_id, actor.shop_id, asked, BATCH_LIMIT - before + 1)
        size = store.drafts.size(draft_id)
        if not size:
            raise NothingToAssign(())
        if size > BATCH_LIMIT:
            store.drafts.drop_last(draft_id, size - BATCH_LIMIT)
        taken = min(size, BATCH_LIMIT)
        return Taken(Selection(draft_id, taken), taken - before, more=size > BATCH_LIMIT)

    def take_pasted(self, store: Store, actor: Actor, text: str) -> Taken:
        """Add to what is ticked the orders whose numbers, or ends of them, stand in a text.

        Raises `NoNumbers`, and `SelectionFull`.
        """
        acting(store, actor, "merchant")
        numbers = read_numbers(text)
        if not numbers:
            raise NoNumbers
        read = resolve(store, actor.shop_id, numbers)
        draft_id = key(self._open(store, actor))
        before = store.drafts.size(draft_id)
        inside = store.drafts.picked(draft_id, read.order_ids)
        store.drafts.take(draft_id, [one for one in read.order_ids if one not in inside])
        size = store.drafts.size(draft_id)
        if size > BATCH_LIMIT:
            raise SelectionFull(BATCH_LIMIT)
        return Taken(Selection(draft_id, size), size - before, read)

    def read(self, store: Store, actor: Actor, order_nos: Sequence[str]) -> Resolved:
        """Return what these numbers, or ends, mean now."""
        acting(store, actor, "merchant")
        return resolve(store, actor.shop_id, order_nos)

    def take_these(self, store: Store, actor: Actor, order_nos: Sequence[str]) -> Selection:
        """Select orders by number, or by an end that one waiting order has, and nothing else.

        Raises `NoneOfThese` when none is known.
        """
        acting(store, actor, "merchant")
        read = resolve(store, actor.shop_id, order_nos)
        chosen = [*read.order_ids, *read.moved_on_ids]  # the dry run says why those cannot go
        if not chosen:
            raise NoneOfThese(read)
        draft_id = key(self._new(store, actor))
        store.drafts.take(draft_id, chosen)
        return self._selected(store, draft_id)

    def take_ids(self, store: Store, actor: Actor, order_ids: Sequence[int]) -> Selection:
        """Select exactly these, and nothing else. Raises `OrderNotFound`, `SelectionFull`."""
        acting(store, actor, "merchant")
        if len(order_ids) > BATCH_LIMIT:
            raise SelectionFull(BATCH_LIMIT)
        chosen = list(dict.fromkeys(order_ids))
        if len(store.orders.own(actor.shop_id, chosen)) < len(chosen):
            raise OrderNotFound
        draft_id = key(self._new(store, actor))
        store.drafts.take(draft_id, chosen)
        return self._selected(store, draft_id)

    def clear(self, store: Store, actor: Actor) -> None:
        """清空已选."""
        acting(store, actor, "merchant")
        draft = store.drafts.current(actor.shop_id, actor.account_id)
        if draft is not None:
            store.drafts.empty(key(draft))

    def left_out(self, store: Store, actor: Actor, draft_id: int) -> list[LeftOut]:
        """Return the orders a dry run, or its 确认分配, left out. Raises `DraftNotFound`."""
        acting(store, actor, "merchant")
        draft = store.drafts.get(draft_id)
        if draft is None or draft.shop_id != actor.shop_id:
            raise DraftNotFound
        rows = store.drafts.left_out(draft_id)
        names = store.orders.products([one for one, _, _ in rows])
        return [LeftOut(number, names.get(one, ""), why) for one, number, why in rows]

    def take_one(self, store: Store, actor: Actor, order_id: int) -> Selection:
        """Select just this order (the button on its card). Raises `OrderNotFound`."""
        acting(store, actor, "merchant")
        order = store.orders.get(order_id)
        if order is None or order.merchant_id != actor.shop_id:
            raise OrderNotFound
        draft_id = key(self._new(store, actor))
        store.drafts.take(draft_id, [order_id])
        return self._selected(store, draft_id)

    def kept(self, store: Store, actor: Actor, draft_id: int) -> Selection:
        """Return a selection that was kept for the shop, for another go.

        Raises `DraftNotFound`, `DraftGone` once it is too old, `NothingToAssign`.
        """
        acting(store, actor, "merchant")
        draft = store.drafts.get(draft_id)
        if draft is None or draft.shop_id != actor.shop_id:
            raise DraftNotFound
        if draft.state == "dropped":
            raise DraftGone
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
